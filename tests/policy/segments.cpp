#include <memo/policy/segments.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>

TEST_CASE("segments: what is in a row stays where it is while the row grows") {
    memo::detail::segments<int> row;
    REQUIRE(row.push_back());
    row[0] = 42;
    auto const* const first = &row[0];
    for (int i = 1; i < 10'000; ++i) {
        REQUIRE(row.push_back());
        row[static_cast<std::size_t>(i)] = i;
    }
    CHECK(&row[0] == first);
    CHECK(row[0] == 42);
    CHECK(row[9'999] == 9'999);
    CHECK(row.size() == 10'000);
}

TEST_CASE("segments: what comes after something left is new") {
    memo::detail::segments<int> row;
    for (int i = 0; i < 1'000; ++i) {
        REQUIRE(row.push_back());
        row[row.size() - 1] = 7;
    }
    while (row.size() > 0) row.pop_back();
    for (int i = 0; i < 1'000; ++i) {
        REQUIRE(row.push_back());
        REQUIRE(row[row.size() - 1] == 0);
    }
}

TEST_CASE("segments: one bucket more takes from one other only") {
    using memo::detail::fold;
    for (std::size_t count = 1; count < 70; ++count) {
        auto const parent = fold(count, count);
        CHECK(parent < count);
        for (std::uint64_t hash = 0; hash < 1'000; ++hash) {
            auto const before = fold(hash, count);
            auto const after = fold(hash, count + 1);
            CHECK(before < count);
            if (after != before) {
                CHECK(after == count);
                CHECK(before == parent);
            }
        }
    }
}
