#include "cache_grounds.hpp"

#include <memo/cache.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("cache: equal calls of get_or_compute share one run, its value or its exception") {
    on_each([](stand& on) {
        auto& c = on.c;
        constexpr int threads = 8;
        for (bool const throws : {false, true}) {
            std::atomic<int> runs{0};
            std::atomic<int> thrown{0};
            std::atomic<int> right{0};
            std::latch begin{threads};
            auto const joins_before = c.stats().joins;
            {
                std::vector<std::jthread> crew;
                for (int n = 0; n != threads; ++n)
                    crew.emplace_back([&] {
                        begin.arrive_and_wait();
                        try {
                            right += c.get_or_compute("n", [&] {
                                ++runs;
                                while (c.stats().joins - joins_before != threads - 1)
                                    std::this_thread::yield();
                                return throws ? throw std::runtime_error{"no"} : 7;
                            }) == 7;
                        } catch (std::runtime_error const&) {
                            ++thrown;
                        }
                    });
            }
            CHECK(runs == 1);
            CHECK(right == (throws ? 0 : threads));
            CHECK(thrown == (throws ? threads : 0));
            c.erase("n");
        }
    });
}

TEST_CASE("cache: a call that starts after an eviction does not join a run that began before") {
    on_each([](stand& on) {
        auto& c = on.c;
        memo::cache const other{on.store, memo::clock(on.time)};
        for (bool const elsewhere : {false, true}) {
            std::latch begun{1};
            std::latch may_end{1};
            std::jthread slow{[&] {
                CHECK(c.get_or_compute("n", [&] {
                    begun.count_down();
                    may_end.wait();
                    return 1;
                }) == 1);
            }};
            begun.wait();
            CHECK((elsewhere ? other : c).erase("n").confirmed());
            CHECK(c.get_or_compute("n", [] { return 2; }) == 2);
            may_end.count_down();
            slow.join();
            CHECK(c.get<int>("n") == 2);
            c.erase("n");
        }
    });
}

TEST_CASE("cache: calls of several types for one key each get their own, and neither waits for ever") {
    on_each([](stand& on) {
        auto& c = on.c;
        std::atomic<int> wrong{0};
        std::vector<std::jthread> crew;
        for (int n = 0; n != 4; ++n)
            crew.emplace_back([&, n] {
                for (int round = 0; round != 50; ++round) {
                    auto const key = std::to_string(round % 5);
                    if (n % 2 == 0)
                        wrong += c.get_or_compute(key, [] { return 1; }) != 1;
                    else
                        wrong += c.get_or_compute(key, [] { return "one"; }) != "one";
                }
            });
        crew.clear();
        CHECK(wrong == 0);
    });
}

TEST_CASE("cache: a run that takes too long is not waited for") {
    memo::cache const c{memo::wait_timeout(1ms)};
    std::latch begun{1};
    std::latch may_end{1};
    std::jthread slow{[&] {
        CHECK(c.get_or_compute("n", [&] {
            begun.count_down();
            may_end.wait();
            return 1;
        }) == 1);
    }};
    begun.wait();
    CHECK(c.get_or_compute("n", [] { return 2; }) == 2);
    may_end.count_down();
    slow.join();
    CHECK(c.get<int>("n") == 2);
}

TEST_CASE("cache: nobody waits for ever for a run that cannot even begin") {
    struct failing_clock {
        memo::manual_clock time{};
        std::shared_ptr<std::atomic<int>> looks = std::make_shared<std::atomic<int>>(0);
        memo::manual_clock::time_point now() const {
            if (--*looks == 0)
                throw std::runtime_error{"no time"};
            return time.now();
        }
    };
    failing_clock const clock;
    memo::cache const c{memo::memory_bytes_store{}, memo::clock(clock)};
    for (int looks = 1; looks != 7; ++looks) {
        *clock.looks = looks;
        try {
            static_cast<void>(c.get_or_compute("n", [] { return 1; }));
        } catch (std::runtime_error const&) {
        }
        *clock.looks = 0;
        CHECK(c.get_or_compute("n", [] { return 1; }) == 1);
        c.clear();
    }
}

TEST_CASE("transaction: readers of several keys see all of it or nothing") {
    on_each([](stand& on) {
        auto& c = on.c;
        std::atomic<bool> over{false};
        std::atomic<int> torn{0};
        c.set_many<int>({{"a", 0}, {"b", 0}, {"c", 0}});
        std::vector<std::jthread> readers;
        for (int n = 0; n != 2; ++n)
            readers.emplace_back([&] {
                while (!over) {
                    auto const seen = c.get_many<int>({"a", "b", "c"});
                    torn += !(seen[0] == seen[1] && seen[1] == seen[2] && seen[0]);
                }
            });
        for (int n = 1; n != 200; ++n) {
            auto t = c.transaction();
            for (auto const* key : {"a", "b", "c"})
                t.set(key, n);
            t.commit();
        }
        over = true;
        readers.clear();
        CHECK(torn == 0);
        CHECK(c.get<int>("a") == 199);
    });
}

TEST_CASE("hooks: they may be registered while others use the cache") {
    memo::cache const c;
    std::atomic<bool> over{false};
    std::jthread user{[&] {
        for (int n = 0; !over; ++n) {
            c.set("n", n);
            c.get<int>("n");
        }
    }};
    for (int n = 0; n != 50; ++n) {
        c.after_get([](std::string_view, int value) { return value; });
        c.validator([](std::string_view, int) { return true; });
        c.on_event([](memo::event const&) {});
    }
    over = true;
}

TEST_SUITE_END();
