// The first byte says how much of the rest, the next 200 bytes, is a pattern; what follows is a text. Texts in readable keys hold
// no delimiters and come back; patterns match what Redis says they do, in bounded time.
#include "fuzz/check.hpp"

#include <memo/base/glob.hpp>
#include <memo/key/buffer.hpp>
#include <memo/key/text.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using memo::detail::glob_match;

/// The meaning of a pattern, said as plainly as can be: one byte after the other, with every way to read a star.
bool matches(std::string_view pattern, std::string_view text) {
    if (pattern.empty())
        return text.empty();
    if (pattern[0] == '*')
        return matches(pattern.substr(1), text) || (!text.empty() && matches(pattern, text.substr(1)));
    if (text.empty())
        return false;
    if (pattern[0] == '[') {
        auto const set = memo::detail::read_glob_set(pattern, 1, static_cast<unsigned char>(text[0]));
        return set.has_byte && matches(pattern.substr(set.end), text.substr(1));
    }
    std::size_t const escaped = pattern[0] == '\\' && pattern.size() > 1 ? 1 : 0;
    bool const fits = (pattern[0] == '?' && escaped == 0) || pattern[escaped] == text[0];
    return fits && matches(pattern.substr(escaped + 1), text.substr(1));
}

int digit(char letter) {
    return letter <= '9' ? letter - '0' : (letter | 0x20) - 'a' + 10;
}

std::string unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at != text.size(); ++at) {
        if (text[at] == '%') {
            plain += static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2]));
            at += 2;
        } else {
            plain += text[at];
        }
    }
    return plain;
}

void judge_pattern(std::string_view pattern, std::string_view text) {
    bool const found = glob_match(pattern, text);
    if (pattern.size() <= 8 && text.size() <= 8)
        fuzz::check(found == matches(pattern, text), "a pattern matches what it says");
    if (memo::detail::glob_fault(pattern) == nullptr && found)
        fuzz::check(glob_match(std::string{pattern} + '*', std::string{text} + "more"), "a star takes the rest");
}

void judge_text(std::string_view text) {
    memo::detail::key_buffer buffer;
    memo::detail::append_escaped(buffer, text);
    std::string const escaped{buffer.view()};
    fuzz::check(escaped.find_first_of(":{}*?[]^\\ ") == std::string::npos, "an escaped text holds no delimiter");
    fuzz::check(unescaped(escaped) == text, "an escaped text comes back");
    fuzz::check(glob_match(escaped, escaped), "an escaped text is a pattern of itself");
    fuzz::check(glob_match("user:" + escaped + ":*", "user:" + escaped + ":1"), "an escaped text stands in patterns");
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    std::size_t const rest = std::min<std::size_t>(size - 1, 200);
    std::size_t const length = std::min<std::size_t>(data[0], rest);
    judge_pattern(fuzz::text_of(data + 1, length), fuzz::text_of(data + 1 + length, rest - length));
    judge_text(fuzz::text_of(data + 1, rest));
    return 0;
}
