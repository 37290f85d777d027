#include <memo/base/tally.hpp>

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using memo::detail::tally;

TEST_CASE("tally: it begins at zero and counts what one thread adds") {
    tally counted;
    CHECK(counted.sum() == 0);
    for (int i = 0; i != 10; ++i) counted.add();
    CHECK(counted.sum() == 10);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("tally: nothing is lost, however many threads add, together or one after another") {
    constexpr int threads = 40;
    constexpr int adds = 5'000;
    tally counted;
    for (int round = 0; round != 2; ++round) {
        std::vector<std::thread> all;
        for (int thread = 0; thread != threads; ++thread)
            all.emplace_back([&] {
                for (int i = 0; i != adds; ++i) counted.add();
            });
        for (auto& one : all) one.join();
    }
    CHECK(counted.sum() == 2 * threads * adds);
}

TEST_SUITE_END();
