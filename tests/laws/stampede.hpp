#pragma once

#include <memo/cached.hpp>
#include <memo/options.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <latch>
#include <thread>
#include <vector>

namespace laws {

struct stampede_result {
    std::size_t answers = 0;  ///< right ones
    std::size_t runs = 0;
    std::chrono::nanoseconds took{};  ///< from the moment at which all threads stood ready
};

/// So many threads ask for the same cold keys, one after the other; each run goes on until all the others wait for it.
inline stampede_result stampede(std::size_t callers, std::size_t cold_keys) {
    std::atomic<std::size_t> runs{0};
    std::atomic<std::size_t> answers{0};
    std::function<std::size_t()> joined;
    auto const g = memo::cached(
        [&](std::size_t key) {
            ++runs;
            while (joined() < (callers - 1) * (key + 1)) std::this_thread::yield();
            return key;
        },
        memo::wait_timeout(memo::forever));
    joined = [&] { return g.stats().joins; };

    std::latch ready{static_cast<std::ptrdiff_t>(callers) + 1};
    std::vector<std::thread> threads;
    threads.reserve(callers);
    for (std::size_t number = 0; number != callers; ++number)
        threads.emplace_back([&] {
            ready.arrive_and_wait();
            for (std::size_t key = 0; key != cold_keys; ++key) answers += g(key) == key;
        });
    ready.arrive_and_wait();
    auto const begun = std::chrono::steady_clock::now();
    for (auto& one : threads) one.join();
    return {answers, runs, std::chrono::steady_clock::now() - begun};
}

}  // namespace laws
