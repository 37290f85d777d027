#include <memo/base/sync.hpp>

#include <doctest/doctest.h>

#include <mutex>
#include <thread>
#include <vector>

using memo::detail::atomic;
using memo::detail::brief_mutex;

TEST_CASE_TEMPLATE("sync: a mutex keeps a second thread out, as long as it is held", lock_type, memo::detail::mutex, brief_mutex) {
    lock_type lock;
    atomic<bool> came{false};
    auto const try_it = [&] { std::jthread{[&] { came = std::unique_lock{lock, std::try_to_lock}.owns_lock(); }}.join(); };
    std::unique_lock mine{lock};
    try_it();
    CHECK_FALSE(came);
    mine.unlock();
    try_it();
    CHECK(came);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("sync: who waits for a brief mutex longer than it is patient gets it all the same, once it is free") {
    brief_mutex lock;
    atomic<bool> came{false};
    std::unique_lock mine{lock};
    atomic<bool> begun{false};
    std::thread waiting{[&] {
        begun = true;
        std::lock_guard const late{lock};
        came = true;
    }};
    while (!begun) std::this_thread::yield();
    for (int pause = 0; pause != 10'000; ++pause) std::this_thread::yield();
    CHECK_FALSE(came);
    mine.unlock();
    waiting.join();
    CHECK(came);
}

TEST_CASE("sync: one thread at a time holds a brief mutex") {
    brief_mutex lock;
    long counted = 0;
    constexpr int threads = 4;
    constexpr int times = 20'000;
    std::vector<std::thread> all;
    for (int thread = 0; thread != threads; ++thread)
        all.emplace_back([&] {
            for (int time = 0; time != times; ++time) {
                std::lock_guard const mine{lock};
                ++counted;
            }
        });
    for (auto& one : all) one.join();
    CHECK(counted == long{threads} * times);
}

TEST_SUITE_END();
