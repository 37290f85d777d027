#include <memo/call/warming.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <cstddef>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

using memo::detail::warming;

namespace {

std::vector<int> numbers(std::size_t count) {
    std::vector<int> all(count);
    std::iota(all.begin(), all.end(), 0);
    return all;
}

template <class Fill>
auto warming_of(std::vector<int> const& all, Fill const& fill) {
    return warming<std::vector<int>::const_iterator, std::vector<int>::const_iterator, Fill>{all.begin(), all.end(), all.size(), fill};
}

}  // namespace

TEST_CASE("warming: alone, it fills one after another and tells each") {
    auto const all = numbers(3);
    std::vector<int> filled;
    std::vector<std::size_t> told;
    auto const fill = [&](int one) { filled.push_back(one); };
    auto const progress = [&](std::size_t done, std::size_t total) {
        CHECK(total == 3);
        CHECK(filled.size() == done);
        told.push_back(done);
    };
    warming_of(all, fill).lead(progress);
    CHECK(filled == all);
    CHECK(told == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("warming: the first failure ends it and passes through") {
    auto const all = numbers(5);
    int filled = 0;
    auto const fill = [&](int one) { ++filled, one == 2 ? throw 42 : 0; };
    auto const silent = [](std::size_t, std::size_t) {};
    CHECK_THROWS_AS(warming_of(all, fill).lead(silent), int);
    CHECK(filled == 3);
}

TEST_CASE("warming: nothing of an empty range is told, and who comes late to aid does nothing") {
    std::vector<int> const none;
    auto const fill = [](int) { FAIL("there is nothing to fill"); };
    auto const progress = [](std::size_t, std::size_t) { FAIL("there is nothing to tell"); };
    auto all = warming_of(none, fill);
    all.lead(progress);
    all.aid();
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("warming: with aid each element is filled once, by all threads, and told once by the leading one") {
    auto const all = numbers(1'000);
    std::barrier together{2};
    std::vector<std::atomic<int>> filled(all.size());
    auto const fill = [&](int one) {
        if (one < 2)
            together.arrive_and_wait();
        ++filled[static_cast<std::size_t>(one)];
    };
    auto const leading = std::this_thread::get_id();
    std::size_t told = 0;
    auto const progress = [&](std::size_t done, std::size_t) {
        CHECK(std::this_thread::get_id() == leading);
        CHECK(done == ++told);
    };
    auto work = warming_of(all, fill);
    std::jthread const aid{[&] { work.aid(); }};
    work.lead(progress);
    CHECK(told == all.size());
    for (auto const& times : filled)
        CHECK(times == 1);
}

TEST_SUITE_END();
