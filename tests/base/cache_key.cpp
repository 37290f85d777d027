#include <memo/base/cache_key.hpp>

#include <doctest/doctest.h>

#include <sstream>
#include <unordered_set>

TEST_SUITE("cache_key") {
    TEST_CASE("cache_key: prints as its text and compares with text") {
        memo::cache_key const key{"user:42"};
        std::ostringstream out;
        out << key;
        CHECK(out.str() == "user:42");
        CHECK(key == "user:42");
        CHECK(key.text() == "user:42");
        CHECK(std::string_view{key} == "user:42");
    }

    TEST_CASE("cache_key: orders by text and finds its place in a set") {
        CHECK(memo::cache_key{"a"} < memo::cache_key{"b"});
        CHECK(memo::cache_key{} == memo::cache_key{""});
        std::unordered_set<memo::cache_key> const keys{memo::cache_key{"a"}, memo::cache_key{"b"}, memo::cache_key{"a"}};
        CHECK(keys.size() == 2);
        CHECK(keys.contains(memo::cache_key{"b"}));
    }
}
