#include <memo/store/budget.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <limits>
#include <random>
#include <thread>
#include <utility>
#include <vector>

using memo::detail::allowance;
using memo::detail::budget;

TEST_CASE("budget: what fits is reserved, up to the last entry and the last unit of weight") {
    budget of{3, 10};
    CHECK(of.reserve(1, 4));
    CHECK(of.reserve(2, 6));
    CHECK(of.entries() == 3);
    CHECK(of.weight() == 10);
    CHECK_FALSE(of.reserve(1, 0));
    CHECK_FALSE(of.reserve(0, 1));
    CHECK(of.reserve(0, 0));
}

TEST_CASE("budget: what does not fit reserves nothing of either") {
    budget of{3, 10};
    CHECK_FALSE(of.reserve(1, 11));
    CHECK(of.entries() == 0);
    CHECK_FALSE(of.reserve(4, 1));
    CHECK(of.weight() == 0);
}

TEST_CASE("budget: what was released can be reserved again") {
    budget of{2, 10};
    REQUIRE(of.reserve(2, 10));
    of.release(1, 3);
    CHECK(of.entries() == 1);
    CHECK(of.weight() == 7);
    CHECK_FALSE(of.reserve(1, 4));
    CHECK(of.reserve(1, 3));
}

TEST_CASE("budget: a weight is allowed that an empty budget could take") {
    budget const of{1, 10};
    CHECK(of.allows(10));
    CHECK_FALSE(of.allows(11));
    CHECK(of.allows(0));
}

TEST_CASE("budget: the largest numbers do not wrap around") {
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    budget of{most, most - 1};
    CHECK(of.reserve(1, most - 1));
    CHECK_FALSE(of.reserve(1, 1));
    CHECK_FALSE(of.reserve(1, most));
    CHECK(of.reserve(most - 1, 0));
    CHECK_FALSE(of.reserve(1, 0));
    of.release(most, most - 1);
    CHECK(of.entries() == 0);
    CHECK(of.weight() == 0);
}

TEST_CASE("budget: weight without a bound is not added up") {
    budget of{2, std::numeric_limits<std::size_t>::max()};
    CHECK_FALSE(of.weighs());
    CHECK(of.reserve(1, 7));
    CHECK(of.weight() == 0);
    of.release(1, 7);
    CHECK(of.weight() == 0);
    CHECK(budget{2, 10}.weighs());
}

TEST_CASE("allowance: what is inherited is spent before more is reserved, and what is left goes back") {
    budget of{3, 10};
    REQUIRE(of.reserve(3, 8));
    {
        allowance room{of};
        CHECK_FALSE(room.cover(1, 1));
        room.inherit(1, 3);
        CHECK(room.cover(1, 5));
        CHECK(of.entries() == 3);
        CHECK(of.weight() == 10);
        CHECK_FALSE(room.cover(1, 6));
        room.spend(1, 4);
        CHECK(of.weight() == 10);
    }
    CHECK(of.entries() == 3);
    CHECK(of.weight() == 9);
}

TEST_CASE("allowance: what was given back is not spent") {
    budget of{1, 10};
    allowance room{of};
    REQUIRE(room.cover(1, 10));
    room.give_back();
    CHECK(of.entries() == 0);
    CHECK(of.reserve(1, 10));
    CHECK_FALSE(room.cover(1, 0));
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("budget: neither bound is exceeded at any instant while threads reserve and release") {
    constexpr std::size_t most_entries = 7;
    constexpr std::size_t most_weight = 50;
    budget of{most_entries, most_weight};
    std::atomic<bool> done{false};
    std::atomic<std::size_t> exceeded{0};
    std::atomic<std::size_t> refused{0};
    {
        std::jthread const sampler{[&] {
            while (!done.load())
                if (of.entries() > most_entries || of.weight() > most_weight) ++exceeded;
        }};
        std::vector<std::jthread> workers;
        for (unsigned worker = 0; worker != 4; ++worker)
            workers.emplace_back([&, worker] {
                std::minstd_rand chance{worker + 1};
                std::vector<std::pair<std::size_t, std::size_t>> mine;
                for (int round = 0; round != 50'000; ++round) {
                    std::pair<std::size_t, std::size_t> const wish{chance() % 3, chance() % 20};
                    if (chance() % 2 == 0 && !mine.empty()) {
                        of.release(mine.back().first, mine.back().second);
                        mine.pop_back();
                    } else if (of.reserve(wish.first, wish.second)) {
                        mine.push_back(wish);
                    } else {
                        ++refused;
                    }
                }
                for (auto const& [entries, weight] : mine) of.release(entries, weight);
            });
        workers.clear();
        done = true;
    }
    CHECK(exceeded.load() == 0);
    CHECK(refused.load() > 0);
    CHECK(of.entries() == 0);
    CHECK(of.weight() == 0);
}

TEST_SUITE_END();
