#include "wording.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace memo::sim {
namespace {

constexpr bool continues(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// How many bytes the UTF-8 character at the front takes, 0 if there is none, or one that is for terminals.
std::size_t character(std::string_view text) noexcept {
    auto const lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80)
        return lead >= 0x20 && lead != 0x7F ? 1 : 0;
    std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length || !std::all_of(text.begin() + 1, text.begin() + std::ptrdiff_t(length), continues))
        return 0;
    auto const second = static_cast<unsigned char>(text[1]);
    bool const overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    bool const no_character = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F) || (lead == 0xC2 && second < 0xA0);
    return overlong || no_character ? 0 : length;
}

/// How wide UTF-8 text is drawn, in Latin letters: characters of three bytes and more are as wide as two.
std::size_t width(std::string_view text) noexcept {
    std::size_t sum = 0;
    for (char const byte : text)
        sum += continues(byte) ? 0U : static_cast<unsigned char>(byte) >= 0xE0 ? 2U : 1U;
    return sum;
}

}  // namespace

std::string grouped(std::uint64_t number) {
    auto digits = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string brief(double number) {
    std::string unit;
    for (auto const larger : {"k", "M", "G", "T", "P", "E"}) {
        if (number < 1000)
            break;
        number /= 1000;
        unit = larger;
    }
    auto digits = fixed(number, 2);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.')
        digits.pop_back();
    return digits + unit;
}

std::string fixed(double number, int digits) {
    std::array<char, 400> text;
    auto const end = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed, digits).ptr;
    return {text.data(), end};
}

std::string printable(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        auto const length = character(text);
        shown += length == 0 ? "?" : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return shown;
}

std::string shortened(std::string_view text, std::size_t most) {
    if (width(text) <= most)
        return std::string{text};
    auto const half = (most - 1) / 2;
    auto front = text.size();
    while (width(text.substr(0, front)) > half || continues(text[front]))
        --front;
    std::size_t back = 0;
    while (width(text.substr(back)) > half || continues(text[back]))
        ++back;
    return std::string{text.substr(0, front)} + "\xE2\x80\xA6" + std::string{text.substr(back)};
}

std::size_t columns(std::string_view text) noexcept {
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

}  // namespace memo::sim
