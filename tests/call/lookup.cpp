#include <memo/call/lookup.hpp>

#include <doctest/doctest.h>

using memo::detail::lookup;

TEST_CASE("lookup: until something is known, the call neither has an answer nor leads nor waits") {
    lookup<int> const found;
    CHECK_FALSE(found.hit);
    CHECK(found.mine == nullptr);
    CHECK(found.joined == nullptr);
    CHECK_FALSE(found.fallback);
}
