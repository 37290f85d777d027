#include <memo/base/event.hpp>

#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>

TEST_SUITE("event") {
    TEST_CASE("event: every kind and every cause has a word of its own") {
        std::set<std::string_view> words;
        for (auto kind = 0; kind <= static_cast<int>(memo::event_kind::join); ++kind)
            words.insert(memo::to_string(static_cast<memo::event_kind>(kind)));
        CHECK(words.size() == 10);
        words.clear();
        for (std::size_t cause = 0; cause != memo::evict_causes; ++cause)
            words.insert(memo::to_string(static_cast<memo::evict_cause>(cause)));
        CHECK(words.size() == memo::evict_causes);
        CHECK(words.contains("explicit"));
    }

    TEST_CASE("event: prints what happened to which entry, and why it went") {
        std::ostringstream out;
        out << memo::event{memo::event_kind::hit, "users.get", memo::cache_key{"user:1"}} << ' '
            << memo::event{memo::event_kind::evict, "users.get", memo::cache_key{"user:2"}, memo::evict_cause::tag};
        CHECK(out.str() == "hit user:1 evict user:2 (tag)");
    }
}
