#include <memo/policy/read_mark.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <thread>

using memo::detail::read_mark;

TEST_CASE("read_mark: it begins at zero, and says what was set last, wherever it stands") {
    read_mark reads;
    CHECK(reads.get() == 0);
    reads.set(3);
    CHECK(reads.get() == 3);

    read_mark::spot first, second;
    second.set(7);
    reads.move_to(first);
    CHECK(first.get() == 3);
    reads.set(65'535);
    CHECK(first.get() == 65'535);
    first.set(4);
    CHECK(reads.get() == 4);

    reads.move_to(second);
    CHECK(second.get() == 4);
    reads.set(5);
    CHECK(second.get() == 5);
    CHECK(first.get() == 4);
    reads.move_to(second);
    CHECK(reads.get() == 5);
}

TEST_CASE("read_mark: it is updated from what it is, wherever it stands") {
    read_mark reads;
    auto const twice_and_one = [](std::uint16_t number) { return static_cast<std::uint16_t>(2 * number + 1); };
    reads.update(twice_and_one);
    reads.update(twice_and_one);
    CHECK(reads.get() == 3);
    read_mark::spot there;
    reads.move_to(there);
    reads.update(twice_and_one);
    CHECK(there.get() == 7);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("read_mark: who sets it while it moves sets one of the spots, and the last is its own in the end") {
    read_mark reads;
    read_mark::spot spots[64];
    reads.move_to(spots[63]);
    std::thread writer{[&] {
        for (int times = 0; times != 10'000; ++times) reads.set(9);
    }};
    for (int round = 0; round != 20; ++round)
        for (auto& spot : spots) reads.move_to(spot);
    writer.join();
    reads.set(8);
    CHECK(spots[63].get() == 8);
}

TEST_SUITE_END();
