#include <memo/policy/chance.hpp>

#include <doctest/doctest.h>

#include <cstdint>

TEST_CASE("chance: it draws the numbers of SplitMix64") {
    memo::detail::chance chance{1'234'567};
    CHECK(chance.draw() == 6'457'827'717'110'365'317U);
    CHECK(chance.draw() == 3'203'168'211'198'807'973U);
    CHECK(chance.draw() == 9'817'491'932'198'370'423U);
}
