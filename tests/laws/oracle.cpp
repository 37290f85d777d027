#include "laws/oracle.hpp"

#include <doctest/doctest.h>

#include <chrono>

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F18 F19 oracle: no call gets less than what was there when the last eviction before it returned") {
    for (auto const& field : laws::fields) {
        CAPTURE(field.name);
        auto const found = field.search({.reads = 100'000, .at_most = std::chrono::seconds{5}});
        CHECK(found.changes > 0);
        CHECK(found.outdated == 0);
        CHECK(found.broken == 0);
    }
}

TEST_SUITE_END();
