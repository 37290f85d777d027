#include <memo/policy/fading_counts.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>

namespace {

using memo::detail::fading_counts;

void make_room(fading_counts& counts, std::size_t entries) {
    for (std::size_t part = 0; part < entries; part += 256) counts.fit(entries);
}

}  // namespace

TEST_CASE("fading_counts: a place is counted, up to fifteen times") {
    fading_counts counts;
    counts.fit(100);
    counts.add(1, 1);
    CHECK(counts.estimate(1) == 1);
    counts.add(1, 3);
    CHECK(counts.estimate(1) == 4);
    counts.add(1, 100);
    CHECK(counts.estimate(1) == fading_counts::most);
    counts.add(2, 0);
    CHECK(counts.estimate(2) == 0);
}

TEST_CASE("fading_counts: before there is room nothing is counted") {
    fading_counts counts;
    CHECK_FALSE(counts.ready());
    counts.add(1, 1);
    CHECK(counts.estimate(1) == 0);
}

TEST_CASE("fading_counts: what is counted stays when more room is made") {
    fading_counts counts;
    counts.fit(64);
    for (std::uint64_t place = 0; place < 20; ++place) counts.add(place, 2);
    make_room(counts, 10'000);
    for (std::uint64_t place = 0; place < 20; ++place) CHECK(counts.estimate(place) >= 2);
    auto unmet = 0;
    for (std::uint64_t place = 1'000; place < 2'000; ++place) unmet += counts.estimate(place) == 0 ? 1 : 0;
    CHECK(unmet > 900);
}

TEST_CASE("fading_counts: it grows by steps that hold up nobody, however much room is wanted") {
    fading_counts counts;
    counts.fit(std::size_t{1} << 60);
    CHECK(counts.ready());
    for (std::uint64_t place = 0; place < 40; ++place) counts.add(place);
    for (int step = 0; step < 100; ++step) counts.fit(std::size_t{1} << 60);
    for (std::uint64_t place = 0; place < 40; ++place) CHECK(counts.estimate(place) >= 1);
}

TEST_CASE("fading_counts: of as many places as there is room for, nearly all estimates are exact") {
    fading_counts counts;
    make_room(counts, 1'024);
    for (std::uint64_t place = 0; place < 1'024; ++place) counts.add(place, 1);
    auto exact = 0;
    for (std::uint64_t place = 0; place < 1'024; ++place) exact += counts.estimate(place) == 1 ? 1 : 0;
    auto unmet = 0;
    for (std::uint64_t place = 2'000; place < 3'000; ++place) unmet += counts.estimate(place) == 0 ? 1 : 0;
    CHECK(exact > 850);
    CHECK(unmet > 850);
}

TEST_CASE("fading_counts: what is not met any more fades while others are met") {
    fading_counts counts;
    counts.fit(64);
    counts.add(1, 12);
    for (std::uint64_t meeting = 0; meeting < 64 * 13; ++meeting) counts.add(100 + meeting, 1);
    CHECK(counts.estimate(1) <= 6);
    CHECK(counts.estimate(1) > 0);
    for (std::uint64_t meeting = 0; meeting < 64 * 65; ++meeting) counts.add(10'000 + meeting, 1);
    CHECK(counts.estimate(1) <= 2);
}
