#include <memo/store/redis_keys.hpp>

#include <memo/base/error.hpp>
#include <memo/base/glob.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using memo::detail::escape_glob;
using memo::detail::glob_match;
using memo::detail::is_literal_glob;
using memo::detail::redis_header;
using memo::detail::redis_keys;
using shelf = redis_keys::shelf;
using memo::detail::spell_family;
using memo::detail::unescape_glob;

namespace {

/// Texts of the bytes that mean something.
rc::Gen<std::string> tricky() {
    return rc::gen::container<std::string>(rc::gen::element(':', '/', '%', '#', '2', 'F', 'a', '*', '[', '\\', '\0'));
}

}  // namespace

TEST_SUITE("redis_keys") {
    TEST_CASE("redis_keys: entries read as they are called") {
        redis_keys const keys{"app:"};
        CHECK(keys.entry({"c", "user:1"}) == "app:c:user:1");
        CHECK(keys.entry({"f:users.get:3:1a", "user:1"}) == "app:f/users.get/3/1a:user:1");
        CHECK(keys.tickets("app:c:user:1") == "app:#l:c:user:1");
    }

    TEST_CASE("F06 redis_keys: two entries never have one key, whatever bytes their families and names are of") {
        CHECK(rc::check([] {
            auto const family = *tricky();
            auto const other_family = *tricky();
            auto const name = *tricky();
            auto const other_name = *tricky();
            redis_keys const keys{"p:"};
            bool const same = family == other_family && name == other_name;
            RC_ASSERT((keys.entry({family, name}) == keys.entry({other_family, other_name})) == same);
        }));
    }

    TEST_CASE("F06 redis_keys: no entry stands where the store keeps what is its own, and each is read back") {
        CHECK(rc::check([] {
            auto const family = *tricky();
            auto const name = *tricky();
            redis_keys const keys{"p:"};
            auto const key = keys.entry({family, name});
            RC_ASSERT(!std::string_view{key}.substr(2).starts_with('#'));
            auto const place = keys.read(shelf::entries, key);
            RC_ASSERT(place.has_value());
            RC_ASSERT(place->spelled_family == spell_family(family));
            RC_ASSERT(place->name == name);
            auto const tickets = keys.tickets(key);
            RC_ASSERT(!keys.read(shelf::entries, tickets) && !keys.read(shelf::tickets, key));
            RC_ASSERT(keys.read(shelf::tickets, tickets)->name == name);
        }));
        redis_keys const keys{"p:"};
        CHECK_FALSE(keys.read(shelf::entries, "p:#t:users"));
        CHECK_FALSE(keys.read(shelf::entries, "q:c:user"));
        CHECK_FALSE(keys.read(shelf::entries, "p:no family"));
    }

    TEST_CASE("redis_keys: what begins a family begins it as it is spelled, and a `#` at the end stays there") {
        CHECK(rc::check([] {
            auto const family = *tricky();
            auto const scope = *tricky();
            RC_ASSERT(family.starts_with(scope) == spell_family(family).starts_with(spell_family(scope)));
            RC_ASSERT(family.ends_with('#') == spell_family(family).ends_with('#'));
        }));
    }

    TEST_CASE("F07 redis_keys: patterns mean the prefix and the family literally") {
        CHECK(rc::check([] {
            auto prefix = *tricky();
            std::erase(prefix, '#');
            auto const family = *tricky();
            auto const other = *tricky();
            redis_keys const keys{prefix};
            auto const pattern = keys.pattern(shelf::entries, spell_family(family), "*");
            RC_ASSERT(glob_match(pattern, keys.entry({family, "a"})));
            RC_ASSERT(glob_match(pattern, keys.entry({other, "a"})) == (family == other));
            RC_ASSERT(glob_match(keys.pattern(shelf::entries), keys.entry({family, "a"})));
            RC_ASSERT(
                glob_match(keys.pattern(shelf::tickets, spell_family(family), "a"), keys.tickets(keys.entry({family, "a"}))));
            RC_ASSERT(glob_match(keys.pattern(shelf::tickets), keys.tickets(keys.entry({family, "a"}))));
            RC_ASSERT(!glob_match(keys.pattern(shelf::entries), keys.tickets(keys.entry({family, "a"}))));
        }));
    }

    TEST_CASE("F07 redis_keys: literal patterns are the texts that they match") {
        CHECK(rc::check([] {
            auto const text = *tricky();
            auto const glob = escape_glob(text);
            RC_ASSERT(is_literal_glob(glob));
            RC_ASSERT(unescape_glob(glob) == text);
            RC_ASSERT(glob_match(glob, text));
        }));
        for (auto const* glob : {"*", "a?", "[a]", "\\\\*"})
            CHECK_FALSE(is_literal_glob(glob));
    }

    TEST_CASE("F07 redis_keys: a prefix that could meet the own keys of a store is refused") {
        CHECK_THROWS_AS(redis_keys{"app#"}, memo::config_error);
        CHECK_THROWS_AS(redis_keys{std::string(129, 'x')}, memo::config_error);
        CHECK(redis_keys{std::string(128, 'x')}.prefix().size() == 128);
    }

    TEST_CASE("F14 redis_header: a value is a record only under the key that it was written for") {
        auto const value = redis_header::put_before("record", "key", 7);
        CHECK(value.size() == redis_header::size + 6);
        CHECK(redis_header::cut(value, "key") == "record");
        CHECK_FALSE(redis_header::cut(value, "kez"));
        CHECK_FALSE(redis_header::cut(value.substr(0, 15), "key"));
        CHECK(redis_header::cut(value.substr(0, 16), "key") == "");
        CHECK(redis_header::of_key("key") == value.substr(0, 8));
        CHECK(redis_header::number_of(value) == value.substr(8, 8));
        CHECK(redis_header::put_before("record", "key", 8) != value);
    }
}
