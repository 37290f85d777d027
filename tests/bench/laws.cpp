// What the laws cost: one run for equal calls, and the fence, on a hit and on a miss. Run it with tests/bench/laws.

#include "hand_written.hpp"

#include <memo/memo.hpp>
#include <memo/store/memory.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace {

constexpr std::int64_t entries = 1024;

std::int64_t square(std::int64_t number) { return number * number; }

template <class G>
void hits(benchmark::State& state, G& cached) {
    for (std::int64_t number = 0; number != entries; ++number) cached(number);
    std::int64_t number = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(cached(number));
        number = (number + 389) % entries;
    }
}

/// Every call is for another number: it misses, runs, stores, and makes another entry leave.
template <class G>
void misses(benchmark::State& state, G& cached) {
    std::int64_t number = 0;
    for (auto _ : state) benchmark::DoNotOptimize(cached(++number));
}

void hit_together(benchmark::State& state) {
    auto cached = memo::cached(square, memo::max_size(2 * entries));
    hits(state, cached);
}
void hit_alone(benchmark::State& state) {
    auto cached = memo::cached(square, memo::max_size(2 * entries), memo::no_coalesce);
    hits(state, cached);
}
void miss_together(benchmark::State& state) {
    auto cached = memo::cached(square, memo::max_size(entries));
    misses(state, cached);
}
void miss_alone(benchmark::State& state) {
    auto cached = memo::cached(square, memo::max_size(entries), memo::no_coalesce);
    misses(state, cached);
}
void miss_by_hand(benchmark::State& state) {
    hand_written cached{square, entries};
    misses(state, cached);
}

using store = memo::detail::memory_store<std::int64_t, memo::lru_order>;

/// A key of eight bytes, and the place that they hash to.
struct numbered_key {
    std::int64_t number;

    memo::detail::key_view view() const {
        std::string_view const bytes{reinterpret_cast<char const*>(&number), sizeof number};
        return {memo::detail::place_of(bytes), bytes, {}};
    }
};

store small_store() {
    return store{memo::detail::memory_limits{entries, std::numeric_limits<std::size_t>::max(), true, std::chrono::minutes{1}}};
}

void store_unfenced(benchmark::State& state) {
    auto kept = small_store();
    std::int64_t number = 0;
    for (auto _ : state) {
        numbered_key const key{++number};
        benchmark::DoNotOptimize(kept.get(key.view(), {}));
        kept.set(key.view(), number, {}, 0);
    }
}
void store_fenced(benchmark::State& state) {
    auto kept = small_store();
    std::int64_t number = 0;
    for (auto _ : state) {
        numbered_key const key{++number};
        auto const mine = std::make_shared<memo::detail::lease>(key.view(), std::vector<std::string>{});
        benchmark::DoNotOptimize(kept.begin(mine, {}, true).hit);
        kept.commit(*mine, number, {}, 0);
    }
}

BENCHMARK(hit_together);
BENCHMARK(hit_alone);
BENCHMARK(miss_together);
BENCHMARK(miss_alone);
BENCHMARK(miss_by_hand);
BENCHMARK(store_fenced);
BENCHMARK(store_unfenced);

}  // namespace

BENCHMARK_MAIN();
