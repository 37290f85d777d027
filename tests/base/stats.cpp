#include <memo/base/stats.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <sstream>
#include <string>

using namespace std::chrono_literals;

TEST_SUITE("stats") {
    TEST_CASE("stats: the hit ratio of nothing is 0, else hits among all calls that asked") {
        memo::stats one;
        CHECK(one.hit_ratio() == 0.0);
        one.hits = 3;
        one.misses = 1;
        CHECK(one.hit_ratio() == 0.75);
    }

    TEST_CASE("stats: a sum adds every counter, and means by what they are the mean of") {
        memo::stats left;
        left.hits = 1;
        left.items = 2;
        left.run_time = 3ms;
        left.gets_sampled = 3;
        left.get_latency = 10ns;
        left.evictions_by_cause[1] = 4;
        memo::stats right;
        right.hits = 10;
        right.errors = 5;
        right.run_time = 1ms;
        right.gets_sampled = 1;
        right.get_latency = 50ns;
        right.evictions_by_cause[1] = 1;
        auto const sum = left + right;
        CHECK(sum.hits == 11);
        CHECK(sum.items == 2);
        CHECK(sum.errors == 5);
        CHECK(sum.run_time == 4ms);
        CHECK(sum.gets_sampled == 4);
        CHECK(sum.get_latency == 20ns);
        CHECK(sum.evictions_by_cause[1] == 5);
        CHECK((memo::stats{} + memo::stats{}).get_latency == 0ns);
    }

    TEST_CASE("stats: print what was done and what it saved") {
        memo::stats one;
        one.hits = 3;
        one.misses = 1;
        one.time_saved = 6ms;
        std::ostringstream out;
        out << one;
        CHECK(out.str().find("3 hits, 1 misses (hit ratio 0.75)") != std::string::npos);
        CHECK(out.str().find("6 ms saved") != std::string::npos);
    }
}
