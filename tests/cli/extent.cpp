#include "extent.hpp"

#include <doctest/doctest.h>

using memo::sim::read_extent;

TEST_CASE("read_extent: so many entries, whatever the trace") {
    REQUIRE(read_extent("1000"));
    CHECK(read_extent("1000")->of(10) == 1000);
    CHECK(read_extent("1")->of(10) == 1);
}

TEST_CASE("read_extent: a share of the keys is the nearest number of entries, 1 at least") {
    CHECK(read_extent("10%")->of(204) == 20);
    CHECK(read_extent("10%")->of(206) == 21);
    CHECK(read_extent("0.1%")->of(3) == 1);
    CHECK(read_extent("100%")->of(7) == 7);
    CHECK(read_extent("12.5%")->of(1000) == 125);
}

TEST_CASE("read_extent: nothing else is a size") {
    for (auto const* const text : {"", "%", "0", "0%", "-1", "-1%", "+5", "1k", "1.5", "100.1%", "1e1%", "nan%", "inf%", "5 %", " 5%", "5%%",
                                   "0x10", "18446744073709551616"})
        CHECK_MESSAGE(!read_extent(text), text);
}
