#include <memo/call/keeper.hpp>

#include <memo/base/clock.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/policy/lru.hpp>
#include <memo/testing/disable.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace std::chrono_literals;

TEST_CASE("keeper: looking moves neither order nor counters") {
    auto g = memo::cached([](int n) { return n; }, memo::max_size(2), memo::policy(memo::lru));
    g(1);
    g(2);
    auto const before = g.stats();
    CHECK(g.peek(1) == 1);
    CHECK(g.contains(1));
    CHECK(g.ttl(1) == memo::duration::max());
    CHECK(g.explain(1).hit);
    CHECK_FALSE(g.contains(3));
    auto const after = g.stats();
    CHECK(after.hits == before.hits);
    CHECK(after.misses == before.misses);
    g(3);
    CHECK_FALSE(g.contains(1));
    CHECK(g.contains(2));
}

TEST_CASE("keeper: looking does not restart the idle time") {
    memo::manual_clock clock;
    auto g = memo::cached([](int n) { return n; }, memo::idle(10s), memo::clock(clock));
    g(1);
    clock.advance(9s);
    CHECK(g.contains(1));
    CHECK(g.ttl(1) == 1s);
    clock.advance(1s);
    CHECK_FALSE(g.contains(1));
    CHECK(g.size() == 1);
}

TEST_CASE("keeper: touch restarts the lifetime of a fresh entry, and of no other") {
    memo::manual_clock clock;
    auto g = memo::cached([](int n) { return n; }, memo::ttl(10s), memo::clock(clock));
    CHECK_FALSE(g.touch(1h, 1));
    g(1);
    clock.advance(9s);
    CHECK(g.touch(20s, 1));
    CHECK(g.ttl(1) == 20s);
    clock.advance(19s);
    CHECK(g.contains(1));
    CHECK(g.touch(memo::forever, 1));
    CHECK(g.ttl(1) == memo::duration::max());
    CHECK(g.touch(5s, 1));
    clock.advance(5s);
    CHECK_FALSE(g.touch(5s, 1));
    g(1);
    CHECK(g.touch(0s, 1));
    CHECK_FALSE(g.contains(1));
}

TEST_CASE("keeper: a call that only_if does not want is neither found, set, touched nor timed, but evicted") {
    bool wanted = true;
    auto g = memo::cached([](int n) { return n; }, memo::only_if([&](int) { return wanted; }));
    g(1);
    wanted = false;
    CHECK_FALSE(g.peek(1).has_value());
    CHECK_FALSE(g.contains(1));
    CHECK_FALSE(g.touch(1h, 1));
    CHECK_FALSE(g.ttl(1).has_value());
    CHECK_FALSE(g.explain(1).hit);
    g.set(2, 1);
    wanted = true;
    CHECK(g.peek(1) == 1);
    wanted = false;
    CHECK(g.evict(1).count() == 1);
    CHECK(g.size() == 0);
}

TEST_CASE("keeper: disabled, nothing is found and nothing stored, evictions evict") {
    auto g = memo::cached([](int n) { return n; });
    g(1);
    g(2);
    {
        auto const off = memo::testing::disable();
        CHECK_FALSE(g.contains(1));
        CHECK_FALSE(g.touch(1h, 1));
        CHECK(g.explain(1).why == "the cache is disabled");
        g.set(5, 1);
        CHECK(g.refresh(1) == 1);
        CHECK(g.evict(2).count() == 1);
    }
    CHECK(g.peek(1) == 1);
    CHECK_FALSE(g.contains(2));
}

TEST_CASE("keeper: explain says what is known of an entry, or why there is none, in one line") {
    memo::manual_clock clock;
    auto g = memo::cached([](int n) { return n; }, memo::key<"number:{0}">, memo::tags<"numbers", "parity:{0}">, memo::ttl(10s),
                          memo::clock(clock));
    auto const line = [&] {
        std::ostringstream out;
        out << g.explain(7);
        return out.str();
    };
    CHECK(line() == "number:7: a miss, nothing fresh is stored for these arguments");
    g(7);
    clock.advance(4s);
    auto const told = g.explain(7);
    CHECK(told.hit);
    CHECK(told.key == "number:7");
    CHECK(told.tier == "memory");
    CHECK(told.age == 4s);
    CHECK(told.remaining == 6s);
    CHECK(told.tags == std::vector<std::string>{"numbers", "parity:7"});
    CHECK(line().find('\n') == std::string::npos);
    clock.advance(6s);
    CHECK_FALSE(g.explain(7).hit);
}

TEST_CASE("F23 keeper: what a predicate or key builder throws reaches the caller of a verb that could return nothing true") {
    bool throws = false;
    auto const builder = [&](int n) { return throws ? throw std::runtime_error{"no key"} : n; };
    auto g = memo::cached([](int n) { return n; }, memo::key_builder(builder));
    g(1);
    throws = true;
    CHECK_THROWS_AS(g.peek(1), std::runtime_error);
    CHECK_THROWS_AS(g.evict(1), std::runtime_error);
    CHECK_THROWS_AS(g.touch(1h, 1), std::runtime_error);
    CHECK(g(1) == 1);
    CHECK_NOTHROW(g.set(2, 1));
    CHECK(g.stats().errors == 2);
    throws = false;
    CHECK(g.peek(1) == 1);
}

TEST_CASE("keeper: statistics that are off tell what is held, and nothing else") {
    auto g = memo::cached([](int n) { return n; }, memo::no_stats);
    g(1);
    g(1);
    auto const seen = g.stats();
    CHECK(seen.items == 1);
    CHECK(seen.bytes > 0);
    CHECK(seen.hits + seen.misses + seen.stores + seen.runs == 0);
}
