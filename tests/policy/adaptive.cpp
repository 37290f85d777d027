#include "beside.hpp"
#include "replay.hpp"

#include <memo/policy/adaptive.hpp>
#include <memo/policy/lru.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

/// Keys from 1, the first the likeliest.
class zipf {
public:
    zipf(std::size_t keys, unsigned seed) : keys_{static_cast<double>(keys)}, chance_{seed} {}

    std::size_t operator()() { return static_cast<std::size_t>(std::pow(keys_ + 1, even_(chance_))); }

private:
    double keys_;
    std::mt19937 chance_;
    std::uniform_real_distribution<double> even_{0, 1};
};

double adaptive_hits(trace const& requests, std::size_t capacity) {
    return hit_ratio<memo::adaptive_order>(requests, capacity);
}
double lru_hits(trace const& requests, std::size_t capacity) { return hit_ratio<memo::lru_order>(requests, capacity); }

/// What it hits over the stored traces, and over the made ones.
std::pair<figures, figures> replay_all() {
    auto const table = traces_beside() / "expected.csv";
    std::pair<figures, figures> found{table, table};
    replay_cells([&found](cell const& where, trace const& requests) {
        (is_made(where.first) ? found.second : found.first).add(where, adaptive_hits(requests, where.second));
    });
    return found;
}

}  // namespace

static_assert(sizeof(memo::adaptive_order::hook) == 32);

TEST_CASE("adaptive: it keeps the laws of every policy") {
    CHECK_NOTHROW(memo::testing::policy_laws<memo::adaptive_order>());
    CHECK_NOTHROW(memo::testing::policy_laws<memo::adaptive_order>({.seed = 2, .hooks = 3}));
    CHECK_NOTHROW(memo::testing::policy_laws<memo::adaptive_order>({.seed = 3, .hooks = 2'000, .steps = 3'000}));
}

TEST_CASE("adaptive: over the reference traces it stays close to the best policy of each") {
    if (traces_beside().empty() || std::system("zstd --version > /dev/null 2>&1") != 0) {
        MESSAGE("skipped: needs shared/traces beside the checkout, and zstd");
        return;
    }
    auto const all = replay_all();
    auto const& found = all.first;
    auto const& found_in_made = all.second;
    REQUIRE(found.cells() > 0);
    INFO(found.told());
    if (std::getenv("MEMO_TRACES") != nullptr) MESSAGE("adaptive, draw " << place_draw << "; " << found.told());
    if (found.cells() == 83) {
        CHECK(found.of_belady() >= 0.870);
        CHECK(found.misses_removed() >= 14.5);
    } else {
        CHECK(found.cells() == 28);
        CHECK(found.of_belady() >= 0.915);
        CHECK(found.misses_removed() >= 16.5);
    }
    CHECK(found.worst_tenth() >= -1);  // of the short traces alone four draws of ten (2, 3, 4, 6) are below, by 0.3 at most
    CHECK(found.below() <= 4);
    if (std::getenv("MEMO_MADE_TRACES") == nullptr) return;
    REQUIRE(found_in_made.cells() == 50);
    INFO("synthetic: " << found_in_made.told());
    MESSAGE("adaptive, draw " << place_draw << "; synthetic: " << found_in_made.told());
    CHECK(found_in_made.of_belady() >= 0.855);
    CHECK(found_in_made.misses_removed() >= 24.5);
    CHECK(found_in_made.worst_tenth() >= 7);
    CHECK(found_in_made.below() <= 4);  // two of syn_shift: old counts keep out what is popular now, with every window
}

TEST_CASE("adaptive: a loop a little larger than the cache hits almost as often as it can, where LRU never does") {
    trace requests;
    for (int round = 0; round < 100; ++round)
        for (std::size_t key = 1; key <= 1'100; ++key) requests.push_back(key);
    CHECK(lru_hits(requests, 1'000) == 0);
    CHECK(adaptive_hits(requests, 1'000) > 85);
}

TEST_CASE("adaptive: where recency is all that counts it hits as often as LRU, but for a point") {
    trace requests;
    for (std::size_t key = 1; key <= 100'000; ++key) {
        requests.push_back(key);
        if (key > 400) requests.push_back(key - 400);
    }
    CHECK(lru_hits(requests, 1'000) > 49);
    CHECK(adaptive_hits(requests, 1'000) > lru_hits(requests, 1'000) - 1);
}

TEST_CASE("adaptive: scans do not push out what is wanted often") {
    trace requests;
    zipf popular{10'000, 1};
    std::size_t fresh = 10'000;
    for (int turn = 0; turn < 40; ++turn) {
        for (int request = 0; request < 5'000; ++request) requests.push_back(popular());
        for (int request = 0; request < 2'000; ++request) requests.push_back(++fresh);
    }
    CHECK(adaptive_hits(requests, 500) > lru_hits(requests, 500) + 4);
}

TEST_CASE("adaptive: what was popular gives way when others become so") {
    trace requests;
    zipf popular{5'000, 2};
    for (std::size_t shift = 0; shift < 20; ++shift)
        for (int request = 0; request < 20'000; ++request) requests.push_back(popular() + shift * 5'000);
    CHECK(adaptive_hits(requests, 500) > lru_hits(requests, 500));
}

TEST_CASE("adaptive: it follows from one phase to the next") {
    trace requests;
    std::size_t fresh = 2'000;
    for (int phase = 0; phase < 4; ++phase) {
        for (int round = 0; round < 50; ++round)
            for (std::size_t key = 1; key <= 1'100; ++key) requests.push_back(key);
        for (int request = 0; request < 50'000; ++request, ++fresh) {
            requests.push_back(fresh);
            requests.push_back(fresh - std::min<std::size_t>(400, fresh - 2'000));
        }
    }
    CHECK(lru_hits(requests, 1'000) < 35);
    CHECK(adaptive_hits(requests, 1'000) > 54);
}

TEST_CASE("adaptive: equal requests make equal choices") {
    trace requests;
    zipf popular{10'000, 3};
    for (int request = 0; request < 50'000; ++request) requests.push_back(popular());
    CHECK(adaptive_hits(requests, 300) == adaptive_hits(requests, 300));
}

TEST_CASE("adaptive: of few entries the one leaves that was read longest ago") {
    memo::adaptive_order order;
    std::vector<memo::adaptive_order::hook> hooks(31);
    for (std::size_t number = 0; number != hooks.size(); ++number) {
        hooks[number].place = static_cast<std::uint32_t>((number + 1) * 0x9e3779b1);
        order.admit(hooks[number]);
    }
    for (int read = 0; read != 9; ++read) order.touch(hooks[1]);
    for (std::size_t number : {0U, 2U, 3U, 4U}) {
        auto* const victim = order.victim();
        CHECK(victim == &hooks[number]);
        order.forget(*victim);
    }
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("adaptive: reads without a lock leave the order whole") { touch_beside_the_other_verbs<memo::adaptive_order>(); }

TEST_SUITE_END();
