#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

/// XXH3 with a seed, for everybody who lets us choose the hash.
struct seeded_hash {
    using is_avalanching = void;
    using is_transparent = void;

    static constexpr std::uint64_t seed = 0x5eed5eed5eed5eed;

    std::size_t operator()(std::int64_t number) const noexcept { return XXH3_64bits_withSeed(&number, sizeof number, seed); }
    std::size_t operator()(std::string_view text) const noexcept { return XXH3_64bits_withSeed(text.data(), text.size(), seed); }

    /// The text in place, seeded by the mixed numbers.
    template <class Text>
    std::size_t operator()(std::tuple<Text, int, double> const& call) const noexcept {
        auto const& [text, number, real] = call;
        auto const mixed = (std::bit_cast<std::uint64_t>(real) ^ static_cast<std::uint64_t>(number)) * 0x9e3779b97f4a7c15;
        return XXH3_64bits_withSeed(text.data(), text.size(), seed ^ mixed);
    }

    static XXH128_hash_t digest(std::string_view text) noexcept { return XXH3_128bits_withSeed(text.data(), text.size(), seed); }
};
