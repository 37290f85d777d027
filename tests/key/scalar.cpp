#include "key/bytes.hpp"

#include <memo/base/hash.hpp>
#include <memo/key/scalar.hpp>
#include <memo/key/writer.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <set>
#include <string>

namespace {

enum class small_signed : std::int8_t { one = 1 };
enum class small_unsigned : std::uint8_t { one = 1 };
enum class truth : bool { yes = true };

}  // namespace

TEST_CASE("scalar: a value is a tag and its bytes, low ones first") {
    CHECK(hex_of(std::int32_t{1}) == "1201000000");
    CHECK(hex_of(std::int64_t{-2}) == "13feffffffffffffff");
    CHECK(hex_of(std::uint16_t{0xabcd}) == "19cdab");
    CHECK(hex_of(std::uint64_t{0x0102030405060708}) == "1b0807060504030201");
    CHECK(hex_of(true) == "0301");
    CHECK(hex_of('a') == "4061");
    CHECK(hex_of(L'a') == "4461000000");
    CHECK(hex_of(std::byte{7}) == "0407");
    CHECK(hex_of(1.5F) == "320000c03f");
    CHECK(hex_of(1.5) == "33000000000000f83f");
    CHECK(hex_of(small_signed::one) == "2001");
    CHECK(hex_of(truth::yes) == "2801");
}

TEST_CASE("scalar: what follows a scalar is not disturbed by it, nor what stands before it") {
    CHECK(hex_of(std::uint8_t{1}, std::uint8_t{2}, std::int64_t{3}, true) ==
          "18011802"
          "130300000000000000"
          "0301");
    memo::detail::key_buffer buffer;
    for (int i = 0; i != 200; ++i) {
        memo::detail::append_scalar(buffer, static_cast<std::uint8_t>(i));
    }
    for (std::size_t i = 0; i != 200; ++i) {
        CHECK(static_cast<std::uint8_t>(buffer.view()[2 * i + 1]) == i);
    }
}

TEST_CASE("scalar: F03 equal numbers of different types are different keys") {
    std::set<std::string> keys{
        hex_of(std::int8_t{1}),
        hex_of(std::uint8_t{1}),
        hex_of(std::int16_t{1}),
        hex_of(std::uint16_t{1}),
        hex_of(std::int32_t{1}),
        hex_of(std::uint32_t{1}),
        hex_of(std::int64_t{1}),
        hex_of(std::uint64_t{1}),
        hex_of('\1'),
        hex_of(u8'\1'),
        hex_of(u'\1'),
        hex_of(U'\1'),
        hex_of(L'\1'),
        hex_of(true),
        hex_of(std::byte{1}),
        hex_of(1.0F),
        hex_of(1.0),
        hex_of(1.0L),
        hex_of(small_signed::one),
        hex_of(small_unsigned::one),
    };
    CHECK(keys.size() == 20);
}

TEST_CASE("scalar: integer types of one kind and width agree") {
    CHECK(hex_of(1L) == hex_of(static_cast<std::int64_t>(1LL)));
    CHECK(hex_of(1L) == hex_of(1LL));
    CHECK(hex_of(1UL) == hex_of(1ULL));
}

TEST_CASE("scalar: F04 every NaN is one key") {
    CHECK(rc::check([](std::uint64_t payload, std::uint32_t short_payload) {
        auto const any = std::bit_cast<double>(payload | 0x7ff0000000000001);
        auto const any_float = std::bit_cast<float>(short_payload | 0x7f800001U);
        RC_ASSERT(hex_of(any) == "33000000000000f87f");
        RC_ASSERT(hex_of(any_float) == "320000c07f");
    }));
    CHECK(hex_of(std::nanl("1")) == hex_of(-std::nanl("2")));
}

TEST_CASE("scalar: F04 zeros of either sign, infinities and denormals are keys of their own") {
    auto const check = [](auto zero) {
        using real = decltype(zero);
        using limits = std::numeric_limits<real>;
        std::set<std::string> keys{
            hex_of(zero),
            hex_of(-zero),
            hex_of(limits::infinity()),
            hex_of(-limits::infinity()),
            hex_of(limits::quiet_NaN()),
            hex_of(limits::denorm_min()),
            hex_of(-limits::denorm_min()),
            hex_of(limits::min()),
            hex_of(limits::max()),
            hex_of(real{1}),
            hex_of(real{1} + limits::epsilon()),
        };
        CHECK(keys.size() == 11);
    };
    check(0.0F);
    check(0.0);
    check(0.0L);
}

TEST_CASE("scalar: a long double is written by value, not by its memory") {
    CHECK(hex_of(1.0L) ==
          "38000101000000"
          "0000000000000080"
          "0000000000000000");
    CHECK(hex_of(-0.5L) ==
          "38010100000000"
          "0000000000000080"
          "0000000000000000");
    CHECK(hex_of(0.0L) == "380000");
    CHECK(rc::check([](double left, double right) {
        bool const same = std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right);
        RC_ASSERT((hex_of(static_cast<long double>(left)) == hex_of(static_cast<long double>(right))) == same);
    }));
}

TEST_CASE("scalar: a key in registers has the bytes and the place that the same values have in a buffer") {
    auto const agrees = [](auto... values) {
        memo::detail::key_buffer buffer;
        (memo::detail::append_scalar(buffer, values), ...);
        auto const key = memo::detail::short_key_of(values...);
        char bytes[memo::detail::short_key::most] = {};
        buffer.view().copy(bytes, sizeof bytes);
        CHECK(key.size == buffer.size());
        CHECK(key.place == memo::detail::place_of(buffer.view()));
        CHECK(std::memcmp(key.words, bytes, sizeof bytes) == 0);
    };
    CHECK(rc::check([&](std::int64_t number, std::int32_t small, std::int16_t two, double real, bool truth) {
        agrees(number);
        agrees(small);
        agrees(real);
        agrees(truth, two);
        agrees(two, small);
        agrees(small, small);
        agrees(two, number, truth);
        agrees(number, small, truth);
        agrees(truth, truth, truth, real);
        agrees(small_signed::one, small, small, two);
        agrees(truth, number, small);
    }));
}
