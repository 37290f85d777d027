#include <memo/policy/departed.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <set>

using memo::detail::departed;

TEST_CASE("departed: what went is known once, as it was") {
    departed gone;
    gone.prepare(10);
    gone.remember(7, {30, 4, 2}, 31);
    CHECK(!gone.take(8));
    auto const life = gone.take(7);
    REQUIRE(life);
    CHECK(life->last == 30);
    CHECK(life->uses == 4);
    CHECK(life->kind == 2);
    CHECK(!gone.take(7));
}

TEST_CASE("departed: before there is a table nobody is remembered") {
    departed gone;
    gone.remember(7, {}, 0);
    CHECK(!gone.take(7));
    CHECK(gone.visit(0, [](auto const&) { FAIL("nobody went"); }) == 0);
}

TEST_CASE("departed: of many more than fit, most of the latest eight a resident are remembered, of the earliest none") {
    constexpr std::uint32_t residents = 2'000;
    departed gone;
    gone.prepare(residents);
    for (std::uint32_t place = 0; place < 100 * residents; ++place) gone.remember(place, {place, 1, 0}, place);
    std::size_t late = 0;
    std::size_t early = 0;
    for (std::uint32_t back = 0; back < 4 * residents; ++back) late += gone.take(100 * residents - 1 - back) ? 1U : 0U;
    for (std::uint32_t place = 0; place < 60 * residents; ++place) early += gone.take(place) ? 1U : 0U;
    CHECK(late > 4 * residents * 9 / 10);
    CHECK(early == 0);
}

TEST_CASE("departed: places that share bits find room all over the table") {
    for (unsigned const shift : {0U, 4U, 16U, 20U}) {
        CAPTURE(shift);
        departed gone;
        gone.prepare(1);
        for (std::uint32_t i = 0; i < 2'000; ++i) gone.remember(i << shift, {i, 1, 0}, i);
        std::size_t known = 0;
        for (std::uint32_t i = 0; i < 2'000; ++i) {
            auto const life = gone.take(i << shift);
            known += life && life->last == i ? 1U : 0U;
        }
        CHECK(known > 1'900);
    }
}

TEST_CASE("departed: a visit shows each of those remembered once, a few at a time") {
    departed gone;
    gone.prepare(100);
    for (std::uint32_t place = 1; place <= 300; ++place) gone.remember(place * 77'777, {place, 1, 0}, place);
    std::multiset<std::uint32_t> seen;
    std::size_t at = 0;
    std::size_t most = 0;
    do {
        auto const before = seen.size();
        at = gone.visit(at, [&seen](memo::detail::past_life const& life) { seen.insert(life.last); });
        most = seen.size() - before > most ? seen.size() - before : most;
    } while (at != 0);
    CHECK(seen.size() == 300);
    CHECK(std::set<std::uint32_t>{seen.begin(), seen.end()}.size() == 300);
    CHECK(most <= 64);
}

TEST_CASE("departed: a table that is outgrown is replaced, one that is large enough stays") {
    departed gone;
    gone.prepare(1'000);
    gone.remember(7, {}, 0);
    gone.prepare(1'400);
    gone.prepare(1);
    CHECK(gone.take(7));
    gone.remember(7, {}, 0);
    gone.prepare(2'000);
    CHECK(!gone.take(7));
}
