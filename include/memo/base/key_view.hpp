#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace memo::detail {

/// The key of one call as a store sees it. The bytes live as long as the buffer they were written to.
struct key_view {
    std::uint64_t place = 0;    ///< where to look: a seeded hash of `text`, or of `identity` where there is no text
    std::string_view identity;  ///< the canonical encoding of what enters the key; decides
    std::string_view text;      ///< the readable key, by which strings and patterns reach the entry; may be empty

    /// Whether both mean the same call.
    friend bool operator==(key_view const& left, key_view const& right) noexcept {
        return left.place == right.place && same(left.identity, right.identity) && same(left.text, right.text);
    }

    static std::uint64_t load(char const* bytes) noexcept {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, sizeof word);
        return word;
    }

    /// Most are short, one number with its type or a few: overlapping words, without a call.
    [[gnu::always_inline]] static bool same(std::string_view left, std::string_view right) noexcept {
        constexpr std::size_t word = sizeof(std::uint64_t);
        auto const size = left.size();
        if (size != right.size())
            return false;
        if (size == 0)
            return true;
        auto const differs = [&](std::size_t at) { return load(left.data() + at) ^ load(right.data() + at); };
        if (size >= word && size <= 2 * word)
            return (differs(0) | differs(size - word)) == 0;
        if (size > 2 * word && size <= 4 * word)
            return (differs(0) | differs(word) | differs(size - 2 * word) | differs(size - word)) == 0;
        return std::memcmp(left.data(), right.data(), size) == 0;
    }
};

/// A key without text of a few bytes, in registers.
struct short_key {
    static constexpr std::size_t most = 2 * sizeof(std::uint64_t);
    static constexpr std::size_t most_counted = most - 1;

    std::uint64_t place = 0;
    std::uint64_t words[2]{};  ///< its bytes as they stand in memory, zeros behind them
    std::size_t size = 0;

    /// The same key, for as long as this one stands.
    key_view view() const noexcept { return {place, {reinterpret_cast<char const*>(words), size}, {}}; }

    /// Words that only equal keys have, those of any length among them: in the lowest byte of one that is not longer than `most_counted`
    /// stands its size. That of others has the bit above all such sizes.
    std::array<std::uint64_t, 2> counted() const noexcept {
        return {words[0], (std::endian::native == std::endian::little ? words[1] << 8 : words[1]) | size};
    }
    /// The words of no key, of whatever length.
    static constexpr std::array<std::uint64_t, 2> counted_none() noexcept { return {0, 2 * most}; }
};

}  // namespace memo::detail
