#include <memo/base/hash.hpp>
#include <memo/cached.hpp>
#include <memo/cached_property.hpp>
#include <memo/options.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>

using namespace std::chrono_literals;

namespace {

/// Of weak ones nothing is a sample.
bool hashes_are_whole() { return memo::detail::place_seed::drawn.mask == ~std::uint64_t{0}; }

struct doubling {
    int twice(int n) const { return 2 * n; }
};

}  // namespace

TEST_CASE("explain_size: it begins to watch when it is first asked, and then tells what other sizes would do") {
    if (!hashes_are_whole()) return;
    memo::manual_clock clock;
    auto g = memo::cached([&](int n) { return clock.advance(1ms), n; }, memo::max_size(20), memo::policy(memo::lru), memo::clock(clock));
    auto const loop = [&] {
        for (int round = 0; round < 100; ++round)
            for (int n = 0; n < 30; ++n)
                g(n);
    };
    loop();
    CHECK(g.explain_size().text() == "calls are watched from now on; ask again later");
    loop();
    auto const told = g.explain_size();
    CHECK(told.points[told.present].entries == 20);
    CHECK(told.points[told.present].hit_ratio == 0);
    CHECK(told.points[told.present + 1].hit_ratio > 0.98);
    CHECK(told.requests == 3'000);
    // which keys are the sample is drawn anew in each process
    CHECK(told.points[told.present + 1].seconds_saved == doctest::Approx(60).epsilon(0.01));
    CHECK(told.text().starts_with("twice the size would raise the hit ratio from 0 % to 100 % and save "));
}

TEST_CASE("explain_size: it says the same of hits that take no lock") {
    if (!hashes_are_whole()) return;
    auto g = memo::cached([](int n) { return n; }, memo::max_size(64));
    static_cast<void>(g.explain_size());
    for (int round = 0; round < 100; ++round)
        for (int n = 0; n < 64; ++n)
            g(n);
    static_cast<void>(g.explain_size());
    for (int round = 0; round < 100; ++round)
        for (int n = 0; n < 64; ++n)
            g(n);
    auto const told = g.explain_size();
    CHECK(told.known());
    CHECK(told.points[told.present].hit_ratio > 0.9);
    CHECK(told.points[told.present - 1].hit_ratio < 0.1);
    CHECK(told.text().find("a larger cache would gain nothing") == 0);
}

TEST_CASE("explain_size: it says of results in a store of bytes that it does not watch them") {
    auto g = memo::cached([](int n) { return n; }, memo::name("bytes"), memo::store(memo::memory_bytes_store{}));
    g(1);
    CHECK_FALSE(g.explain_size().known());
    CHECK(g.explain_size().text() == "only caches in typed memory are watched, and this one keeps its results in a store of bytes");
}

TEST_CASE("explain_size: a cache that nobody asks watches nothing, and one that is asked answers as it did") {
    auto asked = memo::cached([](int n) { return 2 * n; }, memo::max_size(64));
    auto left = memo::cached([](int n) { return 2 * n; }, memo::max_size(64));
    static_cast<void>(asked.explain_size());
    for (int n = 0; n < 20'000; ++n)
        CHECK(asked(n % 96) == left(n % 96));
    CHECK(asked.stats().hits == left.stats().hits);
    CHECK(asked.explain_size().known());
    CHECK(left.explain_size().text() == "calls are watched from now on; ask again later");
}

TEST_CASE("explain_size: it needs no stats") {
    if (!hashes_are_whole()) return;
    auto g = memo::cached([](int n) { return n; }, memo::max_size(20), memo::policy(memo::lru), memo::no_stats);
    static_cast<void>(g.explain_size());
    for (int n = 0; n < 3'000; ++n)
        g(n % 30);
    auto const told = g.explain_size();
    CHECK(told.points[told.present].hit_ratio == 0);
    CHECK(told.points[told.present + 1].hit_ratio > 0.98);
}

TEST_CASE("explain_size: a method is asked as a function is, for all objects together") {
    doubling const one;
    auto const twice = memo::cached_method(&doubling::twice, memo::any_instance);
    static_cast<void>(twice.explain_size());
    for (int n = 0; n < 10'000; ++n)
        twice(one, n % 30);
    CHECK(twice.explain_size().points[3].entries == 30);
}
