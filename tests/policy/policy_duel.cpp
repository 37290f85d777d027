#include <memo/policy/policy_duel.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>

using memo::detail::partition;
using memo::detail::policy_duel;

namespace {

/// So many rounds through places in a row, none of which the cache keeps.
void loop(policy_duel& duel, std::uint64_t places, int rounds) {
    for (int round = 0; round < rounds; ++round)
        for (std::uint64_t place = 1; place <= places; ++place) duel.admitted(place);
}

}  // namespace

TEST_CASE("policy_duel: before somebody must leave nothing is watched") {
    policy_duel duel;
    for (std::uint64_t place = 1; place < 1'000; ++place) {
        duel.admitted(place);
        CHECK_FALSE(duel.watches(place));
    }
}

TEST_CASE("policy_duel: a loop a little larger than the cache is won by the smallest window") {
    policy_duel duel;
    loop(duel, 100, 1);
    duel.fit(100);
    loop(duel, 130, 10);
    CHECK(duel.leader() == policy_duel::candidates.front());
    CHECK(duel.validate());
}

TEST_CASE("policy_duel: what returns once and soon is won by recency") {
    policy_duel duel;
    duel.fit(100);
    for (std::uint64_t place = 1; place < 10'000; ++place) {
        duel.admitted(place);
        if (place > 40) duel.admitted(place - 40);
    }
    CHECK(duel.leader() == partition{1, 0});
}

TEST_CASE("policy_duel: of a large cache about as many places are watched as a shadow cache holds") {
    policy_duel duel;
    duel.fit(100'000);
    std::size_t watched = 0;
    for (std::uint64_t place = 0; place < 100'000; ++place)
        if (duel.watches(place * 0x9e37'79b9 + 7)) ++watched;
    CHECK(watched > 250);
    CHECK(watched < 550);
}

TEST_CASE("policy_duel: where hits are many and misses few it sleeps, and admissions wake it") {
    policy_duel duel;
    duel.fit(100);
    std::size_t watched = 0;
    while (duel.watches(1) && watched < 1'000'000) {
        duel.watch(1);
        ++watched;
    }
    CHECK(watched < 100'000);
    std::size_t admissions = 0;
    while (!duel.watches(1) && admissions < 10'000) duel.admitted(++admissions);
    CHECK(admissions < 10'000);
}
