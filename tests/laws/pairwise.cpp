#include "laws/pairwise.hpp"

#include "axes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <set>

TEST_CASE("axes: each value meets each value of every other axis that it may meet, in few configurations") {
    auto const* const first = axes::chosen.all.data();
    auto const* const last = first + axes::chosen.count;
    CHECK(std::all_of(first, last, [](auto const& at) { return axes::possible(axes::meaning(at)); }));
    CHECK(axes::chosen.count < 30);

    auto at = axes::lengths;
    at.fill(0);
    do {
        if (!axes::possible(axes::meaning(at)))
            continue;
        laws::each_pair(at, [&](std::size_t one, int value, std::size_t other, int partner) {
            CAPTURE(one);
            CAPTURE(value);
            CAPTURE(other);
            CAPTURE(partner);
            CHECK(std::any_of(first, last, [&](auto const& has) { return has[one] == value && has[other] == partner; }));
        });
    } while (laws::advance(at, axes::lengths, at.size(), at.size()));
}

TEST_CASE("axes: every policy has its turn") {
    std::set<axes::order> met;
    for (std::size_t number = 0; number != axes::chosen.count; ++number) {
        auto const one = axes::dealt(number);
        CHECK(axes::possible(one));
        met.insert(one.leaves);
    }
    CHECK(met.size() == 9);
}
