#include <memo/policy/curve.hpp>

#include <doctest/doctest.h>

#include <cstdint>

using memo::detail::curve;

namespace {

curve of(std::uint16_t most) {
    curve seen;
    seen.restart(most);
    return seen;
}

/// So many rounds over the same places.
void loop(curve& seen, int rounds, std::uint64_t places) {
    for (int round = 0; round < rounds; ++round)
        for (std::uint64_t place = 1; place <= places; ++place)
            seen.access(place, 1);
}

}  // namespace

TEST_CASE("curve: a loop is hit by caches that hold all of it, and by no smaller one") {
    auto seen = of(512);
    loop(seen, 40, 100);
    CHECK(seen.hit(64).accesses == 0);
    CHECK(seen.hit(99).accesses == 0);
    CHECK(seen.hit(100).accesses == doctest::Approx(1));
    CHECK(seen.hit(512).accesses == doctest::Approx(1));
    CHECK(seen.validate());
}

TEST_CASE("curve: what is saved is the cost of the runs that were hit") {
    auto seen = of(64);
    for (std::uint64_t place = 1; place <= 2'000; ++place) {
        seen.access(100'000, 900);
        seen.access(place, 100);
    }
    CHECK(seen.hit(32).accesses == doctest::Approx(0.5).epsilon(0.01));
    CHECK(seen.hit(32).cost == doctest::Approx(0.9).epsilon(0.01));
    CHECK(seen.hit(1).cost == 0);
}

TEST_CASE("curve: a spell that begins without knowing anything takes nothing for a miss") {
    auto seen = of(512);
    for (int spell = 0; spell < 50; ++spell) {
        loop(seen, 2, 100);
        seen.end_spell();
        CHECK(seen.validate());
    }
    CHECK(seen.seen().accesses == 10'000);
    CHECK(seen.hit(99).accesses == 0);
    CHECK(seen.hit(100).accesses == doctest::Approx(1));
}

TEST_CASE("curve: where too few requests are left to judge by it is level") {
    auto seen = of(512);
    loop(seen, 30, 10);
    for (std::uint64_t place = 1'000; place < 1'100; ++place)
        seen.access(place, 1);
    loop(seen, 1, 10);
    CHECK(seen.hit(110).accesses == seen.hit(20).accesses);
    CHECK(seen.hit(20).accesses < 0.9);
}

TEST_CASE("curve: new places are missed by every cache") {
    auto seen = of(128);
    for (std::uint64_t place = 1; place <= 10'000; ++place)
        seen.access(place, 1);
    CHECK(seen.hit(128).accesses == 0);
    CHECK(seen.validate());
}

TEST_CASE("curve: before it begins, and where nothing was accessed, it says nothing") {
    curve seen;
    seen.access(1, 1);
    CHECK(seen.most() == 0);
    CHECK(seen.hit(10).accesses == 0);
    CHECK(seen.validate());
    seen.restart(64);
    CHECK(seen.hit(10).accesses == 0);
    CHECK(seen.hit(10).cost == 0);
    CHECK(seen.seen().accesses == 0);
}

TEST_CASE("curve: requests that the sample lacks are hits of any cache, and it is told of no more than it has") {
    auto seen = of(64);
    for (std::uint64_t place = 1; place <= 1'000; ++place) {
        seen.access(5'000, 1);
        seen.access(5'000, 1);
        seen.access(place, 1);
    }
    auto const plain = seen.hit(16).accesses;
    CHECK(plain == doctest::Approx(2.0 / 3).epsilon(0.01));
    CHECK(seen.hit(16, 3'000).accesses == doctest::Approx(5.0 / 6).epsilon(0.01));
    CHECK(seen.hit(16, -1'000).accesses == doctest::Approx(0.5).epsilon(0.01));
    CHECK(seen.hit(1, -100'000).accesses == 0);
}

TEST_CASE("curve: what faded counts half") {
    auto seen = of(16);
    for (int request = 0; request < 1'000; ++request)
        seen.access(1, 1);
    seen.fade();
    CHECK(seen.seen().accesses == 500);
    for (std::uint64_t place = 100; place < 600; ++place)
        seen.access(place, 1);
    CHECK(seen.hit(16).accesses == doctest::Approx(0.5).epsilon(0.05));
}
