#include <memo/base/hash.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using memo::detail::digest_of;
using memo::detail::hex;
using memo::detail::place_of;

namespace {

/// Keys of 32 bytes that all have one XXH3-64 where the seed is 0: half of each multiplication in it is made zero.
std::vector<std::string> colliding_keys(std::uint32_t count) {
    constexpr std::string_view secret{
        "\xb8\xfe\x6c\x39\x23\xa4\x4b\xbe\x7c\x01\x81\x2c\xf7\x21\xad\x1c\xde\xd4\x6d\xe9\x83\x90\x97\xdb", 24};
    std::vector<std::string> keys;
    for (std::uint32_t i = 0; i != count; ++i) {
        std::string key(32, '\0');
        std::memcpy(key.data(), secret.data(), 8);
        std::memcpy(key.data() + 8, &i, sizeof i);
        std::memcpy(key.data() + 16, secret.data() + 16, 8);
        keys.push_back(key);
    }
    return keys;
}

template <class T>
std::size_t distinct(std::vector<T> values) {
    std::ranges::sort(values);
    return static_cast<std::size_t>(std::unique(values.begin(), values.end()) - values.begin());
}

}  // namespace

TEST_CASE("hash: F01 keys that were made to collide get places of their own, unless the library was built weak") {
    std::vector<std::uint64_t> places;
    std::uint64_t seen = 0;
    for (auto const& key : colliding_keys(100'000)) {
        places.push_back(place_of(key));
        seen |= places.back();
    }
    auto const bits = static_cast<int>(std::bit_width(seen));
    CHECK(seen == ~std::uint64_t{0} >> (64 - bits));  // a weak place is cut to its low bits and uses them all
    if (bits == 64) {
        CHECK(distinct(places) == places.size());
    } else {
        CHECK(distinct(places) <= std::uint64_t{1} << bits);
    }
}

TEST_CASE("hash: F01 keys that were made to collide get digests of their own, also in a weak library") {
    std::vector<std::string> digests;
    for (auto const& key : colliding_keys(10'000)) {
        digests.push_back(hex(digest_of(key)));
    }
    CHECK(distinct(digests) == digests.size());
}

TEST_CASE("hash: a digest is XXH3-128, high half first, the same in every process") {
    CHECK(hex(digest_of("")) == "99aa06d3014798d86001c324468d497f");
    CHECK(hex(digest_of("a")) == "a96faf705af16834e6c632b61e964e1f");
    CHECK(hex({0x0123456789abcdef, 0}) == "0123456789abcdef0000000000000000");
    CHECK(digest_of("a") == digest_of("a"));
    CHECK_FALSE(digest_of("a") == digest_of("b"));
}

TEST_CASE("hash: all threads of a process agree on the place of a key" * doctest::test_suite("concurrent")) {
    std::vector<std::uint64_t> places(8);
    std::vector<std::thread> threads;
    for (auto& place : places) {
        threads.emplace_back([&place] { place = place_of("the same key"); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(distinct(places) == 1);
    CHECK(places.front() == place_of("the same key"));
}

TEST_CASE("hash: the place of a short key is the same, by the part that is inlined") {
    std::string bytes = "a key of 16 byte";
    auto const number = [&](std::size_t at, std::size_t size) {
        std::uint64_t all = 0;
        for (std::size_t one = size; one-- != 0;) all = all << 8 | static_cast<unsigned char>(bytes[at + one]);
        return all;
    };
    for (std::size_t size = 4; size <= 16; ++size)
        for (std::size_t one = 0; one != 100; ++one) {
            bytes[one % size] = static_cast<char>(one * 37);
            auto const end = size <= 8 ? 4U : 8U;
            CHECK(memo::detail::short_place_of(number(0, end), number(size - end, end), size) ==
                  memo::detail::place_of({bytes.data(), size}));
        }
}
