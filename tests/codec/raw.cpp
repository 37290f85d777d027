#include "key/bytes.hpp"

#include <memo/base/error.hpp>
#include <memo/codec/raw.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

enum class color : std::uint8_t { red = 1, green, blue };
enum old_style { first_one, second_one };
enum class truth : bool { no, yes };

struct point {
    double x = 0;
    double y = 0;
    friend bool operator==(point const&, point const&) = default;
};

struct sized {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

struct padded {
    char letter;
    int number;
};
struct pointing {
    int* there;
};
struct doubting {
    bool sure;
    char letter;
};

}  // namespace

template <>
struct memo::enum_limits<color> {
    static constexpr color first = color::red, last = color::blue;
};
template <>
struct memo::codec_traits<point> : memo::raw_codec<point> {};
template <>
struct memo::codec_traits<sized> : memo::raw_codec<sized> {};
template <>
inline constexpr std::string_view memo::schema<sized> = "shop.sized/2";

namespace {

template <class T>
std::string encoded(T const& value) {
    std::string bytes;
    memo::codec_traits<T>::encode(bytes, value);
    return bytes;
}

template <class T>
T decoded(std::string_view bytes, memo::decode_limits const& most = {}) {
    return memo::codec_traits<T>::decode(bytes, most);
}

template <class T>
bool same(T const& left, T const& right) {
    return encoded(left) == encoded(right);
}

/// Comes back, and neither less nor more bytes do.
template <class T>
bool comes_back(T const& value) {
    auto const bytes = encoded(value);
    if (!same(decoded<T>(bytes), value))
        return false;
    for (auto const& wrong : {bytes + '\0', bytes.substr(0, bytes.size() - 1), std::string{}}) {
        try {
            decoded<T>(wrong);
            return false;
        } catch (memo::value_error const&) {
        }
    }
    return true;
}

template <class... T>
void check_lattice() {
    auto const check = [](auto of) {
        using number = decltype(of);
        CHECK(rc::check([] { RC_ASSERT(comes_back(*rc::gen::arbitrary<number>())); }));
        CHECK(comes_back(std::numeric_limits<number>::max()));
        CHECK(comes_back(std::numeric_limits<number>::lowest()));
    };
    (check(T{}), ...);
}

}  // namespace

TEST_CASE("F11 raw: numbers of every type come back, whole or not at all") {
    check_lattice<bool, char, signed char, unsigned char, short, unsigned short, int, unsigned, long, unsigned long, long long,
                  unsigned long long, float, double>();
    CHECK(comes_back(char8_t{0xff}));
    CHECK(comes_back(char16_t{0xffff}));
    CHECK(comes_back(char32_t{0x10ffff}));
    CHECK(comes_back(L'x'));
    CHECK(comes_back(std::byte{7}));
    for (auto const value : {0.0, -0.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::denorm_min()}) {
        CHECK(comes_back(value));
        CHECK(comes_back(static_cast<long double>(value)));
        CHECK(std::signbit(decoded<double>(encoded(value))) == std::signbit(value));
    }
    auto const noisy = std::bit_cast<double>(std::uint64_t{0x7ff4dead'beef0001});
    CHECK(std::bit_cast<std::uint64_t>(decoded<double>(encoded(noisy))) == 0x7ff4dead'beef0001);
}

TEST_CASE("F09 raw: the bytes of numbers are the same on every platform") {
    CHECK(to_hex(encoded(std::int32_t{-2})) == "feffffff");
    CHECK(to_hex(encoded(std::uint16_t{0x0102})) == "0201");
    CHECK(to_hex(encoded(1.5)) == "000000000000f83f");
    CHECK(to_hex(encoded(true)) == "01");
    CHECK(to_hex(encoded(color::blue)) == "03");
    CHECK(to_hex(encoded(-1.5L)) == "0101" "01000000" "00000000000000c0" "0000000000000000");
}

TEST_CASE("F11 raw: long doubles come back, and have one form only") {
    using limits = std::numeric_limits<long double>;
    for (auto const value :
         {1.5L, 0.1L, -limits::min(), limits::max(), limits::denorm_min(), limits::infinity(), limits::quiet_NaN()})
        CHECK(comes_back(value));
    for (std::uint32_t const exponent : {0x7fffffffU, 0x80000000U, 0x80000001U, 40'000U}) {
        auto far = encoded(1.5L);
        memo::detail::write_wire(far.data() + 2, exponent);
        CHECK_THROWS_AS(decoded<long double>(far), memo::value_error);
    }
    auto const right = encoded(1.5L);
    for (std::size_t at = 0; at != right.size(); ++at) {
        for (unsigned other = 1; other != 256; ++other) {
            auto bytes = right;
            bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ other);
            try {
                auto const value = decoded<long double>(bytes);
                CHECK(encoded(value) == bytes);
            } catch (memo::value_error const&) {
            }
        }
    }
}

TEST_CASE("F11 raw: a bool is 0 or 1, an enum within its limits where it has some") {
    for (unsigned byte = 2; byte != 256; ++byte) {
        std::string const bytes(1, static_cast<char>(byte));
        CHECK_THROWS_AS(decoded<bool>(bytes), memo::value_error);
        CHECK_THROWS_AS(decoded<truth>(bytes), memo::value_error);
    }
    CHECK_THROWS_AS(decoded<color>(std::string(1, '\0')), memo::value_error);
    CHECK_THROWS_AS(decoded<color>("\x04"), memo::value_error);
    CHECK(decoded<color>("\x03") == color::blue);
    CHECK(comes_back(second_one));
    CHECK(comes_back(truth::yes));
}

TEST_CASE("raw: texts are their characters, of any kind and size") {
    CHECK(rc::check([](std::string const& text) {
        RC_ASSERT(encoded(text) == text);
        RC_ASSERT(decoded<std::string>(text) == text);
    }));
    CHECK(decoded<std::u16string>(encoded(std::u16string{u"äö"})) == u"äö");
    CHECK(decoded<std::u8string>(encoded(std::u8string{u8"äö"})) == u8"äö");
    CHECK(decoded<std::wstring>(encoded(std::wstring{L"wide"})) == L"wide");
    CHECK(to_hex(encoded(std::u32string{U"a"})) == "61000000");
    CHECK_THROWS_AS(decoded<std::u16string>("abc"), memo::value_error);
    CHECK_THROWS_AS(decoded<std::string>("abcd", {.bytes = 3}), memo::value_error);
    CHECK_NOTHROW(decoded<std::string>("abc", {.bytes = 3}));
}

TEST_CASE("raw_codec: the bytes of a type without gaps, pointers and bools come back") {
    CHECK(decoded<point>(encoded(point{1.5, -0.0})) == point{1.5, -0.0});
    CHECK(encoded(sized{1, 2}).size() == 8);
    CHECK_THROWS_AS(decoded<point>("short"), memo::value_error);
    CHECK_THROWS_AS(decoded<point>(std::string(17, 'x')), memo::value_error);
    using namespace memo::detail;
    static_assert(made_of_bytes<point> && full_of_bytes<point> && any_bytes_do<point>);
    static_assert(!made_of_bytes<pointing>);
    static_assert(made_of_bytes<padded> && !full_of_bytes<padded>);
    static_assert(full_of_bytes<doubting> && !any_bytes_do<doubting>);
}

TEST_CASE("F09 raw: other types, names and sizes have other schemas") {
    using memo::codec_traits;
    CHECK(codec_traits<int>::schema() == "i32");
    CHECK(codec_traits<long long>::schema() == "i64");
    CHECK(codec_traits<unsigned char>::schema() == "u8");
    CHECK(codec_traits<char>::schema() == "char");
    CHECK(codec_traits<double>::schema() == "f64");
    CHECK(codec_traits<bool>::schema() == "bool");
    CHECK(codec_traits<std::string>::schema() == "string");
    CHECK(codec_traits<std::u16string>::schema() == "string<char16>");
    CHECK(codec_traits<color>::schema().ends_with("color:u8"));
    CHECK(codec_traits<point>::schema().ends_with("point 16 8 little"));
    CHECK(codec_traits<sized>::schema() == "raw shop.sized/2 8 4 little");
}

TEST_CASE("F57 raw: what is refused is told without the value") {
    try {
        decoded<bool>("\x2a");
        FAIL("not refused");
    } catch (memo::value_error const& error) {
        CHECK(std::string_view{error.what()} ==
              "codec: these bytes are no value of the type: a bool is neither 0 nor 1; erase the entry, or compute it anew");
    }
}
