#include "replay.hpp"

#include <memo/policy/curve.hpp>
#include <memo/policy/lru.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using memo::detail::curve;

namespace {

void access_if_watched(curve& seen, std::uint64_t place, float cost = 0) {
    if (seen.watches(place)) seen.access(place, cost);
}

/// The points between the curve of a cache of `present` entries and the hits that LRU really has, from an eighth of its size
/// to eight times as much: the mean where it is sampled, the most where all of it is.
double points_off(trace const& requests, std::string const& name, std::size_t present) {
    curve seen;
    seen.fit(present);
    for (auto const key : requests) access_if_watched(seen, fixed_place(key));
    CHECK(seen.validate());
    bool const sampled = present > 1'024;
    double furthest = 0;
    double sum = 0;
    for (auto const times : {0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0}) {
        auto const entries = static_cast<std::size_t>(times * static_cast<double>(present));
        auto const exact = hit_ratio<memo::lru_order>(requests, entries);
        auto const off = std::abs(100 * seen.hit_ratio(entries, static_cast<double>(requests.size())) - exact);
        furthest = std::max(furthest, off);
        sum += off;
    }
    auto const found = sampled ? sum / 7 : furthest;
    INFO(name << " at " << present << ": " << found << " points off");
    CHECK(found <= 2);
    return found;
}

}  // namespace

TEST_CASE("curve: a loop is hit by caches that hold all of it, and by no smaller one") {
    curve seen;
    seen.fit(64);
    for (int round = 0; round < 40; ++round)
        for (std::uint64_t place = 1; place <= 100; ++place) access_if_watched(seen, place);
    CHECK(seen.hit_ratio(64) == 0);
    CHECK(seen.hit_ratio(98) == 0);
    CHECK(seen.hit_ratio(100) > 0.95);
    CHECK(seen.hit_ratio(512) == doctest::Approx(seen.hit_ratio(100)));
    CHECK(seen.validate());
}

TEST_CASE("curve: what is saved are the nanoseconds of the runs that were hit") {
    curve seen;
    seen.fit(64);
    for (std::uint64_t place = 1; place <= 200; ++place) {
        access_if_watched(seen, 1'000, place == 1 ? 900.0F : 0);
        access_if_watched(seen, place, 100);
    }
    CHECK(seen.hit_ratio(64) == doctest::Approx(0.5).epsilon(0.01));
    CHECK(seen.saved_ratio(64) == doctest::Approx(0.9).epsilon(0.01));
}

TEST_CASE("curve: before it is fitted, and where nothing was accessed, it says nothing") {
    curve seen;
    CHECK_FALSE(seen.watches(0));
    seen.access(1);
    CHECK(seen.hit_ratio(10) == 0);
    seen.fit(10);
    CHECK(seen.hit_ratio(10) == 0);
    CHECK(seen.saved_ratio(10) == 0);
    CHECK(seen.accesses() == 0);
}

TEST_CASE("curve: of a large cache few places are watched") {
    curve seen;
    seen.fit(1'000'000);
    std::size_t watched = 0;
    for (std::uint64_t key = 0; key < 1'000'000; ++key)
        if (seen.watches(fixed_place(key))) ++watched;
    CHECK(watched > 700);
    CHECK(watched < 1'200);
}

TEST_CASE("curve: what faded counts half") {
    curve seen;
    seen.fit(16);
    for (int request = 0; request < 1'000; ++request) access_if_watched(seen, 1);
    seen.fade();
    CHECK(seen.accesses() == 500);
    CHECK(seen.hit_ratio(16, 500) > 0.99);
    for (std::uint64_t place = 100; place < 600; ++place) access_if_watched(seen, place);
    CHECK(seen.hit_ratio(16, 1'000) == doctest::Approx(0.5).epsilon(0.01));
}

TEST_CASE("curve: a cache that doubled begins a curve anew, one that grew a little keeps it") {
    curve seen;
    seen.fit(100);
    access_if_watched(seen, 1);
    seen.fit(150);
    CHECK(seen.accesses() == 1);
    seen.fit(201);
    CHECK(seen.accesses() == 0);
}

TEST_CASE("curve: over the reference traces it is two points at most from what LRU hits; on the mean, where it is sampled") {
    auto const traces = traces_beside();
    if (traces.empty() || std::system("zstd --version > /dev/null 2>&1") != 0) {
        MESSAGE("skipped: needs shared/traces beside the checkout, and zstd");
        return;
    }
    std::string loaded;
    trace requests;
    std::size_t replayed = 0;
    double furthest = 0;
    for (auto const& row : expected_ratios(traces / "expected.csv", {"LRU"})) {
        auto const& name = row.first.first;
        if (!is_replayed(traces, name)) continue;
        if (name != loaded) requests = read_trace(traces / (name + ".txt.zst"));
        loaded = name;
        furthest = std::max(furthest, points_off(requests, name, row.first.second));
        ++replayed;
    }
    CHECK(replayed > 0);
    if (std::getenv("MEMO_TRACES") != nullptr) MESSAGE(replayed << " curves, at most " << furthest << " points off");
}
