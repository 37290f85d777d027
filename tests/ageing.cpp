#include "scene.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>

using namespace std::chrono_literals;
using memo::duration;
using memo::manual_clock;

TEST_CASE("F30 ageing: a function that fails for a minute of a thousand calls a second runs as often as its rest doubles") {
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

TEST_CASE("F30 ageing: keys that fail rest each for itself, and a set ends the rest") {
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

TEST_CASE("F37 ageing: a span, fraction or number out of range throws config_error when the wrapper is made") {
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

TEST_CASE("F37 ageing: an old value answers while its age is below ttl and window, at every edge of both and of the clock") {
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

TEST_CASE("F39 ageing: when the clock goes back ages are zero, and a lifetime ends when the clock has come as far again") {
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

TEST_CASE("F39 ageing: a clock that goes back and forth within a refresh stores nothing that lives forever") {
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

TEST_CASE("F40 ageing: a touch, a copy of the wrapper and a look keep the time of creation, and the windows go along") {
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
