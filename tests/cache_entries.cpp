#include <memo/cache_entries.hpp>

#include "cache_grounds.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/cache.hpp>
#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/store/encoded.hpp>
#include <memo/testing/disable.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

using memo::event_kind;

/// The kinds of the events of a cache, one letter each.
class log_of_events {
public:
    explicit log_of_events(memo::cache const& c) {
        c.on_event([this](memo::event const& happening) {
            letters_ += to_string(happening.kind).substr(0, 2);
            letters_ += ' ';
            last_ = happening.key.text();
        });
    }
    std::string take() { return std::exchange(letters_, {}); }
    std::string const& last_key() const { return last_; }

private:
    std::string letters_;
    std::string last_;
};

}  // namespace

TEST_CASE("cache: get_or_compute runs once, and stores on the entry's terms") {
    on_each([](stand& on) {
        auto& c = on.c;
        int runs = 0;
        auto const run = [&] { return ++runs; };
        CHECK(c.get_or_compute("n", run, {.ttl = 5s, .tags = {"t"}, .metadata = {{"a", "b"}}}) == 1);
        CHECK(c.get_or_compute("n", run) == 1);
        CHECK(c.get<int>("n") == 1);
        CHECK(c.ttl("n") == 5s);
        CHECK(c.metadata("n")->at("a") == "b");
        on.time.advance(5s);
        CHECK(c.get_or_compute("n", run) == 2);
        CHECK(c.erase_tag("t").count() == 0);
        c.set("n", "of another type");
        CHECK(c.get_or_compute("n", run) == 3);
        CHECK(c.get<int>("n") == 3);
    });
}

TEST_CASE("cache: what fn throws passes through, and nothing is stored") {
    on_each([](stand& on) {
        auto& c = on.c;
        CHECK_THROWS_AS(c.get_or_compute("n", []() -> int { throw std::out_of_range{"no"}; }), std::out_of_range);
        CHECK_FALSE(c.exists("n"));
        CHECK(c.get_or_compute("n", [] { return 1; }) == 1);
    });
}

TEST_CASE("cache: a run whose entry was evicted or set meanwhile is not stored") {
    on_each([](stand& on) {
        auto& c = on.c;
        auto const during = [&](auto const& meanwhile) {
            CHECK(c.get_or_compute("n", [&] { return meanwhile(), 1; }, {.tags = {"t"}}) == 1);
            auto const found = c.get<int>("n");
            c.clear();
            return found;
        };
        memo::cache const other{on.store, memo::clock(on.time)};
        CHECK(during([] {}) == 1);
        CHECK(during([&] { c.erase("n"); }) == std::nullopt);
        CHECK(during([&] { c.erase_pattern("?"); }) == std::nullopt);
        CHECK(during([&] { c.erase_tag("t"); }) == std::nullopt);
        CHECK(during([&] { c.clear(); }) == std::nullopt);
        CHECK(during([&] { other.erase("n"); }) == std::nullopt);
        CHECK(during([&] { other.erase_tag("t"); }) == std::nullopt);
        CHECK(during([&] { on.m.evict_pattern("*"); }) == std::nullopt);
        CHECK(during([&] { on.m.evict_key("n"); }) == std::nullopt);
        CHECK(during([&] { on.m.evict_tag("t"); }) == std::nullopt);
        CHECK(during([&] { on.m.clear(); }) == std::nullopt);
        CHECK(during([&] { c.set("n", 2); }) == 2);
        CHECK(during([&] { other.set("n", 2); }) == 2);
        CHECK(during([&] { c.set("n", 2, {.ttl = 0s}); }) == std::nullopt);
        CHECK(during([&] { c.set_many<int>({{"n", 2}}); }) == 2);
        CHECK(during([&] {
                  auto t = c.transaction();
                  t.set("n", 2);
                  t.commit();
              }) == 2);
        CHECK(during([&] { c.erase("m"); }) == 1);
    });
}

TEST_CASE("cache: a call that would wait for itself throws recursion_error") {
    memo::cache const c;
    CHECK_THROWS_AS(c.get_or_compute("n", [&] { return c.get_or_compute("n", [] { return 1; }); }), memo::recursion_error);
    CHECK(c.get_or_compute("n", [&] { return c.get_or_compute("m", [] { return 1; }) + 1; }) == 2);
}

TEST_CASE("cache: the manager's evictions reach entries of caches and of wrappers, a cache's only its own") {
    on_each([](stand& on) {
        auto& c = on.c;
        int runs = 0;
        auto g = memo::cached([&runs](int) { return ++runs; }, memo::key<"user:{0}">, memo::tags<"users">, memo::store(on.store),
                              memo::name("users.get"), memo::in(on.m), memo::clock(on.time));
        auto const fill = [&] {
            g.refresh(1);
            c.set("user:1", 1, {.tags = {"users"}});
        };
        auto const there = [&] { return std::pair{g.contains(1), c.exists("user:1")}; };
        std::pair const both{true, true};
        std::pair const wrapper{true, false};
        std::pair const none{false, false};
        fill();
        REQUIRE(there() == both);
        CHECK(c.keys("*") == std::vector<std::string>{"user:1"});
        CHECK(c.erase("user:1").count() == 1);
        CHECK(there() == wrapper);
        fill();
        CHECK(c.erase_pattern("user:*").count() == 1);
        CHECK(there() == wrapper);
        fill();
        CHECK(c.erase_tag("users").count() == 1);
        CHECK(there() == wrapper);
        fill();
        CHECK(c.clear().count() == 1);
        CHECK(there() == wrapper);
        fill();
        CHECK(on.m.evict_key("user:1").count() == 2);
        CHECK(there() == none);
        fill();
        CHECK(on.m.evict_pattern("user:*").count() == 2);
        CHECK(there() == none);
        fill();
        CHECK(on.m.evict_tag("users").count() == 2);
        CHECK(there() == none);
        fill();
        CHECK(on.m.clear().count() == 2);
        CHECK(there() == none);
        fill();
        g.clear();
        CHECK(c.exists("user:1"));
    });
}

TEST_CASE("cache: a cache in memory of its own is reached by its manager, too") {
    memo::manager m;
    memo::cache const c{memo::in(m)};
    c.set("user:1", 1, {.tags = {"users"}});
    CHECK(m.evict_tag("users").count() == 1);
    c.set("user:1", 1);
    memo::cache_evict([](int) {}, memo::pattern<"user:{0}">, memo::in(m))(1);
    CHECK_FALSE(c.exists("user:1"));
}

TEST_CASE("cache: defaults come from its options, then from its manager, and an entry's own stand above both") {
    memo::manual_clock time;
    memo::manager m{{.ttl = 5s, .clock = time}};
    memo::cache const plain{memo::in(m)};
    memo::cache const own{memo::in(m), memo::ttl(7s), memo::name("own")};
    plain.set("n", 1);
    own.set("n", 1);
    CHECK(plain.ttl("n") == 5s);
    CHECK(own.ttl("n") == 7s);
    own.set("n", 1, {.ttl = 9s});
    CHECK(own.ttl("n") == 9s);
    own.set("n", 1, {.ttl = memo::forever});
    CHECK(own.ttl("n") == memo::duration::max());
    memo::cache const spread{memo::in(m), memo::ttl(100s), memo::jitter(0.5)};
    std::map<memo::duration, int> ends;
    for (int n = 0; n != 20; ++n) {
        spread.set(std::to_string(n), n);
        auto const left = *spread.ttl(std::to_string(n));
        CHECK(left >= 50s);
        CHECK(left <= 150s);
        ++ends[left];
        time.advance(1ms);
    }
    CHECK(ends.size() > 10);
    CHECK_THROWS_AS(memo::cache{memo::name("")}, memo::config_error);
    CHECK_THROWS_AS(memo::cache{memo::jitter(2)}, memo::config_error);
}

TEST_CASE("cache: events and statistics count what happened, in the cache and in its manager") {
    on_each([](stand& on) {
        auto& c = on.c;
        log_of_events log{c};
        c.get<int>("n");
        CHECK(log.take() == "mi ");
        c.set("n", 1, {.ttl = 1s});
        CHECK(log.take() == "st ");
        c.get<int>("n");
        c.get<long>("n");
        CHECK(log.take() == "hi mi ");
        CHECK(log.last_key() == "n");
        on.time.advance(1s);
        c.get<int>("n");
        CHECK(log.take() == "ex mi ");
        c.get_or_compute("m", [] { return 1; });
        c.get_or_compute("m", [] { return 1; });
        CHECK(log.take() == "mi st hi ");
        c.set("m", 1, {.ttl = 0s});
        CHECK(log.take() == "ev sk ");
        c.add("m", 1);
        c.add("m", 1);
        c.erase("m");
        c.erase("m");
        CHECK(log.take() == "st ev ");
        c.exists("n"), c.ttl("n"), c.metadata("n"), c.keys("*");
        CHECK(log.take().empty());
        auto const seen = c.stats();
        CHECK(seen.hits == 2);
        CHECK(seen.misses == 4);
        CHECK(seen.stores == 3);
        CHECK(seen.skips == 1);
        CHECK(seen.expirations == 1);
        CHECK(seen.evictions == 2);
        CHECK(seen.runs == 1);
        CHECK(seen.errors == 0);
        CHECK(seen.items == 0);
        CHECK(on.m.stats().misses == 4);
        CHECK(on.m.wrappers().size() == 1);
        CHECK(on.m.wrappers().front().name == "cache");
        c.set("n", 1);
        CHECK(c.stats().items == (on.store->abilities().counts ? 1 : 0));
    });
}

TEST_CASE("cache: listeners hear the manager's prefix and the cache's name, and what they throw is counted") {
    memo::manager m{{.prefix = "shop:"}};
    std::string told;
    m.on_event([&](memo::event const& happening) { told += std::string{happening.name} + "/" + happening.key.text() + " "; });
    memo::cache const c{memo::in(m), memo::name("sessions"), memo::on_event([](memo::event const&) { throw 1; })};
    c.set("n", 1);
    CHECK(told == "sessions/shop:n ");
    CHECK(c.stats().errors == 1);
    memo::cache const quiet{memo::in(m), memo::no_stats};
    quiet.set("n", 1);
    quiet.get<int>("n");
    CHECK(quiet.stats().hits == 0);
    CHECK(quiet.stats().items == 1);
}

TEST_CASE("cache: disabled, nothing is found and nothing is stored, and evictions evict") {
    memo::cache const c;
    c.set("n", 1);
    c.set("m", 1);
    {
        auto const off = memo::testing::disable();
        CHECK(c.get<int>("n") == std::nullopt);
        CHECK_FALSE(c.exists("n"));
        CHECK(c.get_or_compute("n", [] { return 2; }) == 2);
        c.set("n", 3);
        CHECK_FALSE(c.add("k", 1));
        CHECK(c.keys("*").empty());
        CHECK(c.erase("m").count() == 1);
    }
    CHECK(c.get<int>("n") == 1);
    CHECK(c.keys("*") == std::vector<std::string>{"n"});
}

TEST_CASE("cache: info tells of the store, ping how long a round trip takes") {
    on_each([](stand& on) {
        on.c.set("n", 1);
        auto const told = on.c.info();
        for (auto const* word : {"engine", "version", "address", "entries", "bytes"}) {
            INFO(word);
            CHECK(told.count(word) == 1);
        }
        CHECK(on.c.ping() > 0s);
    });
}
