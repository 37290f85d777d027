#include <memo/base/glob.hpp>

#include <cstddef>
#include <string_view>

namespace memo::detail {
namespace {

/// Matches the one byte that the pattern stands at, and steps over what described it.
bool match_one(std::string_view pattern, std::size_t& at, char letter) noexcept {
    switch (pattern[at]) {
        case '?':
            ++at;
            return true;
        case '[': {
            glob_set const set = read_glob_set(pattern, at + 1, static_cast<unsigned char>(letter));
            at = set.end;
            return set.has_byte;
        }
        case '\\':
            at += at + 1 < pattern.size() ? 1U : 0U;
            [[fallthrough]];
        default:
            return pattern[at++] == letter;
    }
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text) noexcept {
    constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::size_t at = 0;
    std::size_t letter = 0;
    std::size_t behind_star = none;
    std::size_t star_end = 0;
    while (letter < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            behind_star = ++at;
            star_end = letter;
        } else if (at < pattern.size() && match_one(pattern, at, text[letter])) {
            ++letter;
        } else if (behind_star != none) {
            at = behind_star;
            letter = ++star_end;
        } else {
            return false;
        }
    }
    while (at < pattern.size() && pattern[at] == '*') {
        ++at;
    }
    return at == pattern.size();
}

}  // namespace memo::detail
