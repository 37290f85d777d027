#include <memo/policy/mark.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <thread>
#include <type_traits>

TEST_CASE("mark: it begins at zero, says what was set last, and is as small as its number") {
    memo::detail::mark<std::uint8_t> reads;
    CHECK(reads.get() == 0);
    reads.set(3);
    CHECK(reads.get() == 3);
    reads.set(3);
    CHECK(reads.get() == 3);
    static_assert(sizeof(reads) == 1);
    static_assert(std::is_nothrow_default_constructible_v<memo::detail::mark<bool>>);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("mark: of what two threads set at once, one stands") {
    memo::detail::mark<std::uint32_t> stamp;
    auto const write = [&stamp](std::uint32_t number) {
        for (int i = 0; i < 10'000; ++i) stamp.set(number);
    };
    std::thread first{write, 1U};
    std::thread second{write, 2U};
    first.join();
    second.join();
    CHECK((stamp.get() == 1 || stamp.get() == 2));
}

TEST_SUITE_END();
