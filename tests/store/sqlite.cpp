#include "folder.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

using namespace std::chrono_literals;

namespace {

std::vector<std::string> const no_tags{};
std::vector<std::string> const two_tags{"users", "org:7"};

memo::entry_name of_caches(std::string_view name) { return {"c", name}; }

}  // namespace

TEST_CASE("sqlite_store: it is a shared store, made from a path alone or with options") {
    static_assert(std::is_base_of_v<memo::shared_store, memo::sqlite_store>);
    folder const place;
    memo::sqlite_store plain{place / "plain.db"};
    auto bounded = memo::sqlite_store(place / "bounded.db", {.max_bytes = 1 << 30});
    CHECK(plain->kind() == "sqlite");
    CHECK(plain->set(of_caches("a"), {"one"}));
    CHECK_FALSE(bounded->get(of_caches("a")));
}

TEST_CASE("sqlite_store: what was set in one life of the store is there in the next") {
    folder const place;
    {
        memo::sqlite_store store{place / "cache.db"};
        CHECK(store->set(of_caches("user:1"), {std::string(10'000, 'x'), two_tags}));
        CHECK(store->set(of_caches(""), {""}));
    }
    memo::sqlite_store again{place / "cache.db"};
    CHECK(again->get(of_caches("user:1")) == std::string(10'000, 'x'));
    CHECK(again->get(of_caches("")) == std::string{});
    CHECK(again->erase_tag("org:7").count() == 1);
    CHECK_FALSE(again->get(of_caches("user:1")));
}

TEST_CASE("sqlite_store: a result whose run began before an eviction of any kind is not stored") {
    folder const place;
    memo::sqlite_store store{place / "cache.db"};
    memo::entry_name const name{"f:users.get:1:ab", "user:1"};
    auto const is_fenced_by = [&](auto evict_somehow) {
        auto const mine = store->open(name, two_tags, {}, 0).mine;
        REQUIRE(mine != 0);
        CHECK(evict_somehow().confirmed());
        return store->commit(name, mine, {"old", two_tags}) == memo::committed::fenced && !store->get(name);
    };
    std::array const itself{name};
    CHECK(is_fenced_by([&] { return store->erase(itself); }));
    CHECK(is_fenced_by([&] { return store->erase_text("f:", "user:1"); }));
    CHECK(is_fenced_by([&] { return store->erase_pattern("", "user:*"); }));
    CHECK(is_fenced_by([&] { return store->erase_tag("users"); }));
    CHECK(is_fenced_by([&] { return store->erase_all("f:users.get:1:"); }));
}

TEST_CASE("sqlite_store: a ticket stands until it is used, and a later run voids an earlier one") {
    folder const place;
    memo::sqlite_store store{place / "cache.db"};
    auto const name = of_caches("a");
    auto const early = store->lead(name, no_tags);
    auto const late = store->lead(name, no_tags);
    CHECK(early < late);
    CHECK(store->open(name, no_tags, {}, early).joined);
    CHECK(store->commit(of_caches("b"), late, {"b"}) == memo::committed::fenced);
    CHECK(store->commit(name, late, {"late"}) == memo::committed::stored);
    CHECK(store->commit(name, early, {"early"}) == memo::committed::fenced);
    CHECK(store->commit(name, late, {"late again"}) == memo::committed::fenced);
    CHECK(store->get(name) == "late");
}

TEST_CASE("sqlite_store: lifetimes end on the millisecond by the clock of the store") {
    folder const place;
    memo::manual_clock clock;
    memo::sqlite_store store{place / "cache.db", {.clock = clock}};
    store->set(of_caches("a"), {.record = "short", .lifetime = 1ms});
    store->set(of_caches("b"), {.record = "nearly nothing", .lifetime = 1ns});
    store->set(of_caches("c"), {.record = "for ever"});
    clock.advance(999us);
    CHECK(store->get(of_caches("a")) == "short");
    clock.advance(1us);
    CHECK_FALSE(store->get(of_caches("a")));
    CHECK_FALSE(store->get(of_caches("b")));
    CHECK(store->get(of_caches("c")) == "for ever");
    CHECK(store->count("") == 1);
    store->sweep();
    CHECK(store->info()["entries"] == "1");
}

TEST_CASE("sqlite_store: bounds in entries hold, and who was used least recently leaves first") {
    folder const place;
    memo::sqlite_store store{place / "cache.db", {.max_entries = 3}};
    for (auto const* name : {"a", "b", "c"})
        store->set(of_caches(name), {name});
    CHECK(store->get(of_caches("a")) == "a");
    store->set(of_caches("d"), {"d"});
    CHECK(store->count("") == 3);
    CHECK_FALSE(store->get(of_caches("b")));
    CHECK(store->get(of_caches("a")) == "a");
    CHECK(store->get(of_caches("d")) == "d");
}

TEST_CASE("sqlite_store: options out of range are refused when it is made") {
    folder const place;
    auto const refuses = [&](std::string const& path, memo::sqlite_options options) {
        try {
            memo::sqlite_store const store{path, options};
            return false;
        } catch (memo::config_error const&) {
            return true;
        }
    };
    CHECK(refuses("", {}));
    CHECK(refuses(std::string{"a\0b", 3}, {}));
    CHECK(refuses(place / "cache.db", {.max_entries = 0}));
    CHECK(refuses(place / "cache.db", {.max_bytes = 1}));
    CHECK(refuses(place / "cache.db", {.timeout = 0ms}));
    CHECK_FALSE(refuses(place / "cache.db", {.max_entries = 1, .max_bytes = 256 << 10}));
}
