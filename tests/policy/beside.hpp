#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

/// Two threads touch residents without a lock while another one admits and forgets under a lock that only verbs take.
/// What is touched stays resident; what comes and goes is not touched by others. Checks that the order stays whole, and
/// that it offers a victim all the while.
template <class Order>
void touch_beside_the_other_verbs() {
    static_assert(Order::touches_unlocked);
    constexpr std::size_t standing = 64;
    constexpr std::size_t passing = 64;
    constexpr int rounds = 20'000;
    Order order;
    std::vector<typename Order::hook> stay(standing);
    std::vector<typename Order::hook> pass(passing);
    std::mutex lock;
    for (auto& hook : stay) order.admit(hook);

    std::atomic<bool> done{false};
    auto const read = [&](unsigned seed) {
        std::minstd_rand chance{seed};
        while (!done.load(std::memory_order_relaxed)) order.touch(stay[chance() % standing]);
    };
    std::thread first{read, 1U};
    std::thread second{read, 2U};

    bool always_a_victim = true;
    std::vector<bool> resident(passing);
    std::minstd_rand chance{3};
    for (int round = 0; round < rounds; ++round) {
        std::lock_guard const held{lock};
        auto const at = chance() % passing;
        if (resident[at])
            order.forget(pass[at]);
        else
            order.admit(pass[at]);
        resident[at] = !resident[at];
        always_a_victim = always_a_victim && order.victim() != nullptr;
    }
    done = true;
    first.join();
    second.join();
    CHECK(always_a_victim);
    CHECK(order.validate());
}
