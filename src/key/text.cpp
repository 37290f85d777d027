#include <memo/key/text.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace memo::detail {
namespace {

constexpr bool stays(unsigned char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '_' || byte == '.' || byte == '~' || byte >= 0x80;
}

constexpr auto staying = [] {
    std::array<bool, 256> table{};
    for (std::size_t byte = 0; byte != table.size(); ++byte) {
        table[byte] = stays(static_cast<unsigned char>(byte));
    }
    return table;
}();

template <class Number>
void append_digits(key_buffer& out, Number number) {
    std::array<char, 64> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    append_escaped(out, std::string_view{digits.data(), static_cast<std::size_t>(end - digits.data())});
}

template <class Number>
void append_floating(key_buffer& out, Number number) {
    if (std::isnan(number)) {
        out.append(std::string_view{"nan"});
    } else {
        append_digits(out, number);
    }
}

}  // namespace

void append_escaped(key_buffer& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::size_t copied = 0;
    for (std::size_t i = 0; i != text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        if (!staying[byte]) {
            char const escape[] = {'%', digits[byte >> 4], digits[byte & 0xf]};
            out.append(text.substr(copied, i - copied));
            out.append(escape, sizeof escape);
            copied = i + 1;
        }
    }
    out.append(text.substr(copied));
}

void append_number(key_buffer& out, long long number) { append_digits(out, number); }

void append_number(key_buffer& out, unsigned long long number) { append_digits(out, number); }

void append_number(key_buffer& out, float number) { append_floating(out, number); }

void append_number(key_buffer& out, double number) { append_floating(out, number); }

void append_number(key_buffer& out, long double number) { append_floating(out, number); }

}  // namespace memo::detail
