#include <memo/transport/breaker.hpp>

#include <memo/base/clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using memo::duration;
using memo::detail::breaker;
using namespace std::chrono_literals;

TEST_SUITE("breaker") {
    TEST_CASE("F51 breaker: opens after so many failures in a row, and not before") {
        breaker five{5};
        for (int i = 0; i != 4; ++i)
            five.failed(0s, 0);
        five.succeeded();
        for (int i = 0; i != 4; ++i)
            five.failed(0s, 0);
        CHECK(five.admits(0s));
        CHECK_FALSE(five.open());
        five.failed(0s, 0);
        CHECK(five.open());
        CHECK_FALSE(five.admits(1ns));
    }

    TEST_CASE("F51 breaker: while it is open, one caller tries at most once a second, and at least") {
        breaker one{1};
        duration now = 1h;
        one.failed(now, 0);
        for (int failures = 0; failures != 10; ++failures) {
            int tries = 0;
            auto const begun = now;
            while (!one.admits(now) && now < begun + 2s)
                now += 1ms;
            CHECK(now - begun <= breaker::longest_rest);
            for (int i = 0; i != 100; ++i)
                tries += one.admits(now + i * 1ms) ? 1 : 0;
            CHECK(tries == 0);
            one.failed(now, static_cast<unsigned>(failures) * 7919U);
        }
        while (!one.admits(now))
            now += 1ms;
        one.succeeded();
        CHECK(one.admits(now));
        CHECK(one.admits(now));
    }

    TEST_CASE("F52 breaker: rests double up to their longest, and are shorter by chance") {
        auto const rest_after = [](int failures, std::uint64_t chance) {
            breaker one{1};
            for (int i = 0; i != failures; ++i)
                one.failed(0s, chance);
            duration now = 0s;
            while (!one.admits(now))
                now += 1ms;
            return now;
        };
        CHECK(rest_after(1, 0) == 125ms);
        CHECK(rest_after(2, 0) == 250ms);
        CHECK(rest_after(4, 0) == 1s);
        CHECK(rest_after(1000, 0) == 1s);
        CHECK(rest_after(1000, 200'000'000) == 800ms);
        CHECK(rest_after(1000, ~0ULL) >= 750ms);
    }

    TEST_CASE("breaker: it rests as long as it admits nobody, and to ask that admits nobody") {
        breaker one{1};
        CHECK_FALSE(one.rests(0s));
        one.failed(0s, 0);
        CHECK(one.rests(124ms));
        CHECK_FALSE(one.rests(125ms));
        CHECK_FALSE(one.rests(125ms));
        CHECK(one.admits(125ms));
        CHECK(one.rests(125ms));
    }

    TEST_CASE("breaker: whose try never ends does not keep others out for longer than a second") {
        breaker one{1};
        one.failed(0s, 0);
        REQUIRE(one.admits(125ms));
        CHECK_FALSE(one.admits(1124ms));
        CHECK(one.admits(1125ms));
    }
}

TEST_SUITE("breaker concurrent") {
    TEST_CASE("F51 breaker: of many threads that ask at once, one is let through") {
        for (int round = 0; round != 200; ++round) {
            breaker one{1};
            one.failed(0s, 0);
            std::atomic<int> admitted{0};
            {
                std::vector<std::jthread> threads;
                for (int i = 0; i != 4; ++i)
                    threads.emplace_back([&] { admitted += one.admits(1s) ? 1 : 0; });
            }
            CHECK(admitted == 1);
        }
    }
}
