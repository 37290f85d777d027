#include "axis.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using memo::sim::axis;
using memo::sim::ratio_axis;
using memo::sim::size_axis;

namespace {

std::vector<std::string> labels(axis const& of) {
    std::vector<std::string> names;
    for (auto const& one : of.ticks)
        if (!one.label.empty())
            names.push_back(one.label);
    return names;
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("size_axis: whatever the sizes, lines with labels stand inside of it, two at least and ten or so at most") {
    for (double smallest = 1; smallest < 2e19; smallest *= 1.37)
        for (double const times : {1., 1.0001, 1.01, 1.3, 2., 5., 20., 300., 1e5, 1e9, 1e19}) {
            auto const scale = size_axis(smallest, smallest * times);
            auto const named = labels(scale).size();
            CHECK_MESSAGE(named >= 2, smallest << " to " << smallest * times);
            CHECK_MESSAGE(named <= 11, smallest << " to " << smallest * times);
            for (auto const& one : scale.ticks) {
                auto const share = share_of(scale, one.at);
                CHECK(share >= 0);
                CHECK(share <= 1);
            }
        }
}

TEST_CASE("size_axis: few decades have all lines named, more the powers of ten, and close sizes are named themselves") {
    CHECK(labels(size_axis(10, 100)) == list{"10", "20", "50", "100"});
    CHECK(labels(size_axis(10, 100'000)) == list{"10", "100", "1k", "10k", "100k"});
    CHECK(labels(size_axis(1, 18'446'744'073'709'551'615.)) == list{"1", "1k", "1M", "1G", "1T", "1P", "1E"});
    CHECK(labels(size_axis(110, 115)) == list{"110", "115"});
    CHECK(labels(size_axis(1'001, 1'002)) == list{"1,001", "1,002"});
}

TEST_CASE("ratio_axis: its ends are whole steps around the ratios, named in percent") {
    CHECK(labels(ratio_axis(0, 1)) == list{"0 %", "20 %", "40 %", "60 %", "80 %", "100 %"});
    for (double least = 0; least <= 1; least += 0.013)
        for (double most = least; most <= 1; most += 0.017) {
            auto const scale = ratio_axis(least, most);
            CHECK(share_of(scale, least) >= -1e-9);
            CHECK(share_of(scale, most) <= 1 + 1e-9);
            CHECK(scale.low >= 0);
            CHECK(scale.high <= 1 + 1e-9);
            CHECK(labels(scale).size() >= 3);
        }
}
