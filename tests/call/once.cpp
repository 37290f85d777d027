#include <memo/call/once.hpp>

#include "call/shortage.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/cached_property.hpp>
#include <memo/testing/disable.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <latch>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::duration;
using memo::manual_clock;
using memo::detail::time_source;

namespace {

template <class Value = int>
memo::detail::once<Value> make_once(duration ttl = duration::max(), duration idle = duration::max(), time_source clock = {}) {
    return memo::detail::once<Value>{ttl, idle, std::move(clock)};
}

auto counting(int& runs) {
    return [&runs] { return ++runs; };
}

std::string const long_text = "a text that is too long to stand within a string object";

}  // namespace

TEST_CASE("once: the value is computed at first use and kept") {
    int runs = 0;
    auto one = make_once();
    CHECK(one.peek() == std::nullopt);
    CHECK(one.get(counting(runs)) == 1);
    CHECK(one.get(counting(runs)) == 1);
    CHECK(one.peek() == 1);
}

TEST_CASE("once: it is fresh while its age is below ttl, and no longer") {
    manual_clock clock;
    int runs = 0;
    auto one = make_once(10s, duration::max(), time_source{clock});
    CHECK(one.get(counting(runs)) == 1);
    clock.advance(10s - 1ns);
    CHECK(one.get(counting(runs)) == 1);
    clock.advance(1ns);
    CHECK(one.peek() == std::nullopt);
    CHECK(one.get(counting(runs)) == 2);
}

TEST_CASE("once: reading restarts the idle time, looking does not") {
    manual_clock clock;
    int runs = 0;
    auto one = make_once(duration::max(), 10s, time_source{clock});
    CHECK(one.get(counting(runs)) == 1);
    clock.advance(9s);
    CHECK(one.get(counting(runs)) == 1);
    clock.advance(9s);
    CHECK(one.peek() == 1);
    clock.advance(1s);
    CHECK(one.get(counting(runs)) == 2);
}

TEST_CASE("F37 once: a lifetime of zero or less keeps nothing, the longest keeps forever, at any time of the clock") {
    for (auto const start : {duration::min(), duration{-1}, duration{0}, duration{1}, duration::max() - 1ns}) {
        manual_clock clock;
        clock.set(manual_clock::time_point{start});
        for (auto const ttl : {duration::min(), duration{-1}, duration{0}}) {
            int runs = 0;
            auto one = make_once(ttl, duration::max(), time_source{clock});
            CHECK(one.get(counting(runs)) == 1);
            CHECK(one.get(counting(runs)) == 2);
        }
        int runs = 0;
        auto one = make_once(duration::max(), duration::max() - 1ns, time_source{clock});
        CHECK(one.get(counting(runs)) == 1);
        CHECK(one.get(counting(runs)) == 1);
    }
}

TEST_CASE("once: a copy has the value, a move takes it") {
    int runs = 0;
    auto one = make_once();
    one.set(7);
    auto const copy = one;
    CHECK(copy.peek() == 7);
    auto const taken = std::move(one);
    CHECK(taken.peek() == 7);
    CHECK(one.peek() == std::nullopt);
    CHECK(one.get(counting(runs)) == 1);
}

TEST_CASE("once: assignment replaces the value, also by none") {
    auto one = make_once();
    auto other = make_once();
    other.set(8);
    one = other;
    CHECK(one.peek() == 8);
    CHECK(other.peek() == 8);
    auto const& itself = one;
    one = itself;
    CHECK(one.peek() == 8);
    one = make_once();
    CHECK(one.peek() == std::nullopt);
}

TEST_CASE("once: disabled, it only computes") {
    int runs = 0;
    auto one = make_once();
    one.set(7);
    auto const off = memo::testing::disable();
    one.set(8);
    CHECK(one.get(counting(runs)) == 1);
    CHECK(one.get(counting(runs)) == 2);
    CHECK(one.peek() == std::nullopt);
}

TEST_CASE("F33 once: an exception passes through and the next call tries again") {
    int runs = 0;
    auto one = make_once();
    auto const failing_first = [&] { return ++runs == 1 ? throw 42 : runs; };
    CHECK_THROWS_AS(one.get(failing_first), int);
    CHECK(one.peek() == std::nullopt);
    CHECK(one.get(failing_first) == 2);
    CHECK(one.get(failing_first) == 2);
}

TEST_CASE("F24 once: a computation that asks for its own value throws recursion_error") {
    auto one = make_once();
    std::function<int()> const again = [&] { return one.get(again); };
    CHECK_THROWS_AS(one.get(again), memo::recursion_error);
    CHECK(one.get([] { return 7; }) == 7);
}

TEST_CASE("F33 once: what is reset or set while it is computed is not kept") {
    auto one = make_once();
    CHECK(one.get([&] { return one.reset(), 1; }) == 1);
    CHECK(one.peek() == std::nullopt);
    CHECK(one.get([&] { return one.set(5), 1; }) == 1);
    CHECK(one.peek() == 5);
}

TEST_CASE("F33 once: copied while it is computed, the copy is empty and computes for itself; moved away, the run is not kept") {
    auto one = make_once();
    std::optional<memo::detail::once<int>> other;
    CHECK(one.get([&] { return other.emplace(one).get([] { return 9; }) - 8; }) == 1);
    CHECK(one.peek() == 1);
    CHECK(other->peek() == 9);
    one.reset();
    CHECK(one.get([&] { return other.emplace(std::move(one)), 2; }) == 2);
    CHECK(one.peek() == std::nullopt);
    CHECK(other->peek() == std::nullopt);
}

TEST_CASE("F25 once: while the value is computed, copied or destroyed no lock is held") {
    struct watchful {
        memo::detail::once<watchful>* owner;
        int number;
        watchful(memo::detail::once<watchful>* of, int which) : owner{of}, number{which} {}
        watchful(watchful const& other) : owner{other.owner}, number{other.number} { look(); }
        ~watchful() { look(); }
        void look() const {
            if (auto* const one = std::exchange(asking(), nullptr)) {
                static_cast<void>(one->peek());
                asking() = one;
            }
        }
        static memo::detail::once<watchful>*& asking() {
            static memo::detail::once<watchful>* now = nullptr;
            return now;
        }
    };
    auto one = make_once<watchful>();
    watchful::asking() = &one;
    auto const make = [&] {
        one.reset();
        return watchful{&one, 3};
    };
    CHECK(one.get(make).number == 3);
    CHECK(one.get([&] { return watchful{&one, 4}; }).number == 4);
    CHECK(one.get(make).number == 4);
    one.set({&one, 5});
    one.reset();
    one.set({&one, 6});
    one = make_once<watchful>();
    watchful::asking() = nullptr;
}

TEST_CASE("F23 once: whichever allocation fails, the value arrives") {
    for (std::size_t nth = 1;; ++nth) {
        CAPTURE(nth);
        auto one = make_once<std::string>();
        auto const compute = [] {
            shortage::pause const own;
            return long_text;
        };
        std::optional<std::string> first;
        std::optional<std::string> second;
        bool struck = false;
        {
            shortage const scarce{nth};
            first = one.get(compute);
            second = one.get(compute);
            struck = scarce.struck();
        }
        CHECK(first == long_text);
        CHECK(second == long_text);
        if (!struck)
            break;
    }
}

TEST_CASE("F23 once: a clock that throws keeps nothing, and the value arrives") {
    struct broken_clock {
        bool* breaks;
        std::chrono::steady_clock::time_point now() const {
            if (*breaks)
                throw std::runtime_error{"no time"};
            return {};
        }
    };
    bool breaks = true;
    int runs = 0;
    auto one = make_once(10s, duration::max(), time_source{broken_clock{&breaks}});
    CHECK(one.get(counting(runs)) == 1);
    breaks = false;
    CHECK(one.get([&] { return breaks = true, ++runs; }) == 2);
    breaks = false;
    CHECK(one.get(counting(runs)) == 2);
}

namespace {

struct house {
    int number;
    int doubled() const { return 2 * number; }
    memo::cached_property<&house::doubled> twice{this};
};

}  // namespace

TEST_CASE("F33 once: a million houses at one address each have a value of their own") {
    alignas(house) std::byte ground[sizeof(house)];
    int wrong = 0;
    for (int number = 0; number < 1'000'000; ++number) {
        auto* const built = new (ground) house{number};
        wrong += built->twice.peek().has_value() || built->twice() != 2 * number;
        built->~house();
    }
    CHECK(wrong == 0);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F33 once: concurrent first accesses share one run") {
    for (int round = 0; round < 200; ++round) {
        auto one = make_once<std::string>();
        std::atomic<int> runs = 0;
        std::atomic<int> wrong = 0;
        std::latch all_here{4};
        {
            std::vector<std::jthread> calls;
            for (int i = 0; i < 4; ++i)
                calls.emplace_back([&] {
                    all_here.arrive_and_wait();
                    wrong += one.get([&] { return ++runs, long_text; }) != long_text;
                });
        }
        REQUIRE(runs == 1);
        REQUIRE(wrong == 0);
    }
}

TEST_CASE("F25 once: the clock that an assignment replaces ends with no lock held") {
    struct parting_clock {
        std::shared_ptr<void> parting;
        std::chrono::steady_clock::time_point now() const { return {}; }
    };
    auto one = make_once();
    bool parted = false;
    one = make_once(1h, 1h, time_source{parting_clock{{nullptr, [&](std::nullptr_t) { one.reset(), parted = true; }}}});
    CHECK_FALSE(parted);
    one = make_once();
    CHECK(parted);
}

TEST_CASE("F33 once: copies, moves, resets and reads at the same time leave every reader with a whole value") {
    auto one = make_once<std::string>();
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 2; ++i)
            readers.emplace_back([&] {
                while (!done) {
                    wrong += one.get([] { return long_text; }) != long_text;
                    auto const seen = one.peek();
                    wrong += seen && *seen != long_text;
                }
            });
        for (int round = 0; round < 2'000; ++round) {
            auto copy = one;
            auto const seen = copy.peek();
            wrong += seen && *seen != long_text;
            auto const taken = std::move(one);
            one.set(long_text);
            one.reset();
        }
        done = true;
    }
    CHECK(wrong == 0);
}

TEST_SUITE_END();
