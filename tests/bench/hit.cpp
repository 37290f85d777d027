// How long a hit takes: `memo::cached` as a user writes it, beside a memoizer written by hand. Run it with
// tests/bench/hit.

#include "hand_written.hpp"

#include <memo/memo.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

constexpr std::size_t calls = 1024;

std::int64_t square(std::int64_t number) { return number * number; }

double price(std::string const& customer, int day, double rate) {
    return static_cast<double>(customer.size()) * day * rate;
}

/// The arguments of `calls` different calls, in an order without pattern.
struct number_calls {
    std::vector<std::int64_t> numbers;

    number_calls() {
        for (std::size_t i = 0; i < calls; ++i)
            numbers.push_back(static_cast<std::int64_t>(i * 389 % calls * 1'000'003));
    }

    template <class G>
    auto call(G& square_of, std::size_t i) const {
        return square_of(numbers[i]);
    }
};

struct price_calls {
    std::vector<std::string> customers;

    price_calls() {
        for (std::size_t i = 0; i < calls; ++i)
            customers.push_back("customer/" + std::to_string(10'000'000 + i * 389 % calls));
    }

    template <class G>
    auto call(G& price_of, std::size_t i) const {
        return price_of(customers[i], static_cast<int>(i % 31), 0.25 * static_cast<double>(i % 7));
    }
};

/// Every call was made before, so that each measured one is a hit; all threads share `cached`.
template <class Calls, class G>
void hits(benchmark::State& state, G& cached) {
    static Calls const made;
    std::size_t at = static_cast<std::size_t>(state.thread_index()) * calls / 2;
    for (std::size_t i = 0; i < calls; ++i) made.call(cached, i);
    for (auto _ : state) {
        benchmark::DoNotOptimize(made.call(cached, at));
        at = (at + 1) % calls;
    }
}

void number_memo(benchmark::State& state) {
    static auto cached = memo::cached(square);
    hits<number_calls>(state, cached);
}

void number_hand(benchmark::State& state) {
    static hand_written cached{square};
    hits<number_calls>(state, cached);
}

void price_memo(benchmark::State& state) {
    static auto cached = memo::cached(price);
    hits<price_calls>(state, cached);
}

void price_hand(benchmark::State& state) {
    static hand_written cached{price};
    hits<price_calls>(state, cached);
}

BENCHMARK(number_memo)->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(number_hand)->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(price_memo)->ThreadRange(1, 2)->UseRealTime();
BENCHMARK(price_hand)->ThreadRange(1, 2)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
