#include "queue.hpp"

#include <memo/base/error.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::duration;
using memo::manual_clock;

namespace {

/// Time, background work, and a function whose results are the numbers of its runs; it fails when told to.
struct scene {
    manual_clock time;
    work_queue later;
    int runs = 0;
    bool fails = false;
    std::function<void()> meanwhile;  // of the next run

    template <class... Options>
    auto wrapper(Options... options) {
        return memo::cached(
            [this](int) {
                int const run = ++runs;
                if (auto const act = std::exchange(meanwhile, nullptr))
                    act();
                return fails ? throw std::runtime_error{"no answer"} : run;
            },
            memo::clock(time), memo::executor(later), std::move(options)...);
    }

    /// Fresh for ten seconds, renewed from the eighth on; old until the fifteenth; until the thirtieth when nothing else comes.
    auto full() {
        return wrapper(memo::ttl(10s), memo::refresh_ahead(0.8), memo::stale_while_revalidate(5s),
                       memo::stale_if_error(20s));
    }
};

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

TEST_CASE("F30 freshness: a function that fails for a minute of a thousand calls a second runs as often as its rest doubles") {
    constexpr int fewest = 10;  // 100 ms doubled nine times fit into a minute, and the halves of them ten times
    constexpr int most = 11;
    auto const storm = [&](auto g, scene& at) {
        CHECK(g(7) == 1);
        at.time.advance(10s);
        at.fails = true;
        for (int call = 0; call != 60'000; ++call, at.time.advance(1ms)) {
            REQUIRE(g(7) == 1);
            at.later.run();
        }
        CHECK(at.runs - 1 >= fewest);
        CHECK(at.runs - 1 <= most);
        CHECK(g.stats().stale == 60'000);
        CHECK(g.explain(7).failures == static_cast<unsigned>(at.runs - 1));
        at.fails = false;
        at.time.advance(60s);
        g(7);
        at.later.run();
        CHECK(g(7) == at.runs);
        CHECK(g.explain(7).failures == 0);
        at.fails = true;
        at.time.advance(10s);
        auto const before = at.runs;
        g(7);
        at.later.run();
        at.time.advance(100ms);
        g(7);
        at.later.run();
        CHECK(at.runs == before + 2);
    };
    scene survives;
    storm(survives.wrapper(memo::ttl(10s), memo::stale_if_error(1h)), survives);
    scene revalidates;
    storm(revalidates.wrapper(memo::ttl(10s), memo::stale_while_revalidate(1h)), revalidates);
}

TEST_CASE("F30 freshness: keys that fail rest each for itself, and a set ends the rest") {
    scene at;
    auto g = at.wrapper(memo::ttl(10s), memo::stale_if_error(1h));
    g(7);
    g(8);
    at.time.advance(10s);
    at.fails = true;
    CHECK(g(7) == 1);
    CHECK(g(8) == 2);
    CHECK(at.runs == 4);
    g.set(100, 7);
    CHECK(g.explain(7).failures == 0);
    CHECK(g.explain(8).failures == 1);
}

TEST_CASE("F37 freshness: a span, fraction or number out of range throws config_error when the wrapper is made") {
    auto const refused = [](auto option) {
        CHECK_THROWS_AS(memo::cached([](int n) { return n; }, memo::ttl(10s), option), memo::config_error);
    };
    constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
    constexpr auto infinite = std::numeric_limits<double>::infinity();
    for (duration const span : {duration{0}, duration{-1}, duration::min()}) {
        refused(memo::stale_while_revalidate(span));
        refused(memo::stale_if_error(span));
        refused(memo::wait_timeout(span));
    }
    for (double const fraction : {-0.001, 1.001, nan, infinite, -infinite})
        refused(memo::refresh_ahead(fraction));
    for (double const beta : {0.0, -1.0, nan, infinite})
        refused(memo::early_expiration(beta));
}

TEST_CASE("F37 freshness: an old value answers while its age is below ttl and window, at every edge of both and of the clock") {
    constexpr auto most = duration::max();
    CHECK(rc::check([most] {
        auto const edge = [most] {
            auto const any = rc::gen::map(rc::gen::inRange<std::int64_t>(1, most.count()),
                                          [](std::int64_t span) { return duration{span}; });
            return *rc::gen::oneOf(rc::gen::element<duration>(1ns, 2ns, 1s, most / 2, most - 1ns, most), any);
        };
        auto const ttl = edge();
        auto const window = edge();
        auto const start = edge() - most / 2;
        auto const asked = std::max(start, edge() - 1ns);
        scene at;
        at.time.set(manual_clock::time_point{start});
        auto g = at.wrapper(memo::ttl(ttl), memo::stale_if_error(window));
        g(7);
        at.fails = true;
        at.time.set(manual_clock::time_point{asked});
        auto const stale_from = memo::detail::later(start, ttl);
        auto const gone_from = memo::detail::later(stale_from, window);
        auto const eternal = [](duration end) { return end == duration::max(); };
        std::optional<int> answer;
        try {
            answer = g(7);
        } catch (std::runtime_error const&) {
            answer.reset();
        }
        RC_ASSERT(answer.has_value() == (asked < gone_from || eternal(gone_from)));
        RC_ASSERT((at.runs == 1) == (asked < stale_from || eternal(stale_from)));
        RC_ASSERT(g.inside()->validate());
    }));
}

TEST_CASE("F39 freshness: when the clock goes back ages are zero, and a lifetime ends when the clock has come as far again") {
    for (duration const jump : {duration{1s}, duration{24h * 10}, duration{24h * 365 * 68}}) {
        scene at;
        auto g = at.full();
        g(7);
        at.time.advance(-jump);
        CHECK(g(7) == 1);
        CHECK(g.explain(7).age == 0s);
        CHECK(g.ttl(7) == 10s + jump);
        at.time.advance(jump + 10s);
        CHECK_FALSE(g.contains(7));
        at.time.advance(20s);
        CHECK(g(7) == 2);
        CHECK(g.inside()->validate());
    }
}

TEST_CASE("F39 freshness: a clock that goes back and forth within a refresh stores nothing that lives forever") {
    for (duration const jump : {duration{-24h}, duration{24h}}) {
        scene at;
        auto g = at.full();
        g(7);
        at.time.advance(10s);
        g(7);
        at.meanwhile = [&] { at.time.advance(jump); };
        at.later.run();
        at.time.advance(-jump);
        CHECK(g(7) == 2);
        at.time.advance(30s);
        CHECK(g(7) == 3);
    }
}

TEST_CASE("F40 freshness: a touch, a copy of the wrapper and a look keep the time of creation, and the windows go along") {
    scene at;
    auto g = at.full();
    g(7);
    at.time.advance(6s);
    auto copy = g;
    CHECK(copy.touch(20s, 7));
    CHECK(copy.explain(7).age == 6s);
    CHECK(*g.ttl(7) == 20s);
    at.time.advance(20s);
    CHECK(g.explain(7).age == 26s);
    CHECK(g(7) == 1);
    CHECK(at.later.size() == 1);
    at.later.drop();
    at.time.advance(20s);
    CHECK_FALSE(g.explain(7).tier == "memory");
}
