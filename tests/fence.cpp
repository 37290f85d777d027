#include "queue.hpp"
#include "evictions.hpp"
#include "scene.hpp"

#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <latch>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::duration;
using memo::manual_clock;

namespace {

/// The ages at which a refresh is sent to the background: ahead of the ttl, and after it.
constexpr duration sends[]{8s, 10s};

}  // namespace

TEST_CASE("F18 F19 fence: a refresh that waits for the executor when its entry is evicted stores nothing, whatever evicted it") {
    scene at;
    auto g = at.full();
    for (auto const age : sends)
        each_eviction(at, g, [&](auto const& evict) {
            CHECK(g(7) == 1);
            at.time.advance(age);
            CHECK(g(7) == 1);
            CHECK(at.later.size() == 1);
            evict();
            CHECK(at.later.run() == 1);
            CHECK(g.size() == 0);
            auto const before = at.runs;
            CHECK(g(7) == before + 1);
            CHECK(g(7) == before + 1);
        });
}

TEST_CASE("F18 F19 fence: a refresh that runs in the background when its entry is evicted stores nothing, whatever evicted it") {
    scene at;
    auto g = at.full();
    for (auto const age : sends)
        each_eviction(at, g, [&](auto const& evict) {
            CHECK(g(7) == 1);
            at.time.advance(age);
            CHECK(g(7) == 1);
            at.meanwhile = evict;
            CHECK(at.later.run() == 1);
            CHECK(at.runs == 2);
            CHECK(g.size() == 0);
            CHECK(g(7) == 3);
        });
}

TEST_CASE("F18 F19 fence: a run in the call, of what is early, old or absent, stores nothing when its key is evicted meanwhile") {
    scene at;
    auto early = at.wrapper(memo::ttl(10s), memo::early_expiration(1e300));
    each_eviction(at, early, [&](auto const& evict) {
        CHECK(early(7) == 1);
        at.meanwhile = evict;
        CHECK(early(7) == 2);
        CHECK(early.size() == 0);
    });
    scene bt;
    auto old = bt.wrapper(memo::ttl(10s), memo::stale_if_error(20s));
    each_eviction(bt, old, [&](auto const& evict) {
        CHECK(old(7) == 1);
        bt.time.advance(10s);
        bt.meanwhile = evict;
        CHECK(old(7) == 2);
        CHECK(old.size() == 0);
    });
    scene ct;
    auto absent = ct.full();
    each_eviction(ct, absent, [&](auto const& evict) {
        ct.meanwhile = evict;
        CHECK(absent(7) == 1);
        CHECK(absent.size() == 0);
    });
}

TEST_CASE("F18 fence: after an evict no call is answered from before, also when one evicted while a run failed") {
    scene at;
    auto g = at.wrapper(memo::ttl(10s), memo::stale_if_error(20s));
    CHECK(g(7) == 1);
    at.time.advance(10s);
    at.fails = true;
    at.meanwhile = [&] { CHECK(g.evict(7).count() == 1); };
    CHECK(g(7) == 1);  // this call began before the evict
    CHECK_THROWS_AS(g(7), std::runtime_error);
    at.fails = false;
    CHECK(g(7) == 4);
}

TEST_CASE("F19 fence: an eviction of others leaves a refresh alone, whether it waits or runs") {
    scene at;
    auto g = at.full();
    auto const spare = [&] {
        static_cast<void>(g.evict(8));
        static_cast<void>(at.m.evict_key("number:8"));
        static_cast<void>(at.m.evict_pattern("number:8*"));
        static_cast<void>(at.m.evict_tag("letters"));
    };
    CHECK(g(7) == 1);
    at.time.advance(10s);
    CHECK(g(7) == 1);
    spare();
    at.meanwhile = spare;
    CHECK(at.later.run() == 1);
    CHECK(g(7) == 2);
    CHECK(g.contains(7));
}

TEST_CASE("F20 fence: a refresh that began before a set, a put or a later refresh never stores over it") {
    scene at;
    auto g = at.full();
    auto fill = memo::cache_put([](int) { return 100; }, memo::entry(g), memo::in(at.m));
    auto const again = [&] {
        static_cast<void>(g.refresh(7));
        CHECK(g.peek(7) == at.runs);
    };
    std::vector<std::function<void()>> const wins{[&] { g.set(50, 7); }, [&] { CHECK(fill(7) == 100); }, again};
    for (auto const age : sends)
        for (auto const& write : wins)
            for (bool const waits : {true, false}) {
                static_cast<void>(g.clear());
                at.runs = 0;
                CHECK(g(7) == 1);
                at.time.advance(age);
                CHECK(g(7) == 1);
                std::optional<int> wanted;
                auto const write_and_look = [&] {
                    write();
                    wanted = g.peek(7);
                };
                if (waits)
                    write_and_look();
                else
                    at.meanwhile = write_and_look;
                CHECK(at.later.run() == 1);
                CHECK(wanted.has_value());
                CHECK(g.peek(7) == wanted);
                CHECK(g.inside()->validate());
            }
}

TEST_CASE("F20 fence: of two runs that overlap the later one is kept, whichever ends first and whatever they renew") {
    scene at;
    auto early = at.wrapper(memo::ttl(10s), memo::early_expiration(1e300));
    CHECK(early(7) == 1);
    at.meanwhile = [&] { CHECK(early.refresh(7) == 3); };
    CHECK(early(7) == 2);
    CHECK(early.peek(7) == 3);
    scene bt;
    auto g = bt.full();
    CHECK(g(7) == 1);
    bt.time.advance(20s);
    bt.meanwhile = [&] { CHECK(g.refresh(7) == 3); };
    CHECK(g(7) == 2);
    CHECK(g.peek(7) == 3);
}

TEST_CASE("F20 fence: a refresh that fails after a set leaves the set result without a rest") {
    scene at;
    auto g = at.full();
    g(7);
    at.time.advance(10s);
    g(7);
    at.fails = true;
    at.meanwhile = [&] { g.set(50, 7); };
    at.later.run();
    CHECK(g(7) == 50);
    CHECK(g.explain(7).failures == 0);
}

TEST_CASE("F21 fence: a run that fails after the window has ended leaves nothing to answer with") {
    scene at;
    auto g = at.wrapper(memo::ttl(10s), memo::stale_if_error(20s));
    g(7);
    at.time.advance(29s);
    at.fails = true;
    at.meanwhile = [&] { at.time.advance(1s - 1ns); };
    CHECK(g(7) == 1);
    scene bt;
    auto h = bt.wrapper(memo::ttl(10s), memo::stale_if_error(20s));
    h(7);
    bt.time.advance(29s);
    bt.fails = true;
    bt.meanwhile = [&] { bt.time.advance(1s); };
    CHECK_THROWS_AS(h(7), std::runtime_error);
}

TEST_CASE("F21 fence: an early run that fails when the result has grown old answers as that age does") {
    scene at;
    auto strict = at.wrapper(memo::ttl(10s), memo::early_expiration(1e300));
    strict(7);
    at.fails = true;
    at.meanwhile = [&] { at.time.advance(10s); };
    CHECK_THROWS_AS(strict(7), std::runtime_error);
    scene bt;
    auto lenient = bt.wrapper(memo::ttl(10s), memo::early_expiration(1e300), memo::stale_if_error(20s));
    lenient(7);
    bt.fails = true;
    bt.meanwhile = [&] { bt.time.advance(30s - 1ns); };
    CHECK(lenient(7) == 1);
    CHECK(lenient.stats().stale == 1);
    bt.time.advance(1ns);
    CHECK_THROWS_AS(lenient(7), std::runtime_error);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F21 fence: while a refresh hangs the old value answers within its windows, and after them never") {
    for (auto const age : sends) {
        manual_clock time;
        work_queue later;
        std::latch hangs{1};
        std::latch may_end{1};
        std::atomic<int> runs = 0;
        auto g = memo::cached(
            [&](int) {
                int const run = ++runs;
                if (run == 2) {
                    hangs.count_down();
                    may_end.wait();
                }
                return run;
            },
            memo::ttl(10s), memo::refresh_ahead(0.8), memo::stale_while_revalidate(5s), memo::stale_if_error(20s),
            memo::wait_timeout(1ms), memo::clock(time), memo::executor(later));
        CHECK(g(7) == 1);
        time.advance(age);
        CHECK(g(7) == 1);
        std::jthread const background{[&] { later.run(); }};
        hangs.wait();
        time.advance(15s - 1ns - age);
        CHECK(g(7) == 1);
        CHECK(later.size() == 0);
        time.advance(15s + 1ns);
        CHECK(g(7) == 3);
        CHECK(g(7) == 3);
        may_end.count_down();
    }
}

TEST_SUITE_END();
