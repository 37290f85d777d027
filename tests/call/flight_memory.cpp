#include <memo/call/flight_memory.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>

using memo::detail::flight_blocks;
using memo::detail::flight_memory;

TEST_CASE("flight_memory: a thread keeps the block of what ended for its next, of the same size") {
    std::jthread{[] {
        auto* const first = flight_blocks::take(200);
        auto* const second = flight_blocks::take(200);
        CHECK(first != second);
        flight_blocks::give_back(first, 200);
        flight_blocks::give_back(second, 200);
        auto* const larger = flight_blocks::take(400);
        CHECK(larger != first);
        CHECK(flight_blocks::take(200) == first);
        flight_blocks::give_back(larger, 400);
        flight_blocks::give_back(first, 200);
    }}.join();
}

TEST_CASE("flight_memory: what ends in the last destructors of a thread is freed with it") {
    struct last {
        std::shared_ptr<int> held;
    };
    std::jthread{[] {
        thread_local last kept;
        kept.held = std::allocate_shared<int>(flight_memory<int>{}, 1);
        auto const other = std::allocate_shared<int>(flight_memory<int>{}, 2);
        CHECK(*kept.held + *other == 3);
    }}.join();
}

TEST_CASE("flight_memory: what has an alignment of its own stands where it must") {
    struct alignas(64) wide {
        explicit wide(std::int64_t first) : number{first} {}
        std::int64_t number;
    };
    for (int made = 0; made != 3; ++made) {
        auto const one = std::allocate_shared<wide>(flight_memory<wide>{}, std::int64_t{7});
        CHECK(one->number == 7);
        CHECK(reinterpret_cast<std::uintptr_t>(one.get()) % alignof(wide) == 0);
    }
}
