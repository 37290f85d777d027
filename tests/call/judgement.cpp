#include <memo/call/judgement.hpp>

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/cached.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/settings.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::duration;
using memo::manual_clock;
using memo::detail::terms;

namespace {

/// What these options say of the result `value` of a call with the argument `argument`.
template <class... Options>
std::optional<terms> judge(int value, std::string const& argument, Options... options) {
    memo::detail::option_set<Options...> all{std::move(options)...};
    memo::detail::space in{{}};
    auto const said = memo::detail::read_settings(all, in, "unnamed");
    return memo::detail::judgement<memo::detail::option_set<Options...>>::pass(all, said, [&] { return value; }, 0, argument);
}

template <class... Options>
constexpr bool sees_arguments = memo::detail::judgement<memo::detail::option_set<Options...>>::template sees_arguments<int>;

std::vector<duration> const edges{duration::min(), duration{-1}, duration{0},           duration{1},
                                  1h,              24h * 365,    duration::max() - 1ns, duration::max()};

}  // namespace

TEST_CASE("judgement: without options a result stays forever") {
    auto const on = judge(1, "a");
    REQUIRE(on);
    CHECK(on->ttl == duration::max());
    CHECK(on->idle == duration::max());
    CHECK(on->weight == 0);
}

TEST_CASE("judgement: unless refuses by the result, or by result and arguments") {
    auto const odd = [](int n) { return n % 2 == 1; };
    CHECK_FALSE(judge(1, "a", memo::unless(odd)));
    CHECK(judge(2, "a", memo::unless(odd)));
    auto const same_length = [](int n, std::string const& text) { return text.size() == static_cast<std::size_t>(n); };
    CHECK_FALSE(judge(1, "a", memo::unless(same_length)));
    CHECK(judge(2, "a", memo::unless(same_length)));
}

TEST_CASE("judgement: ttl decides by the result, or by result and arguments, and is said in any unit") {
    CHECK(judge(3, "a", memo::ttl([](int n) { return std::chrono::hours{n}; }))->ttl == 3h);
    CHECK(judge(3, "ab", memo::ttl([](int n, std::string const& text) {
                    return std::chrono::duration<double>{n * static_cast<double>(text.size())};
                }))
              ->ttl == 6s);
    CHECK(judge(3, "a", memo::ttl([](int) { return memo::forever; }))->ttl == duration::max());
    CHECK_FALSE(judge(3, "a", memo::ttl([](int n) { return std::chrono::seconds{n - 3}; })));
}

TEST_CASE("judgement: what refuses is asked before what would be wasted") {
    bool asked = false;
    auto const noticing = [&](int) { return asked = true, 1h; };
    CHECK_FALSE(judge(1, "a", memo::unless([](int) { return true; }), memo::ttl(noticing)));
    CHECK_FALSE(asked);
}

TEST_CASE("judgement: a weigher weighs in its own unit, and below zero is an error") {
    CHECK(judge(7, "a", memo::max_bytes(100), memo::weigher([](int n) { return n; }))->weight == 7);
    CHECK(judge(7, "ab", memo::max_bytes(100), memo::weigher([](int, std::string const& text) { return text.size(); }))->weight == 2);
    CHECK_THROWS_AS(judge(-7, "a", memo::max_bytes(100), memo::weigher([](int n) { return n; })), memo::value_error);
}

TEST_CASE("judgement: arguments are remembered only where an option sees them") {
    auto const by_result = [](int) { return true; };
    auto const by_both = [](int, std::string const&) { return true; };
    static_assert(!sees_arguments<>);
    static_assert(!sees_arguments<decltype(memo::ttl(1h))>);
    static_assert(!sees_arguments<decltype(memo::unless(by_result))>);
    static_assert(sees_arguments<decltype(memo::unless(by_both))>);
    static_assert(sees_arguments<decltype(memo::ttl([](int, std::string const&) { return 1h; }))>);
}

TEST_CASE("F05 judgement: text that is only viewed is judged as it was before the call") {
    std::string letters = "before";
    auto viewed = memo::cached([&letters](std::string_view) { return letters = "after!", 1; },
                               memo::unless([](int, std::string_view given) { return given != "before"; }));
    viewed(letters);
    CHECK(viewed.size() == 1);
    auto pointed = memo::cached([&letters](char const*) { return letters = "beyond", 1; },
                                memo::unless([](int, char const* given) { return given != std::string_view{"after!"}; }));
    pointed(letters.c_str());
    CHECK(pointed.size() == 1);
}

TEST_CASE("F37 judgement: a weight beyond all numbers is the greatest, and none is below 0 or no number") {
    auto const weight = [](double by) {
        return judge(1, "a", memo::max_bytes(10), memo::weigher([by](int) { return by; }))->weight;
    };
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    CHECK(weight(0.0) == 0);
    CHECK(weight(2.5) == 2);
    CHECK(weight(1e300) == most);
    CHECK(weight(std::ldexp(1.0, 64)) == most);
    CHECK(weight(std::numeric_limits<double>::infinity()) == most);
    CHECK_THROWS_AS(weight(-0.5), memo::value_error);
    CHECK_THROWS_AS(weight(std::numeric_limits<double>::quiet_NaN()), memo::value_error);
}

TEST_CASE("F37 judgement: a lifetime of zero or less is not stored, whatever says it and in whatever unit") {
    for (auto const ttl : edges)
        CHECK(judge(1, "a", memo::ttl(ttl)).has_value() == (ttl > 0s));
    auto const nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_FALSE(judge(1, "a", memo::ttl(std::chrono::duration<double>{nan})));
    CHECK_FALSE(judge(1, "a", memo::ttl([nan](int) { return std::chrono::duration<double>{nan}; })));
    CHECK(judge(1, "a", memo::ttl(std::chrono::duration<double>{1e-30}))->ttl == 1ns);
    CHECK(judge(1, "a", memo::ttl(std::chrono::years{100'000}))->ttl == duration::max());
    CHECK(judge(1, "a", memo::ttl([](int) { return std::chrono::hours::max(); }))->ttl == duration::max());
}

TEST_CASE("F37 judgement: a jittered lifetime stays within its fraction and above zero, and varies") {
    CHECK(rc::check([](std::uint64_t chance) {
        auto const fraction = *rc::gen::element(0.0, 0.1, 0.5, 1.0);
        auto const lifetime = *rc::gen::element<duration>(1ns, 2ns, 1s, 24h, duration::max() - 1ns, duration::max());
        memo::detail::settings said;
        said.jitter = fraction;
        auto const spread = said.spread(lifetime, chance);
        RC_ASSERT(spread > 0ns);
        if (lifetime == duration::max())
            RC_ASSERT(spread == lifetime);
        auto const moved = static_cast<double>(spread.count()) - static_cast<double>(lifetime.count());
        RC_ASSERT(std::abs(moved) <= fraction * static_cast<double>(lifetime.count()) + 1);
    }));
    memo::detail::settings said;
    said.jitter = 0.1;
    std::set<duration> seen;
    for (std::uint64_t chance = 0; chance < 100; ++chance)
        seen.insert(said.spread(1h, chance));
    CHECK(seen.size() > 90);
    CHECK(*seen.begin() < 57min);
    CHECK(*seen.rbegin() > 63min);
}

TEST_CASE("F37 judgement: a result is fresh exactly while its age is below its lifetime, at every edge of both and of the clock") {
    CHECK(rc::check([] {
        auto const any = [](duration edge) { return rc::gen::oneOf(rc::gen::just(edge), rc::gen::arbitrary<duration>()); };
        auto const edge = rc::gen::mapcat(rc::gen::elementOf(edges), any);
        auto const start = std::min(*edge, duration::max() - 1ns);
        auto const ttl = *edge;
        auto const asked = std::max(start, std::min(*edge, duration::max() - 1ns));
        auto const age = memo::detail::between(start, asked);
        RC_PRE(age < duration::max());

        manual_clock clock;
        clock.set(manual_clock::time_point{start});
        int runs = 0;
        auto g = memo::cached([&](int) { return ++runs; }, memo::ttl([ttl](int) { return ttl; }), memo::clock(clock));
        RC_ASSERT(g(0) == 1);
        RC_ASSERT(g.size() == (ttl > 0s ? 1U : 0U));
        clock.set(manual_clock::time_point{asked});
        bool const fresh = ttl > 0s && (age < ttl || ttl == duration::max());
        RC_ASSERT(g.contains(0) == fresh);
        if (fresh) {
            RC_ASSERT(g.explain(0).age == age);
            auto const forever = memo::detail::later(start, ttl) == duration::max();
            RC_ASSERT(*g.ttl(0) == (forever ? duration::max() : ttl - age));
        }
        RC_ASSERT(g(0) == (fresh ? 1 : 2));
        RC_ASSERT(g.inside()->validate());
    }));
}

TEST_CASE("F37 judgement: a clock that jumps anywhere breaks nothing, and what is expired stays gone once a call saw it") {
    CHECK(rc::check([](std::vector<std::int64_t> const& times) {
        manual_clock clock;
        auto g = memo::cached([](int n) { return n; }, memo::ttl(1h), memo::idle(30min), memo::cleanup_interval(1s), memo::clock(clock));
        int step = 0;
        for (auto const time : times) {
            clock.set(manual_clock::time_point{duration{time}});
            RC_ASSERT(g(step % 3) == step % 3);
            static_cast<void>(g.ttl(step % 2));
            static_cast<void>(g.explain(step % 2));
            static_cast<void>(g.touch(duration{time}, step % 5));
            ++step;
        }
        RC_ASSERT(g.inside()->validate());
    }));
}
