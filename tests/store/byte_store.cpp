#include <memo/store/byte_store.hpp>

#include <doctest/doctest.h>

#include <string_view>

TEST_CASE("entry_name: names of a family that ends with # are digests, which nobody reads") {
    CHECK(memo::entry_name{"c", "user:1"}.readable());
    CHECK(memo::entry_name{"f:users.get:3:1a2b", "user:1"}.readable());
    CHECK_FALSE(memo::entry_name{"f:users.get:3:1a2b#", "0f"}.readable());
}

TEST_CASE("entry_name: family and name together are the place, not the text that they make") {
    CHECK(memo::entry_name{"a", "bc"} == memo::entry_name{"a", "bc"});
    CHECK_FALSE(memo::entry_name{"a", "bc"} == memo::entry_name{"ab", "c"});
}

TEST_CASE("seal_of: the last sixteen bytes, or all of what is shorter") {
    CHECK(memo::seal_of("0123456789abcdefghij") == "456789abcdefghij");
    CHECK(memo::seal_of("0123456789abcdef") == "0123456789abcdef");
    CHECK(memo::seal_of("short") == "short");
    CHECK(memo::seal_of("").empty());
}
