#include <memo/base/glob.hpp>
#include <memo/key/text.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using memo::detail::append_escaped;
using memo::detail::append_text;
using memo::detail::has_text;
using memo::detail::key_buffer;

namespace {

enum class color : std::uint8_t { green = 200 };
enum class level : std::int8_t { low = -3 };

template <class T>
std::string text_of_value(T const& value) {
    key_buffer out;
    append_text(out, value);
    return std::string{out.view()};
}

std::string escaped(std::string_view text) {
    key_buffer out;
    append_escaped(out, text);
    return std::string{out.view()};
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i != text.size(); ++i) {
        if (text[i] == '%') {
            out += static_cast<char>(std::stoi(std::string{text.substr(i + 1, 2)}, nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace

TEST_CASE("text: text, integers, bools, enums and floating point have one, other types have none") {
    static_assert(has_text<std::string> && has_text<std::string_view> && has_text<char const*> && has_text<char[4]>);
    static_assert(has_text<std::u8string> && has_text<char> && has_text<int> && has_text<bool> && has_text<color>);
    static_assert(has_text<float> && has_text<double> && has_text<long double> && has_text<unsigned long long>);
    static_assert(!has_text<std::vector<int>> && !has_text<std::optional<int>> && !has_text<int*>);
    static_assert(!has_text<std::wstring> && !has_text<wchar_t> && !has_text<char16_t> && !has_text<std::nullptr_t>);
    CHECK(text_of_value(true) == "true");
    CHECK(text_of_value(false) == "false");
    CHECK(text_of_value(-7) == "-7");
    CHECK(text_of_value(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(text_of_value(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(text_of_value(std::uint8_t{65}) == "65");
    CHECK(text_of_value(color::green) == "200");
    CHECK(text_of_value(level::low) == "-3");
    CHECK(text_of_value('a') == "a");
    CHECK(text_of_value(':') == "%3A");
    CHECK(text_of_value(std::u8string{u8"ü:"}) == "ü%3A");
    CHECK(text_of_value("literal") == "literal");
}

TEST_CASE("text: floating point has the shortest text that reads back, escaped like any other") {
    CHECK(text_of_value(0.1) == "0.1");
    CHECK(text_of_value(0.1F) == "0.1");
    CHECK(text_of_value(1e100) == "1e%2B100");
    CHECK(text_of_value(1e-7) == "1e-07");
    CHECK(text_of_value(1.5L) == "1.5");
    CHECK(text_of_value(std::numeric_limits<double>::infinity()) == "inf");
    CHECK(rc::check([](double value) { RC_ASSERT(std::stod(unescaped(text_of_value(value))) == value); }));
}

TEST_CASE("text: F04 all NaNs are `nan`, and a negative zero keeps its sign") {
    CHECK(text_of_value(std::nan("1")) == "nan");
    CHECK(text_of_value(-std::nanf("2")) == "nan");
    CHECK(text_of_value(-0.0) == "-0");
    CHECK(text_of_value(0.0) == "0");
}

TEST_CASE("text: F02 everything but unreserved characters and bytes from 0x80 on is escaped, and can be read back") {
    CHECK(escaped("AZaz09-_.~") == "AZaz09-_.~");
    CHECK(escaped(":%{} *?[]^\\\n") == "%3A%25%7B%7D%20%2A%3F%5B%5D%5E%5C%0A");
    CHECK(escaped("\x7f\x80\xff") == "%7F\x80\xff");
    CHECK(escaped(std::string_view{"\0", 1}) == "%00");
    CHECK(rc::check([](std::string const& text) { RC_ASSERT(unescaped(escaped(text)) == text); }));
}

TEST_CASE("text: F07 what was escaped matches itself and nothing else as a pattern") {
    CHECK(rc::check([](std::string const& text, std::string const& other) {
        auto const pattern = escaped(text);
        RC_ASSERT(memo::detail::glob_fault(pattern.c_str()) == nullptr);
        RC_ASSERT(memo::detail::glob_match(pattern, escaped(text)));
        RC_ASSERT(memo::detail::glob_match(pattern, escaped(other)) == (text == other));
    }));
}

TEST_CASE("text: a null `char const*` has a text that no string has") {
    char const* const null = nullptr;
    CHECK(text_of_value(null) == "%null");
    CHECK(rc::check([](std::string const& text) { RC_ASSERT(escaped(text).find("%n") == std::string::npos); }));
}
