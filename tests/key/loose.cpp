#include <memo/base/hash.hpp>
#include <memo/key/buffer.hpp>
#include <memo/key/loose.hpp>
#include <memo/key/writer.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using memo::detail::sought_key;

namespace {

template <class... T>
std::string encoded(T const&... values) {
    memo::detail::key_buffer buffer;
    memo::key_writer{buffer}(values...);
    return std::string{buffer.view()};
}

template <class... T>
bool stands(std::string const& bytes, T const&... values) {
    auto const key = sought_key(values...);
    return key.size() == bytes.size() && key.stands_at(bytes.data());
}

enum class shade : std::uint8_t { dark, light };

/// Weak ones may give one place to all.
bool hashes_are_whole() { return memo::detail::place_seed::drawn.mask == ~std::uint64_t{0}; }

}  // namespace

TEST_CASE("loose_key: its encoding stands where the writer wrote the same parts, and nowhere else") {
    CHECK(rc::check([](std::string const& text, int number, double real, std::string const& other, int another, double third) {
        auto const bytes = encoded(text, number, real);
        RC_ASSERT(stands(bytes, text, number, real));
        RC_ASSERT(stands(bytes, other, number, real) == (other == text));
        RC_ASSERT(stands(bytes, text, another, real) == (another == number));
        RC_ASSERT(stands(bytes, text, number, third) == (encoded(third) == encoded(real)));
    }));
}

TEST_CASE("F02: loose_key: texts that are cut elsewhere are another key") {
    auto const bytes = encoded(std::string{"ab"}, std::string{"c"});
    CHECK(stands(bytes, std::string{"ab"}, std::string{"c"}));
    CHECK_FALSE(stands(bytes, std::string{"a"}, std::string{"bc"}));
    CHECK_FALSE(stands(bytes, std::string{"abc"}, std::string{}));
    if (hashes_are_whole())
        CHECK(sought_key(std::string{"ab"}, std::string{"c"}).place != sought_key(std::string{"a"}, std::string{"bc"}).place);
}

TEST_CASE("loose_key: texts of every length are measured and compared whole") {
    std::vector<std::size_t> const lengths{0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 127, 128, 129, 16'383, 16'384, 20'000};
    for (auto const length : lengths) {
        std::string text(length, 'x');
        auto const bytes = encoded(text, 7);
        CHECK(stands(bytes, text, 7));
        CHECK(stands(bytes, std::string_view{text}, 7));
        for (auto const at : {std::size_t{0}, length / 2, length - 1}) {
            if (at >= length) continue;
            text[at] = 'y';
            CHECK_FALSE(stands(bytes, text, 7));
            text[at] = 'x';
        }
    }
}

TEST_CASE("loose_key: numbers of every width are compared whole") {
    CHECK(rc::check([](std::int64_t first, std::int8_t second, bool third, float fourth, std::uint64_t flipped) {
        auto const bytes = encoded(first, second, third, fourth, shade::light);
        RC_ASSERT(stands(bytes, first, second, third, fourth, shade::light));
        RC_ASSERT_FALSE(stands(bytes, first, second, third, fourth, shade::dark));
        RC_ASSERT_FALSE(stands(bytes, first, second, !third, fourth, shade::light));
        auto const bit = flipped % 64;
        RC_ASSERT_FALSE(stands(bytes, first ^ static_cast<std::int64_t>(std::uint64_t{1} << bit), second, third, fourth, shade::light));
    }));
}

TEST_CASE("loose_key: every part has its say in the place") {
    auto const place = [](auto const&... parts) { return sought_key(parts...).place; };
    std::string const text = "a text";
    auto const whole = place(text, 1, 2L, 3L);
    if (!hashes_are_whole()) return;
    CHECK(whole == place(text, 1, 2L, 3L));
    CHECK(whole != place(std::string{"a texT"}, 1, 2L, 3L));
    CHECK(whole != place(text, 2, 2L, 3L));
    CHECK(whole != place(text, 1, 1L, 3L));
    CHECK(whole != place(text, 1, 2L, 2L));
    CHECK(whole != place(text, 1, 3L, 2L));
    CHECK(place(1L, 2L, 3L) != place(3L, 2L, 1L));
}

TEST_CASE("loose_key: a key of few bytes is in registers instead") {
    static_assert(std::same_as<decltype(sought_key(1)), memo::detail::short_key>);
    static_assert(std::same_as<decltype(sought_key(1, 2L)), memo::detail::short_key>);
    static_assert(!std::same_as<decltype(sought_key(1L, 2L)), memo::detail::short_key>);
    static_assert(!std::same_as<decltype(sought_key(true)), memo::detail::short_key>);
    CHECK(stands(encoded(true), true));
    CHECK_FALSE(stands(encoded(true), false));
}
