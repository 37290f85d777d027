#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::manual_clock;

TEST_CASE("manual_clock: time stands still until it is moved") {
    manual_clock clock;
    auto const start = clock.now();
    CHECK(clock.now() == start);
    clock.advance(90s);
    CHECK(clock.now() - start == 90s);
    clock.advance(-30s);
    CHECK(clock.now() - start == 1min);
}

TEST_CASE("manual_clock: it does not begin at the epoch") { CHECK(manual_clock{}.now() > manual_clock::time_point{}); }

TEST_CASE("manual_clock: set moves to a point in time, forth and back") {
    manual_clock clock;
    auto const start = clock.now();
    clock.set(start + 5min);
    CHECK(clock.now() == start + 5min);
    clock.set(start);
    CHECK(clock.now() == start);
}

TEST_CASE("manual_clock: copies tell the same time, and a clock that was moved from goes on") {
    manual_clock clock;
    manual_clock copy{clock};
    manual_clock const taken{std::move(copy)};
    auto const start = clock.now();
    clock.advance(1h);
    CHECK(taken.now() == start + 1h);
    CHECK(copy.now() == start + 1h);
}

TEST_CASE("manual_clock: two clocks are independent") {
    manual_clock moved;
    manual_clock const other;
    auto const start = other.now();
    moved.advance(1h);
    CHECK(other.now() == start);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("manual_clock: no step is lost when threads advance it together") {
    manual_clock clock;
    auto const start = clock.now();
    {
        std::vector<std::jthread> movers;
        for (int i = 0; i < 4; ++i) {
            movers.emplace_back([clock]() mutable {
                for (int step = 0; step < 50'000; ++step) clock.advance(1ns);
            });
        }
    }
    CHECK(clock.now() - start == 200'000ns);
}

TEST_SUITE_END();
