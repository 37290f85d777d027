#include "against.hpp"
#include "beside.hpp"
#include "replay.hpp"
#include "textbook_w_tinylfu.hpp"

#include <memo/policy/w_tinylfu.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <vector>

namespace {

/// A cache of so many entries, and which of its keys are resident.
class small_cache {
public:
    explicit small_cache(std::size_t capacity, std::size_t keys) : capacity_{capacity}, hooks_(keys), resident_(keys) {}

    bool read(std::size_t key) {
        if (resident_[key]) {
            order_.touch(hooks_[key]);
            return true;
        }
        if (size_ == capacity_) {
            auto* const victim = order_.victim();
            order_.forget(*victim);
            resident_[static_cast<std::size_t>(victim - hooks_.data())] = false;
            --size_;
        }
        memo::detail::introduce(hooks_[key], fixed_place(key), 1, 1);
        order_.admit(hooks_[key]);
        resident_[key] = true;
        ++size_;
        return false;
    }

    /// Reads keys in a row. Returns: how many were hits.
    std::size_t read(std::size_t first, std::size_t last) {
        std::size_t hits = 0;
        for (auto key = first; key < last; ++key) hits += read(key);
        return hits;
    }

    bool is_whole() const { return order_.validate(); }

private:
    std::size_t capacity_;
    std::size_t size_ = 0;
    std::vector<memo::w_tinylfu_order::hook> hooks_;
    std::vector<bool> resident_;
    memo::w_tinylfu_order order_;
};

}  // namespace

TEST_CASE("w_tinylfu: one pass over many others does not push out what is read often") {
    small_cache cache{100, 10'000};
    for (int round = 0; round < 20; ++round) cache.read(0, 50);
    cache.read(1'000, 9'000);
    CHECK(cache.read(0, 50) >= 48);
}

TEST_CASE("w_tinylfu: of a loop a little larger than the cache a good part stays") {
    small_cache cache{100, 130};
    std::size_t hits = 0;
    for (int round = 0; round < 50; ++round) hits += cache.read(0, 130);
    CHECK(hits > 50 * 130 / 2);
}

TEST_CASE("w_tinylfu: where all that counts is what was read last, the window grows until it hits") {
    small_cache cache{100, 100'000};
    std::size_t late_hits = 0;
    for (std::size_t key = 0; key + 10 < 100'000; ++key) {
        cache.read(key + 10);
        bool const hit = cache.read(key);
        late_hits += hit && key >= 90'000;
    }
    CHECK(late_hits > 9'000);
    CHECK(cache.is_whole());
}

TEST_CASE("w_tinylfu: the one that is named leaves next, until entries come or go") {
    memo::w_tinylfu_order order;
    std::vector<memo::w_tinylfu_order::hook> hooks(50);
    for (std::size_t i = 0; i < hooks.size(); ++i) {
        memo::detail::introduce(hooks[i], fixed_place(i), 1, 1);
        order.admit(hooks[i]);
    }
    auto* const named = order.victim();
    for (auto& hook : hooks) order.touch(hook);
    CHECK(order.victim() == named);
    order.forget(*named);
    CHECK(order.victim() != named);
}

TEST_CASE("w_tinylfu: a new result keeps the place of the old one") {
    memo::w_tinylfu_order order;
    std::vector<memo::w_tinylfu_order::hook> hooks(21);
    for (std::size_t i = 0; i < 20; ++i) order.admit(hooks[i]);
    auto* const named = order.victim();
    order.replace(*named, hooks[20]);
    CHECK(order.validate());
    for (std::size_t left = 20; left > 0; --left) {
        auto* const victim = order.victim();
        REQUIRE(victim != nullptr);
        CHECK(victim != named);
        order.forget(*victim);
    }
    CHECK(order.victim() == nullptr);
}

TEST_CASE("w_tinylfu: it keeps the laws of every policy") {
    CHECK_NOTHROW(memo::testing::policy_laws<memo::w_tinylfu_order>());
    CHECK_NOTHROW(memo::testing::policy_laws<memo::w_tinylfu_order>({.seed = 2, .hooks = 3}));
    CHECK_NOTHROW(memo::testing::policy_laws<memo::w_tinylfu_order>({.seed = 3, .hooks = 1'000, .steps = 5'000}));
}

TEST_CASE("w_tinylfu: its hits over the reference traces reach those of hill climbers but for 0.5 points") {
    std::map<cell, double> const exceptions{
        // that what is new must lead by two costs most in a large cache for requests that seldom come three times
        {{"arc_p3", 76'254}, 0.75},
        // a window that goes to and fro by one lets one in unasked each time, where all that a loop holds is worth the same
        {{"syn_loopz", 9'500}, 0.9},
        // where a loop follows what is recent, its keys come back later than is remembered, so the window stays wide
        {{"syn_phases", 5'000}, 1.6},
        {{"syn_phases", 10'000}, 8.8},
    };
    check_against_traces<memo::w_tinylfu_order>({"Caffeine-3.2.4", "WTINYLFU-HC"}, 0.5, exceptions, judged::from_below);
}

TEST_CASE("w_tinylfu: its hits over the reference traces are those of a plain simulation but for 0.5 points") {
    if (traces_beside().empty() || std::system("zstd --version > /dev/null 2>&1") != 0) {
        MESSAGE("skipped: needs shared/traces beside the checkout, and zstd");
        return;
    }
    std::map<cell, double> const exceptions{
        // draws of the hash differ by as much
        {{"arc_p6", 57'250}, 1.5},
        // of keys that are asked for equally often, as those of a loop, the ones whose line of counts was halved first seem to be worth
        // less; with the simulation's counts in the order's place these cells are within 0.2 points
        {{"arc_p3", 7'625}, 0.6},
        {{"arc_p3", 76'254}, 0.7},
        {{"arc_p6", 5'725}, 0.7},
        {{"lirs_loop", 256}, 1.5},
        {{"lirs_loop", 512}, 1.8},
        {{"lirs_multi1", 130}, 0.65},
        {{"syn_loop", 5'000}, 1.25},
        {{"syn_loopz", 2'000}, 0.6},
        {{"syn_loopz", 5'000}, 1.65},
        // there 1.7 remain: the order's protected queue shrinks as soon as the window shall grow
        {{"syn_loop", 9'000}, 3.9},
    };
    std::size_t cells = 0;
    double furthest = 0;
    replay_cells([&](cell const& where, trace const& requests) {
        auto const ratio = hit_ratio<memo::w_tinylfu_order>(requests, where.second);
        auto const expected = textbook_ratio(requests, where.second);
        INFO(where.first << " at " << where.second << ": " << ratio << " % instead of " << expected << " %");
        auto const exception = exceptions.find(where);
        CHECK(std::abs(ratio - expected) <= (exception == exceptions.end() ? 0.5 : exception->second));
        furthest = std::max(furthest, std::abs(ratio - expected));
        ++cells;
    });
    CHECK(cells >= 28);
    if (all_traces_wanted) MESSAGE(cells << " cells, at most " << furthest << " points off");
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("w_tinylfu: reads without a lock leave the order whole") { touch_beside_the_other_verbs<memo::w_tinylfu_order>(); }

TEST_SUITE_END();
