#include "laws/stampede.hpp"

#include <doctest/doctest.h>

#include <cstddef>

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("stampede: 1,000 callers on each of 10 cold keys make 10 runs") {
    constexpr std::size_t callers = 1'000;
    constexpr std::size_t keys = 10;
    auto const seen = laws::stampede(callers, keys);
    CHECK(seen.runs == keys);
    CHECK(seen.answers == callers * keys);
}

TEST_SUITE_END();
