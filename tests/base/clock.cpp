#include <memo/base/clock.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>
#include <type_traits>

using memo::duration;
using memo::detail::between;
using memo::detail::later;
using memo::detail::saturate;
using namespace std::chrono_literals;

namespace {

struct ticking {
    using time_point = std::chrono::time_point<std::chrono::steady_clock, std::chrono::milliseconds>;
    int reads = 0;
    time_point now() { return time_point{std::chrono::milliseconds{++reads}}; }
};

template <class Clock>
struct option_like {
    Clock value;
};

}  // namespace

TEST_SUITE("clock") {
    TEST_CASE("F37: a span that is too long is forever, one too far below zero is the least duration") {
        CHECK(saturate(std::chrono::hours::max()) == duration::max());
        CHECK(saturate(std::chrono::hours::min()) == duration::min());
        CHECK(saturate(std::chrono::duration<std::int64_t, std::ratio<86400 * 365>>{300}) == duration::max());
        CHECK(saturate(memo::forever) == duration::max());
        CHECK(saturate(duration::max()) == duration::max());
    }

    TEST_CASE("F37: NaN is zero, infinity is forever, and a fraction of a nanosecond is not nothing") {
        using seconds = std::chrono::duration<double>;
        CHECK(saturate(seconds{std::numeric_limits<double>::quiet_NaN()}) == duration::zero());
        CHECK(saturate(seconds{std::numeric_limits<double>::infinity()}) == duration::max());
        CHECK(saturate(seconds{-std::numeric_limits<double>::infinity()}) == duration::min());
        CHECK(saturate(seconds{1e-12}) == duration{1});
        CHECK(saturate(seconds{0.5}) == 500ms);
        CHECK(saturate(std::chrono::duration<std::int64_t, std::pico>{1}) == duration{1});
        CHECK(saturate(std::chrono::duration<std::int64_t, std::pico>{2'500}) == duration{2});
    }

    TEST_CASE("F37: spans that fit are exact") {
        CHECK(rc::check([](std::int64_t count) {
            RC_ASSERT(saturate(duration{count}) == duration{count});
            auto const milliseconds = std::chrono::milliseconds{count / 1'000'000};
            RC_ASSERT(saturate(milliseconds) == duration{milliseconds});
        }));
    }

    TEST_CASE("F37: the end of a lifetime saturates instead of overflowing") {
        CHECK(later(duration::max() - 1ns, 2ns) == duration::max());
        CHECK(later(duration::min(), duration::max()) == duration::max());
        CHECK(later(1s, duration::max()) == duration::max());
        CHECK(rc::check([](std::int64_t start, std::int64_t span) {
            RC_PRE(span >= 0);
            auto const end = later(duration{start}, duration{span});
            RC_ASSERT(end >= duration{start});
            RC_ASSERT(end == duration::max() || end - duration{start} == duration{span});
        }));
    }

    TEST_CASE("F37: the time between two points saturates instead of overflowing") {
        CHECK(between(duration::min(), duration::max()) == duration::max());
        CHECK(between(duration::max(), duration::min()) == duration::min());
        CHECK(between(duration{0}, duration::min()) == duration::min());
        CHECK(rc::check([](std::int64_t start, std::int64_t end) {
            auto const exact = static_cast<long double>(end) - static_cast<long double>(start);
            auto const told = between(duration{start}, duration{end});
            RC_ASSERT(told == memo::detail::saturate(std::chrono::duration<long double, std::nano>{exact}));
        }));
    }

    TEST_CASE("clock: a temporary is kept by value, an lvalue by reference, and an option is looked into") {
        ticking mine;
        memo::detail::time_source const by_reference{mine};
        CHECK(by_reference.now() == 1ms);
        CHECK(mine.reads == 1);

        memo::detail::time_source const by_value{ticking{40}};
        auto const copy = by_value;
        CHECK(by_value.now() == 41ms);
        CHECK(copy.now() == 42ms);

        memo::detail::time_source const of_option{option_like<ticking&>{mine}};
        CHECK(of_option.now() == 2ms);
    }

    TEST_CASE("clock: without one it is the steady clock") {
        auto const before = std::chrono::steady_clock::now().time_since_epoch();
        auto const now = memo::detail::time_source{}.now();
        CHECK(now >= before);
        CHECK(now <= std::chrono::steady_clock::now().time_since_epoch());
    }

    TEST_CASE("clock: without one that is handed in it is the steady clock, which real time is of, too") {
    memo::detail::time_source const own;
    CHECK(own.is_steady());
    auto const before = memo::detail::real_time();
    auto const told = own.now();
    CHECK(told >= before);
    CHECK(memo::detail::real_time() >= told);
    struct stopped {
        std::chrono::steady_clock::time_point now() const { return {}; }
    };
    CHECK_FALSE(memo::detail::time_source{stopped{}}.is_steady());
}

TEST_CASE("clock: the present time is between the bounds of the steady clock, and is the bound of one that was handed in") {
    for (int look = 0; look != 1'000; ++look) {
        auto const earlier = memo::detail::real_time();
        auto const [before, after] = memo::detail::time_source{}.bounds();
        CHECK(before <= memo::detail::real_time());
        CHECK(after >= earlier);
        CHECK(after - before < 1s);
    }
    memo::manual_clock clock;
    clock.advance(3s);
    auto const [before, after] = memo::detail::time_source{clock}.bounds();
    CHECK(before == after);
    CHECK(after == memo::detail::time_source{clock}.now());
}

TEST_CASE("clock: a lifetime in an aggregate takes any span, and no bare number") {
        CHECK(memo::detail::lifetime{}.value == duration::max());
        CHECK(memo::detail::lifetime{5min}.value == 5min);
        CHECK(memo::detail::lifetime{std::chrono::duration<double>{0.25}}.value == 250ms);
        CHECK(memo::detail::lifetime{memo::forever}.value == duration::max());
        CHECK_FALSE(std::is_constructible_v<memo::detail::lifetime, int>);
    }
}
