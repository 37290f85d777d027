#pragma once

#include <cstddef>
#include <string_view>

namespace memo::detail {

/// Whether the whole of `text` fits `pattern`, in the grammar of Redis: `*` any bytes, `?` any one byte, `[abc]`,
/// `[a-z]` and
/// `[^a]` one byte of a set, `\x` the byte x itself, everything else itself. Bytes, not characters.
///
/// A malformed pattern means what Redis makes of it: the end closes an open set, a last backslash is itself.
///
/// Cost:   allocates nothing; at most |pattern| x |text| steps however many stars there are, and about |text| when what
///         follows each star begins with a rare byte.
/// Source: the meaning is that of `stringmatchlen` in Redis; a star that was followed by another one is never tried
/// again.
bool glob_match(std::string_view pattern, std::string_view text) noexcept;

/// A set of bytes in a pattern, from behind its `[` on.
struct glob_set {
    bool has_byte = false;
    bool closed = false;
    std::size_t end = 0;  // behind the `]`
};

constexpr glob_set read_glob_set(std::string_view pattern, std::size_t at, unsigned char byte) noexcept {
    bool const negated = at < pattern.size() && pattern[at] == '^';
    at += negated ? 1U : 0U;
    bool found = false;
    while (at < pattern.size() && pattern[at] != ']') {
        std::size_t const left = pattern.size() - at;
        bool const escaped = pattern[at] == '\\' && left >= 2;
        auto low = static_cast<unsigned char>(pattern[at + (escaped ? 1U : 0U)]);
        auto high = low;
        if (escaped) {
            at += 2;
        } else if (left >= 3 && pattern[at + 1] == '-') {
            high = static_cast<unsigned char>(pattern[at + 2]);
            at += 3;
        } else {
            ++at;
        }
        found = found || (low <= byte && byte <= high) || (high <= byte && byte <= low);
    }
    bool const closed = at < pattern.size();
    return {found != negated, closed, at + (closed ? 1U : 0U)};
}

/// Returns: nullptr for a well-formed pattern, else what is wrong with it.
constexpr char const* glob_fault(std::string_view pattern) noexcept {
    std::size_t at = 0;
    while (at < pattern.size()) {
        if (pattern[at] == '\\' && at + 1 == pattern.size()) {
            return "a backslash at the end escapes nothing";
        }
        if (pattern[at] == '[') {
            glob_set const set = read_glob_set(pattern, at + 1, 0);
            if (!set.closed) {
                return "a `[` is not closed";
            }
            at = set.end;
        } else {
            at += pattern[at] == '\\' ? 2U : 1U;
        }
    }
    return nullptr;
}

}  // namespace memo::detail
