#include <memo/call/counters.hpp>

#include <doctest/doctest.h>

#include <thread>
#include <vector>

TEST_SUITE("counters") {
    using memo::detail::counter;
    using memo::detail::counters;

    TEST_CASE("counters: each counts for itself") {
        counters all;
        all.add(counter::misses);
        all.add(counter::run_nanoseconds, 40);
        all.add(counter::run_nanoseconds, 2);
        CHECK(all.sum(counter::misses) == 1);
        CHECK(all.sum(counter::run_nanoseconds) == 42);
        CHECK(all.sum(counter::sample_nanoseconds) == 0);
    }

    TEST_CASE("counters: with one more of the one so many more of the other are counted") {
        counters all;
        all.add_with(counter::runs, counter::run_nanoseconds, 40);
        all.add_with(counter::runs, counter::run_nanoseconds, 2);
        CHECK(all.sum(counter::runs) == 2);
        CHECK(all.sum(counter::run_nanoseconds) == 42);
    }
}

TEST_SUITE("counters concurrent") {
    using memo::detail::counter;

    TEST_CASE("counters: nothing that threads count at once is lost") {
        memo::detail::counters all;
        constexpr std::uint64_t each = 10'000;
        {
            std::vector<std::jthread> threads;
            for (int made = 0; made != 12; ++made)
                threads.emplace_back([&] {
                    for (std::uint64_t done = 0; done != each; ++done)
                        all.add(counter::joins), all.add_with(counter::runs, counter::run_nanoseconds, 3);
                });
        }
        CHECK(all.sum(counter::joins) == 12 * each);
        CHECK(all.sum(counter::runs) == 12 * each);
        CHECK(all.sum(counter::run_nanoseconds) == 36 * each);
    }
}
