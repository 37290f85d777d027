#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>
#include <memo/key/scalar.hpp>
#include <memo/store/copy_table.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <thread>
#include <vector>

namespace {

using memo::detail::copy_table;
using memo::detail::season_step;
using memo::detail::short_key;
using memo::detail::short_key_of;

constexpr std::uint64_t spring = season_step;
constexpr std::uint64_t summer = 2 * season_step;
constexpr std::size_t entries = 100;

struct triple {
    std::int64_t first, second, third;
    friend bool operator==(triple const&, triple const&) = default;
};

/// With room for all; those who made way are kept again, seven times.
void keep_all(copy_table<std::int64_t>& in, std::map<std::int64_t, std::int64_t> const& results) {
    in.fit(results.size());
    for (int times = 0; times != 8; ++times)
        for (auto const& [number, result] : results)
            if (!in.find(short_key_of(number), spring))
                in.keep(short_key_of(number), result, spring);
}

}  // namespace

TEST_CASE("copy_table: a copy is found in its season, and in no other") {
    copy_table<std::int64_t> tried;
    tried.fit(entries);
    auto const key = short_key_of(std::int64_t{7});
    CHECK(!tried.find(key, spring));
    tried.keep(key, 49, summer);
    auto const found = tried.find(key, summer);
    REQUIRE(found);
    CHECK(*found == 49);
    CHECK(!tried.find(key, spring));
    CHECK(!tried.find(key, summer + season_step));
}

TEST_CASE("copy_table: a copy of an earlier season does not take the place of a later one") {
    copy_table<std::int64_t> tried;
    tried.fit(entries);
    auto const key = short_key_of(std::int64_t{7});
    tried.keep(key, 49, summer);
    for (int times = 0; times != 4; ++times)
        tried.keep(key, 48, spring);
    auto const found = tried.find(key, summer);
    REQUIRE(found);
    CHECK(*found == 49);
}

TEST_CASE("copy_table: what is found is what was kept for that very key") {
    CHECK(rc::check([](std::map<std::int64_t, std::int64_t> const& results) {
        copy_table<std::int64_t> tried;
        keep_all(tried, results);
        for (auto const& [number, result] : results)
            if (auto const copy = tried.find(short_key_of(number), spring))
                RC_ASSERT(*copy == result);
        RC_ASSERT(!tried.find(short_key_of(std::int64_t{-1}), spring) || results.contains(-1));
    }));
}

TEST_CASE("copy_table: of what is kept nine tenths are found") {
    if (memo::detail::place_seed::drawn.mask != ~std::uint64_t{0}) return;
    std::map<std::int64_t, std::int64_t> results;
    for (std::int64_t number = 0; number != 1'000; ++number)
        results.emplace(number, -number);
    copy_table<std::int64_t> tried;
    keep_all(tried, results);
    auto const found = [&](auto const& one) { return bool{tried.find(short_key_of(one.first), spring)}; };
    CHECK(std::ranges::count_if(results, found) >= 900);
}

TEST_CASE("copy_table: keys of one place and other lengths or bytes are other keys") {
    copy_table<std::int64_t> tried;
    tried.fit(entries);
    short_key const four{.place = 3, .words = {0x0102'0304, 0}, .size = 4};
    short_key const five{.place = 3, .words = {0x0102'0304, 0}, .size = 5};
    short_key const other{.place = 3, .words = {0x0102'0305, 0}, .size = 4};
    short_key const zeros{.place = 3, .words = {0, 0}, .size = 4};
    tried.keep(four, 1, spring);
    CHECK(tried.find(four, spring));
    CHECK(!tried.find(five, spring));
    CHECK(!tried.find(other, spring));
    CHECK(!tried.find(zeros, spring));
}

TEST_CASE("copy_table: a key of two whole words is never kept") {
    copy_table<std::int64_t> tried;
    tried.fit(entries);
    short_key const whole{.place = 3, .words = {1, std::uint64_t{9} << 56}, .size = short_key::most};
    short_key const nine{.place = 3, .words = {1, 0}, .size = 9};
    tried.keep(whole, 1, spring);
    CHECK(!tried.find(whole, spring));
    tried.keep(nine, 2, spring);
    CHECK(!tried.find(whole, spring));
}

TEST_CASE("copy_table: results of several words come back whole") {
    copy_table<triple> tried;
    tried.fit(entries);
    auto const key = short_key_of(std::int64_t{7});
    tried.keep(key, triple{1, 2, 3}, spring);
    auto const found = tried.find(key, spring);
    REQUIRE(found);
    CHECK(*found == triple{1, 2, 3});
    copy_table<bool> truths;
    truths.fit(entries);
    truths.keep(key, true, spring);
    CHECK(*truths.find(key, spring));
}

TEST_CASE("copy_table: a slot that was written too often in one season is not written again before the next") {
    copy_table<std::int64_t> tried;
    tried.fit(entries);
    std::vector<short_key> keys;
    for (std::uint64_t number = 1; number != 4; ++number)
        keys.push_back({.place = 0, .words = {number, 0}, .size = 9});
    for (std::uint64_t times = 0; times != 3 * season_step; ++times)
        tried.keep(keys[times % 3], static_cast<std::int64_t>(times % 3), spring);
    for (std::size_t number = 0; number != keys.size(); ++number)
        if (auto const found = tried.find(keys[number], spring))
            CHECK(*found == static_cast<std::int64_t>(number));
    tried.keep(keys[0], 5, summer);
    auto const found = tried.find(keys[0], summer);
    REQUIRE(found);
    CHECK(*found == 5);
    CHECK(!tried.find(keys[1], summer));
    CHECK(!tried.find(keys[2], summer));
}

TEST_CASE("copy_table: a table that grows takes 256 bytes an entry at most, and no more than a megabyte") {
    copy_table<std::int64_t> tried;
    for (std::size_t held = 1; held != std::size_t{1} << 20; held *= 2) {
        tried.fit(2 * held - 1);
        CHECK(tried.bytes() <= std::min(256 * held, std::size_t{1} << 20));
    }
}

TEST_CASE("copy_table: it keeps nothing without room, and nothing while there are very many entries") {
    copy_table<std::int64_t> tried;
    auto const key = short_key_of(std::int64_t{1});
    tried.keep(key, 1, spring);
    CHECK(!tried.find(key, spring));
    CHECK(tried.bytes() == 0);
    tried.fit(1);
    CHECK(tried.bytes() == 2 * 32);
    tried.keep(key, 1, spring);
    CHECK(tried.find(key, spring));
    tried.fit(100);
    CHECK(tried.bytes() <= 100 * 128);
    tried.keep(key, 1, spring);
    CHECK(tried.find(key, spring));
    auto const before = tried.bytes();
    tried.fit(1'000'000);
    tried.keep(key, 1, summer);
    CHECK(!tried.find(key, summer));
    tried.fit(10);
    tried.keep(key, 1, summer);
    CHECK(tried.find(key, summer));
    CHECK(tried.bytes() == before);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("copy_table: beside writers a reader finds whole results of its own key and season, or none") {
    copy_table<triple> tried;
    tried.fit(entries);
    std::atomic<std::uint64_t> season{spring};
    std::atomic<int> writing{2};
    auto const key = [](std::uint64_t number) { return short_key{.place = 0, .words = {number, 0}, .size = 9}; };
    auto const right = [](std::uint64_t number, std::uint64_t in) {
        auto const first = static_cast<std::int64_t>(number);
        auto const year = static_cast<std::int64_t>(in / season_step);
        return triple{first, year, first * year};
    };
    std::vector<std::thread> writers;
    for (int thread = 0; thread != 2; ++thread)
        writers.emplace_back([&, thread] {
            for (std::uint64_t step = 0; step != 200'000; ++step) {
                if (thread == 0 && step % 1000 == 999)
                    season.store(season.load() + season_step);
                auto const now = season.load();
                tried.keep(key(1 + step % 2), right(1 + step % 2, now), now);
            }
            --writing;
        });
    std::size_t found = 0;
    std::size_t wrong = 0;
    for (std::uint64_t step = 0; writing.load() != 0 || found == 0; ++step) {
        auto const now = season.load();
        if (auto const copy = tried.find(key(1 + step % 2), now)) {
            ++found;
            wrong += std::size_t{*copy != right(1 + step % 2, now)};
        }
    }
    for (auto& writer : writers)
        writer.join();
    CHECK(wrong == 0);
    CHECK(found != 0);
}

TEST_SUITE_END();
