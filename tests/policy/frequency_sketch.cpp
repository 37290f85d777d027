#include "replay.hpp"

#include <memo/policy/frequency_sketch.hpp>

#include <doctest/doctest.h>

#include <cstdint>

namespace {

using memo::detail::frequency_sketch;

/// Places that nobody else meets.
constexpr std::uint64_t others = 1'000'000;

}  // namespace

TEST_CASE("frequency_sketch: a place counts up to fifteen, one that never came not at all") {
    frequency_sketch counts;
    counts.fit(64);
    for (unsigned met = 1; met <= 20; ++met) {
        counts.add(fixed_place(1));
        CHECK(counts.estimate(fixed_place(1)) == (met < 15 ? met : 15));
    }
    CHECK(counts.estimate(fixed_place(2)) == 0);
}

TEST_CASE("frequency_sketch: several meetings at once count as so many") {
    frequency_sketch counts;
    counts.fit(64);
    counts.add(fixed_place(1), 3);
    counts.add(fixed_place(1), 0);
    CHECK(counts.estimate(fixed_place(1)) == 3);
    counts.add(fixed_place(1), 100);
    CHECK(counts.estimate(fixed_place(1)) == 15);
}

TEST_CASE("frequency_sketch: few places of many that it has room for seem more frequent than they are") {
    frequency_sketch counts;
    counts.fit(1'000);
    for (std::uint64_t place = 0; place < 1'000; ++place) counts.add(fixed_place(place), place % 4);
    int wrong = 0;
    for (std::uint64_t place = 0; place < 1'000; ++place) {
        auto const estimate = counts.estimate(fixed_place(place));
        CHECK(estimate >= place % 4);
        wrong += estimate > place % 4;
    }
    CHECK(wrong < 30);
}

TEST_CASE("frequency_sketch: what was counted survives its growth") {
    frequency_sketch counts;
    counts.fit(1);
    for (std::uint64_t place = 0; place < 5; ++place) counts.add(fixed_place(place), 2);
    for (std::size_t entries = 2; entries < 3'000; ++entries) counts.fit(entries);
    for (std::uint64_t place = 0; place < 5; ++place) CHECK(counts.estimate(fixed_place(place)) >= 2);
    CHECK(counts.estimate(fixed_place(others)) <= 2);
}

TEST_CASE("frequency_sketch: after ten times as many meetings as entries counts are halved") {
    frequency_sketch counts;
    counts.fit(400);
    counts.add(fixed_place(others), 12);
    for (std::uint64_t met = 0; met < 3'980; ++met) counts.add(fixed_place(met % 100));
    CHECK(counts.estimate(fixed_place(others)) == 12);
    for (std::uint64_t met = 0; met < 40; ++met) counts.add(fixed_place(met % 100));
    CHECK(counts.estimate(fixed_place(others)) == 6);
}

TEST_CASE("frequency_sketch: without room it counts nothing") {
    frequency_sketch counts;
    counts.add(1);
    CHECK(counts.estimate(1) == 0);
}

TEST_CASE("frequency_sketch: places that share counters under one seed do not under another") {
    int agree = 0;
    for (std::uint64_t place = 1; place < 500; ++place) {
        frequency_sketch one{1}, two{2};
        one.fit(1);
        two.fit(1);
        one.add(0);
        two.add(0);
        agree += one.estimate(place) == 1 && two.estimate(place) == 1;
    }
    CHECK(agree < 3);
}
