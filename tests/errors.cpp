#include "scene.hpp"

#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>

using namespace std::chrono_literals;

namespace {

/// Throws for numbers below zero.
int positive(int n) {
    return n < 0 ? throw std::out_of_range{"below zero"} : n;
}

}  // namespace

TEST_CASE("errors: an exception takes the place of no result that still answers, fresh or stale") {
    scene at;
    auto g = at.wrapper(memo::ttl(10s), memo::stale_if_error(20s), memo::cache_errors<std::runtime_error>(5s));
    CHECK(g(7) == 1);
    at.fails = true;
    CHECK_THROWS_AS(g.refresh(7), std::runtime_error);
    CHECK(g(7) == 1);
    at.time.advance(10s);
    CHECK_THROWS_AS(g.refresh(7), std::runtime_error);
    CHECK(g(7) == 1);
    CHECK_FALSE(g.explain(7).error);
    at.time.advance(20s);
    CHECK_THROWS_AS(g(7), std::runtime_error);
    CHECK(g.explain(7).error);
}

TEST_CASE("errors: once the windows are over an exception is remembered, for its own time, and has none") {
    scene at;
    auto g = at.wrapper(memo::ttl(10s), memo::refresh_ahead(0.5), memo::stale_while_revalidate(5s), memo::stale_if_error(20s),
                        memo::cache_errors<std::runtime_error>(4s));
    CHECK(g(7) == 1);
    at.time.advance(30s);
    at.fails = true;
    for (int call = 0; call != 3; ++call)
        CHECK_THROWS_AS(g(7), std::runtime_error);
    CHECK(at.runs == 2);
    at.time.advance(4s - 1ns);
    CHECK_THROWS_AS(g(7), std::runtime_error);
    CHECK(at.runs <= 3);
    at.fails = false;
    at.later.drop();
    at.time.advance(1ns);
    CHECK(g(7) == at.runs);
    CHECK(g.stats().stale == 0);
}

TEST_CASE("errors: a remembered exception goes with whatever evicts its key, and a run that throws then is remembered no more") {
    scene at;
    auto g = at.wrapper(memo::cache_errors<std::runtime_error>(1h));
    at.fails = true;
    CHECK_THROWS_AS(g(7), std::runtime_error);
    CHECK(at.m.evict_tag("numbers").count() == 1);
    at.meanwhile = [&] { static_cast<void>(at.m.evict_pattern("number:*")); };
    CHECK_THROWS_AS(g(7), std::runtime_error);
    CHECK(g.size() == 0);
    CHECK_THROWS_AS(g(7), std::runtime_error);
    CHECK(at.m.evict_key("number:7").count() == 1);
    at.fails = false;
    CHECK(g(7) == 4);
}

TEST_CASE("F31 errors: in bytes, too, exceptions take a tenth of the bound at most, and results stay") {
    auto const flood = [](auto... bounds) {
        constexpr int results = 100;
        auto g = memo::cached(positive, memo::cache_errors<std::out_of_range>(1h), bounds...);
        for (int n = 0; n != results; ++n)
            CHECK(g(n) == n);
        auto const before = g.size();
        for (int n = 1; n != 2'000; ++n)
            CHECK_THROWS_AS(g(-n), std::out_of_range);
        for (int n = 0; n != results; ++n)
            CHECK(g.contains(n));
        CHECK(g.size() > before);
        CHECK(g.inside()->validate());
        for (int n = 1; n != 2'000; ++n)
            g.set(n, -n);
        CHECK(g.inside()->validate());
    };
    flood(memo::max_bytes(100'000));
    flood(memo::max_bytes(100'000), memo::unbounded);
    flood(memo::max_bytes(200), memo::weigher([](int) { return 1; }));
}

TEST_CASE("F31 errors: the least bound holds one exception") {
    int runs = 0;
    auto g = memo::cached([&](int n) { return ++runs, positive(n); }, memo::cache_errors<std::out_of_range>(1h),
                          memo::max_size(1), memo::max_bytes(1'000));
    for (int call = 0; call != 3; ++call)
        CHECK_THROWS_AS(g(-1), std::out_of_range);
    CHECK(runs == 1);
    CHECK_THROWS_AS(g(-2), std::out_of_range);
    CHECK_THROWS_AS(g(-1), std::out_of_range);
    CHECK(runs == 3);
    CHECK(g.size() == 1);
}

TEST_CASE("errors: ttl by value gives empty optionals, and errors that are results, a time of their own") {
    memo::manual_clock time;
    int runs = 0;
    auto const brief_when_empty = [](auto const& found) { return found ? 1h : 10s; };
    auto find = memo::cached([&](int n) { return ++runs, n > 0 ? std::optional{n} : std::nullopt; }, memo::ttl(brief_when_empty),
                             memo::clock(time));
    using outcome = std::variant<int, std::string>;
    auto const brief_when_wrong = [](outcome const& said) { return said.index() == 0 ? 1h : 10s; };
    auto ask = memo::cached([&](int n) { return ++runs, n > 0 ? outcome{n} : outcome{"wrong"}; }, memo::ttl(brief_when_wrong),
                            memo::clock(time));
    auto const ask_all = [&] {
        runs = 0;
        CHECK(find(1) == 1);
        CHECK(find(-1) == std::nullopt);
        CHECK(ask(1) == outcome{1});
        CHECK(ask(-1) == outcome{"wrong"});
        return runs;
    };
    CHECK(ask_all() == 4);
    CHECK(ask_all() == 0);
    time.advance(10s);
    CHECK(ask_all() == 2);
    time.advance(1h);
    CHECK(ask_all() == 4);
}
