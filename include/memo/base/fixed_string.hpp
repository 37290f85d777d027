#pragma once

#include <cstddef>
#include <string_view>

namespace memo {

/// A string literal as a template argument: `template <fixed_string Text> struct key;`, `key<"user:{0}">`.
///
/// Every member is public, as a class type must have it to be a template argument.
template <std::size_t N>
struct fixed_string {
    char characters[N]{};

    constexpr fixed_string(char const (&literal)[N]) noexcept {
        for (std::size_t i = 0; i != N; ++i) {
            characters[i] = literal[i];
        }
    }

    /// Returns: the text without the final NUL; a NUL inside the literal belongs to it.
    constexpr std::string_view view() const noexcept { return {characters, N - 1}; }

    template <std::size_t M>
    constexpr bool operator==(fixed_string<M> const& other) const noexcept {
        return view() == other.view();
    }
};

}  // namespace memo
