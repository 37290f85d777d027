#include "beside.hpp"
#include "replay.hpp"

#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/policy/cost_aware.hpp>
#include <memo/policy/lru.hpp>
#include <memo/testing/manual_clock.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using memo::cost_aware_order;

namespace {

/// A cache of the order, whose keys are numbers.
class cache {
public:
    cache(std::size_t keys, std::size_t capacity) : hooks_(keys), resident_(keys), capacity_{capacity} {}

    bool read(std::size_t key, std::uint64_t cost, std::uint64_t weight = 1) {
        auto& hook = hooks_[key];
        if (resident_[key]) {
            order_->touch(hook);
            return true;
        }
        while (size_ >= capacity_) evict();
        memo::detail::introduce(hook, fixed_place(key), cost, weight);
        order_->admit(hook);
        resident_[key] = true;
        ++size_;
        return false;
    }

    [[nodiscard]] bool holds(std::size_t key) const { return resident_[key]; }
    [[nodiscard]] cost_aware_order& order() { return *order_; }

    void evict() {
        auto* const victim = order_->victim();
        order_->forget(*victim);
        resident_[static_cast<std::size_t>(victim - hooks_.data())] = false;
        --size_;
    }

private:
    std::unique_ptr<cost_aware_order> order_ = std::make_unique<cost_aware_order>();
    std::vector<cost_aware_order::hook> hooks_;
    std::vector<bool> resident_;
    std::size_t capacity_;
    std::size_t size_ = 0;
};

/// The share of hits of the last of some rounds over a few keys, each with a stream of keys that never come back.
double hits_beside_a_stream(cache& served, std::size_t first, std::size_t hot, int rounds, std::uint64_t cost) {
    std::size_t hits = 0;
    auto next = first + hot;
    for (int round = 0; round < rounds; ++round) {
        hits = 0;
        for (std::size_t key = first; key < first + hot; ++key) {
            hits += served.read(key, cost) ? 1U : 0U;
            served.read(next++, cost);
        }
    }
    return static_cast<double>(hits) / static_cast<double>(hot);
}

/// The share of run time that a cache saves which begins empty; line i of `costs` is what key i costs.
double saved(trace const& requests, trace const& costs, std::size_t capacity) {
    cache served{costs.size() + 1, capacity};
    double all = 0;
    double spared = 0;
    for (auto const key : requests) {
        auto const cost = costs[key - 1];
        all += static_cast<double>(cost);
        if (served.read(key, cost)) spared += static_cast<double>(cost);
    }
    return spared / all;
}

/// By memoization trace and capacity the most that a policy saves which does not know what runs cost.
std::map<std::string, std::map<std::size_t, double>> blind_runs_saved(std::filesystem::path const& table) {
    std::set<std::string> const blind{"LRU", "S3FIFO", "ARC", "2Q", "WTINYLFU", "WTINYLFU-HC", "WDUEL"};
    std::map<std::string, std::map<std::size_t, double>> best;
    std::ifstream rows{table};
    for (std::string line; std::getline(rows, line);) {
        std::istringstream fields{line};
        std::string name, capacity, policy, ratio;
        std::getline(fields, name, ',');
        std::getline(fields, capacity, ',');
        std::getline(fields, policy, ',');
        std::getline(fields, ratio, ',');
        if (!name.starts_with("memo_") || !blind.contains(policy)) continue;
        auto& most = best[name][std::stoul(capacity)];
        most = std::max(most, std::stod(ratio));
    }
    return best;
}

}  // namespace

TEST_CASE("cost_aware: of entries that are otherwise alike the one whose run was shortest leaves first") {
    cache served{3, 3};
    served.read(0, 5'000), served.read(1, 1'000), served.read(2, 50'000);
    served.evict();
    CHECK(!served.holds(1));
    served.evict();
    CHECK(!served.holds(0));
}

TEST_CASE("cost_aware: run time counts by the byte") {
    cache served{2, 2};
    served.read(0, 9'000, 1'000);
    served.read(1, 3'000, 10);
    served.evict();
    CHECK(!served.holds(0));
}

TEST_CASE("cost_aware: of entries of equal run time the one unread longest leaves first, also where times are not known") {
    for (std::uint64_t const cost : {0U, 1U, 1'000U}) {
        CAPTURE(cost);
        cache served{9, 3};
        served.read(0, cost), served.read(1, cost), served.read(2, cost);
        served.read(3, cost);
        CHECK(!served.holds(0));
        served.read(1, cost);
        served.read(4, cost);
        CHECK(served.holds(1));
        CHECK(!served.holds(2));
    }
}

TEST_CASE("cost_aware: what was used often outlives what was used once, also when it comes back after it left") {
    cache served{100, 4};
    for (std::size_t key = 10; key < 40; ++key) {
        served.read(0, 1'000);
        served.read(key, 1'000);
    }
    CHECK(served.holds(0));
    while (served.holds(0)) served.evict();
    served.read(0, 1'000);
    for (std::size_t key = 50; key < 53; ++key) served.read(key, 1'000);
    served.evict();
    CHECK(served.holds(0));
}

TEST_CASE("cost_aware: an entry of no run time leaves before one of a nanosecond's, and no run time is too long") {
    cache served{3, 3};
    served.read(0, std::numeric_limits<std::uint64_t>::max());
    served.read(1, 0);
    served.read(2, 4);
    served.evict();
    CHECK(!served.holds(1));
    served.evict();
    CHECK(!served.holds(2));
    CHECK(served.order().validate());
}

TEST_CASE("cost_aware: entries of absurd run times that nobody asks for again do not keep a cache for good") {
    constexpr std::size_t capacity = 100;
    cache served{200'000, capacity};
    for (std::size_t key = 0; key < capacity; ++key) served.read(key, 1'000'000'000'000);
    CHECK(hits_beside_a_stream(served, 1'000, capacity / 2, 1'500, 1'000) > 0.9);
}

TEST_CASE("cost_aware: of a loop that is larger than the cache it keeps a part") {
    constexpr std::size_t keys = 200;
    constexpr std::size_t rounds = 200;
    cache served{keys, keys * 3 / 4};
    std::size_t hits = 0;
    for (std::size_t read = 0; read < rounds * keys; ++read) hits += served.read(read % keys, 1'000) ? 1U : 0U;
    CHECK(hits > rounds * keys / 2);
}

TEST_CASE("cost_aware: what is replaced keeps its uses, and counts by its new run") {
    cost_aware_order order;
    cost_aware_order::hook old, other, fresh;
    memo::detail::introduce(old, 1, 1'000, 1);
    memo::detail::introduce(other, 2, 10'000, 1);
    order.admit(old);
    order.admit(other);
    CHECK(order.victim() == &old);
    memo::detail::introduce(fresh, 1, 1'000'000, 1);
    order.replace(old, fresh);
    CHECK(order.validate());
    CHECK(fresh.uses == 2);
    CHECK(order.victim() == &other);
}

TEST_CASE("cost_aware: it keeps the laws of every policy") {
    CHECK_NOTHROW(memo::testing::policy_laws<cost_aware_order>({.steps = 5'000}));
    CHECK_NOTHROW(memo::testing::policy_laws<cost_aware_order>({.seed = 2, .hooks = 3, .steps = 5'000}));
    CHECK_NOTHROW(memo::testing::policy_laws<cost_aware_order>({.seed = 3, .hooks = 500, .steps = 2'000}));
}

TEST_CASE("cost_aware: a wrapper keeps the results of long runs, however many short ones pass by") {
    memo::manual_clock time;
    auto const takes = [&time](int n) {
        time.advance(n % 10 == 0 ? 1s : 1ms);
        return n;
    };
    auto const long_ones_in = [](auto const& g) {
        for (int n = 1; n != 100; ++n) g(n);
        int kept = 0;
        for (int n = 10; n != 100; n += 10) kept += g.contains(n) ? 1 : 0;
        return kept;
    };
    CHECK(long_ones_in(memo::cached(takes, memo::cost_aware, memo::max_size(12), memo::clock(time))) == 9);
    CHECK(long_ones_in(memo::cached(takes, memo::policy(memo::cost_aware), memo::max_size(12), memo::clock(time))) == 9);
    CHECK(long_ones_in(memo::cached(takes, memo::policy(memo::lru), memo::max_size(12), memo::clock(time))) == 1);
}

TEST_CASE("cost_aware: over the memoization traces run time is an eighth below the best blind policy, nowhere 1 % above") {
    auto const traces = traces_beside();
    if (traces.empty() || std::system("zstd --version > /dev/null 2>&1") != 0) {
        MESSAGE("skipped: needs shared/traces beside the checkout, and zstd");
        return;
    }
    double sum = 0;
    double worst = -100;
    int cells = 0;
    for (auto const& [name, best_of] : blind_runs_saved(traces / "expected_cost.csv")) {
        auto const requests = read_trace(traces / (name + ".txt.zst"));
        auto const costs = read_trace(traces / (name + ".cost.txt.zst"));
        for (auto const& [capacity, best] : best_of) {
            auto const change = 100 * ((1 - saved(requests, costs, capacity)) / (1 - best) - 1);
            MESSAGE(name << " " << capacity << ": " << change << " %");
            sum += change;
            worst = std::max(worst, change);
            ++cells;
        }
    }
    REQUIRE(cells == 16);
    CHECK(sum / cells < -13.5);
    CHECK(worst < 1);
}

TEST_CASE("cost_aware: where all runs take the same time, hits are within a point of LRU's and of S3-FIFO's") {
    auto const traces = traces_beside();
    if (traces.empty() || std::system("zstd --version > /dev/null 2>&1") != 0) {
        MESSAGE("skipped: needs shared/traces beside the checkout, and zstd");
        return;
    }
    int cells = 0;
    for (auto const& row : expected_ratios(traces / "expected.csv", {"LRU", "S3FIFO"})) {
        auto const& name = row.first.first;
        if (name != "addr_gcc" && name != "lirs_sprite" && name != "memo_gitcaf" && name != "web_nasa") continue;
        auto const best = *std::max_element(row.second.begin(), row.second.end());
        INFO(name << " at " << row.first.second);
        CHECK(hit_ratio<cost_aware_order>(read_trace(traces / (name + ".txt.zst")), row.first.second) > best - 1);
        ++cells;
    }
    CHECK(cells == 16);
}

TEST_CASE("cost_aware: a hook has 40 bytes") { static_assert(sizeof(cost_aware_order::hook) == 40); }

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("cost_aware: reads beside the other verbs leave it whole") { touch_beside_the_other_verbs<cost_aware_order>(); }

TEST_SUITE_END();
