#include <memo/call/leader.hpp>

#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

namespace {

/// Throws what its number says.
struct picky {
    int* runs;

    std::string operator()(int number) const {
        ++*runs;
        if (number < 0)
            throw std::out_of_range{"below zero"};
        if (number == 0)
            throw number;
        return std::to_string(number);
    }
};

}  // namespace

TEST_CASE("cache_errors: an exception of these types, or derived from them, is thrown again without a run, until its time is over") {
    memo::manual_clock time;
    int runs = 0;
    auto g = memo::cached(picky{&runs}, memo::cache_errors<std::logic_error>(10s), memo::clock(time));
    CHECK_THROWS_WITH_AS(g(-1), "below zero", std::out_of_range);
    time.advance(10s - 1ns);
    CHECK_THROWS_WITH_AS(g(-1), "below zero", std::out_of_range);
    CHECK(runs == 1);
    CHECK(g.stats().hits == 1);
    CHECK(g.stats().errors == 1);
    time.advance(1ns);
    CHECK_THROWS_AS(g(-1), std::out_of_range);
    CHECK(runs == 2);
}

TEST_CASE("cache_errors: other exceptions are not remembered, and results are as ever") {
    int runs = 0;
    auto g = memo::cached(picky{&runs}, memo::cache_errors<std::logic_error, std::bad_alloc>(10s));
    CHECK_THROWS_AS(g(0), int);
    CHECK_THROWS_AS(g(0), int);
    CHECK(runs == 2);
    CHECK(g(7) == "7");
    CHECK(g(7) == "7");
    CHECK(runs == 3);
    CHECK(g.inside()->validate());
}

TEST_CASE("cache_errors: a remembered exception is no result to peek, contains and explain, and set, refresh and evict end it") {
    int runs = 0;
    auto g = memo::cached(picky{&runs}, memo::cache_errors<std::logic_error>(10s));
    auto const remember = [&] { CHECK_THROWS_AS(g(-1), std::out_of_range); };
    remember();
    CHECK_FALSE(g.peek(-1));
    CHECK_FALSE(g.contains(-1));
    CHECK(g.explain(-1).error);
    CHECK(g.explain(-1).tags.empty());
    CHECK(g.size() == 1);
    g.set("set", -1);
    CHECK(g(-1) == "set");
    CHECK(g.evict(-1).count() == 1);
    remember();
    CHECK(g.evict(-1).count() == 1);
    remember();
    CHECK(runs == 3);
    CHECK_THROWS_AS(g.refresh(-1), std::out_of_range);
    CHECK(runs == 4);
}

TEST_CASE("F31 cache_errors: exceptions take a tenth of the entries at most, and the oldest of them goes first") {
    int runs = 0;
    auto g = memo::cached(picky{&runs}, memo::cache_errors<std::logic_error>(1h), memo::max_size(40));
    for (int number = 1; number <= 36; ++number)
        static_cast<void>(g(number));
    for (int number = -1; number >= -100; --number)
        CHECK_THROWS_AS(g(number), std::out_of_range);
    CHECK(g.size() == 40);
    for (int number = 1; number <= 36; ++number)
        CHECK(g.contains(number));
    runs = 0;
    for (int number = -97; number >= -100; --number)
        CHECK_THROWS_AS(g(number), std::out_of_range);
    CHECK(runs == 0);
    CHECK(g.inside()->validate());
}

TEST_CASE("cache_errors: a refresh that throws leaves the good result, and is not remembered in its place") {
    int calls = 0;
    auto g = memo::cached([&](int n) { return ++calls == 2 ? throw std::logic_error{"down"} : n; },
                          memo::cache_errors<std::logic_error>(10s));
    CHECK(g(7) == 7);
    CHECK_THROWS_AS(g.refresh(7), std::logic_error);
    CHECK(g(7) == 7);
    CHECK(calls == 2);
}

TEST_CASE("cache_errors: with a lifetime of zero nothing is remembered") {
    int runs = 0;
    auto g = memo::cached(picky{&runs}, memo::cache_errors<std::logic_error>(0s));
    CHECK_THROWS_AS(g(-1), std::out_of_range);
    CHECK_THROWS_AS(g(-1), std::out_of_range);
    CHECK(runs == 2);
    CHECK(g.size() == 0);
}
