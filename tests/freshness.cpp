#include "scene.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/testing/inline_executor.hpp>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <utility>

using namespace std::chrono_literals;
using memo::duration;

namespace {

auto const always = memo::early_expiration(1e300);

}  // namespace

TEST_CASE("freshness: below the fraction of refresh_ahead a call answers, and nothing follows") {
    scene at;
    auto g = at.full();
    CHECK(g(7) == 1);
    at.time.advance(8s - 1ns);
    CHECK(g(7) == 1);
    CHECK(at.later.size() == 0);
    CHECK(g.stats().hits == 1);
}

TEST_CASE("freshness: from the fraction of refresh_ahead on a call answers, and one refresh follows in the background") {
    for (duration const age : {duration{8s}, 10s - 1ns}) {
        scene at;
        auto g = at.full();
        g(7);
        at.time.advance(age);
        CHECK(g(7) == 1);
        CHECK(g(7) == 1);
        CHECK(at.later.size() == 1);
        CHECK(at.later.run() == 1);
        CHECK(at.runs == 2);
        CHECK(g.peek(7) == 2);
        CHECK(g.explain(7).age == 0s);
        CHECK(g(7) == 2);
        CHECK(at.later.size() == 0);
        auto const seen = g.stats();
        CHECK(seen.hits == 3);
        CHECK(seen.misses == 1);
        CHECK(seen.refreshes == 1);
        CHECK(seen.stale == 0);
        CHECK(seen.stores == 2);
    }
}

TEST_CASE("freshness: what would have lasted for ever is renewed ahead of the end that a touch gave it") {
    scene at;
    auto g = at.wrapper(memo::ttl([](int) { return duration::max(); }), memo::refresh_ahead(0.8));
    g(7);
    CHECK(g.touch(10s, 7));
    at.time.advance(8s);
    CHECK(g(7) == 1);
    CHECK(at.later.run() == 1);
    CHECK(g(7) == 2);
}

TEST_CASE("freshness: after the ttl, within stale_while_revalidate, a call answers with the old value, and one refresh follows") {
    for (duration const age : {duration{10s}, 15s - 1ns}) {
        scene at;
        auto g = at.full();
        g(7);
        at.time.advance(age);
        CHECK_FALSE(g.peek(7));
        CHECK_FALSE(g.contains(7));
        CHECK_FALSE(g.ttl(7));
        CHECK_FALSE(g.touch(1h, 7));
        CHECK(g.size() == 1);
        CHECK_FALSE(g.explain(7).hit);
        CHECK(g.explain(7).age == age);
        CHECK(g(7) == 1);
        CHECK(g(7) == 1);
        CHECK(at.later.size() == 1);
        CHECK(g.stats().stale == 2);
        CHECK(g.stats().hits == 0);
        CHECK(at.later.run() == 1);
        CHECK(g(7) == 2);
        CHECK(g.stats().refreshes == 1);
        CHECK(at.runs == 2);
    }
}

TEST_CASE("freshness: within stale_if_error a call runs, and answers with the old value only when the run throws") {
    for (duration const age : {duration{15s}, 30s - 1ns}) {
        scene at;
        auto g = at.full();
        g(7);
        at.time.advance(age);
        at.fails = true;
        CHECK(g(7) == 1);
        CHECK(at.runs == 2);
        CHECK(g.stats().stale == 1);
        CHECK(g.stats().errors == 1);
        CHECK(g.explain(7).failures == 1);
        at.fails = false;
        CHECK(g(7) == 1);
        CHECK(at.runs == 2);
        CHECK_FALSE(g.contains(7));
    }
    scene at;
    auto g = at.wrapper(memo::ttl(10s), memo::stale_if_error(20s));
    g(7);
    at.time.advance(10s);
    CHECK(g(7) == 2);
    CHECK(g.contains(7));
    CHECK(g.stats().stale == 0);
    CHECK(at.later.size() == 0);
}

TEST_CASE("F21 freshness: after both windows nothing answers but a run, whose exception passes through") {
    scene at;
    auto g = at.full();
    g(7);
    at.time.advance(30s);
    at.fails = true;
    CHECK_THROWS_AS(g(7), std::runtime_error);
    at.fails = false;
    CHECK(g(7) == 3);
    CHECK(g.stats().stale == 0);
}

TEST_CASE("freshness: what was not read for the idle time is gone, whatever windows there are") {
    scene at;
    auto g = at.wrapper(memo::ttl(10s), memo::idle(4s), memo::stale_while_revalidate(1h), memo::stale_if_error(1h));
    g(7);
    for (int i = 0; i != 4; ++i) {
        at.time.advance(4s - 1ns);
        CHECK(g(7) == 1);
    }
    CHECK(g.stats().stale == 2);
    at.later.drop();
    at.time.advance(4s);
    CHECK(g(7) == 2);
}

TEST_CASE("freshness: a call that draws early_expiration runs, and answers with what is fresh when the run throws") {
    scene at;
    auto g = at.wrapper(memo::ttl(10s), always);
    CHECK(g(7) == 1);
    CHECK(g(7) == 2);
    CHECK(g.stats().refreshes == 1);
    CHECK(g.stats().hits == 1);
    at.fails = true;
    CHECK(g(7) == 2);
    CHECK(at.runs == 3);
    CHECK(g(7) == 2);
    CHECK(at.runs == 3);
    CHECK(g.stats().stale == 0);
    at.time.advance(10s);
    CHECK_THROWS_AS(g(7), std::runtime_error);
    scene never;
    auto h = never.wrapper(memo::ttl(10s), memo::early_expiration(1e-300));
    h(7);
    never.time.advance(10s - 1us);
    CHECK(h(7) == 1);
}

TEST_CASE("freshness: a call that draws early_expiration while a run is in flight answers with what is fresh") {
    scene at;
    auto g = at.wrapper(memo::ttl(10s), always);
    g(7);
    at.meanwhile = [&] { CHECK(g(7) == 1); };
    CHECK(g(7) == 2);
    CHECK(at.runs == 2);
}

TEST_CASE("freshness: while a refresh is in flight, calls within its run get the old value, in the call or behind it") {
    for (duration const age : {duration{8s}, duration{10s}}) {
        scene at;
        auto g = at.full();
        g(7);
        at.time.advance(age);
        g(7);
        at.meanwhile = [&] {
            CHECK(g(7) == 1);
            CHECK(at.later.size() == 0);
        };
        at.later.run();
        CHECK(at.runs == 2);
        CHECK(g(7) == 2);
    }
}

TEST_CASE("freshness: an executor that refuses is counted, the old value answers, and the next call asks again") {
    scene at;
    auto g = at.full();
    g(7);
    at.time.advance(12s);
    at.later.refuse(true);
    CHECK(g(7) == 1);
    CHECK(g.stats().errors == 1);
    at.later.refuse(false);
    CHECK(g(7) == 1);
    CHECK(at.later.run() == 1);
    CHECK(g(7) == 2);
    CHECK(g.inside()->validate());
}

TEST_CASE("freshness: a refresh that never runs keeps nobody from the next") {
    scene at;
    auto g = at.full();
    g(7);
    at.time.advance(12s);
    CHECK(g(7) == 1);
    at.later.drop();
    CHECK(g(7) == 1);
    CHECK(at.later.run() == 1);
    CHECK(g(7) == 2);
}

TEST_CASE("freshness: a call that needs the result takes over the refresh that still waits for the executor") {
    scene at;
    auto g = at.full();
    g(7);
    at.time.advance(12s);
    CHECK(g(7) == 1);
    at.time.advance(18s);
    CHECK(g(7) == 2);
    CHECK(at.later.run() == 1);
    CHECK(at.runs == 2);
    CHECK(g(7) == 2);
}

TEST_CASE("freshness: a refresh whose result unless refuses leaves the old value, and rests as after a failure") {
    scene at;
    auto g = at.wrapper(memo::ttl(10s), memo::stale_while_revalidate(5s), memo::unless([](int run) { return run == 2; }));
    g(7);
    at.time.advance(10s);
    g(7);
    at.later.run();
    CHECK(g(7) == 1);
    CHECK(at.later.size() == 0);
    CHECK(g.explain(7).failures == 1);
    at.time.advance(100ms);
    CHECK(g(7) == 1);
    at.later.run();
    CHECK(g(7) == 3);
    CHECK(g.explain(7).failures == 0);
}

namespace {

/// Calls back before it takes work.
struct curious_executor {
    work_queue& later;
    std::function<void()> ask;

    void execute(std::function<void()> work) {
        ask();
        later.execute(std::move(work));
    }
};

}  // namespace

TEST_CASE("F25 freshness: no lock is held while the executor takes work, and while listeners hear of refresh and stale") {
    scene at;
    std::function<void()> ask = [] {};
    curious_executor executor{at.later, [&] { ask(); }};
    int asked = 0;
    auto g = memo::cached([&](int) { return ++at.runs; }, memo::ttl(10s), memo::stale_while_revalidate(5s), memo::clock(at.time),
                          memo::executor(executor), memo::on_event([&](memo::event const&) { ask(); }));
    g(7);
    at.time.advance(10s);
    ask = [&] {
        if (++asked > 100)
            return;
        static_cast<void>(g(7));
        static_cast<void>(g(8));
        static_cast<void>(g.peek(7));
        g.set(9, 9);
        static_cast<void>(g.evict(9));
        static_cast<void>(g.stats());
    };
    CHECK(g(7) >= 1);
    at.later.run();
    CHECK(asked > 3);
    ask = [] {};
    CHECK(g(7) > 1);
    CHECK(g.inside()->validate());
}

TEST_CASE("freshness: with an executor that runs at once the old value answers, and the next call has the new one") {
    scene at;
    auto g = memo::cached([&](int) { return ++at.runs; }, memo::ttl(10s), memo::stale_while_revalidate(5s), memo::clock(at.time),
                          memo::executor(memo::inline_executor{}));
    CHECK(g(7) == 1);
    at.time.advance(10s);
    CHECK(g(7) == 1);
    CHECK(g(7) == 2);
}

TEST_CASE("freshness: a cleared or evicted wrapper forgets rests and failures, and warm fills what is old") {
    scene at;
    auto g = at.wrapper(memo::ttl(10s), memo::stale_if_error(20s));
    g(7);
    at.time.advance(10s);
    at.fails = true;
    CHECK(g(7) == 1);
    CHECK(g.explain(7).failures == 1);
    CHECK(g.clear().count() == 1);
    at.fails = false;
    CHECK(g(7) == 3);
    CHECK(g.explain(7).failures == 0);
    at.time.advance(10s);
    g.warm(std::array{7});
    CHECK(g.peek(7) == 4);
}
