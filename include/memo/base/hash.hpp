#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace memo::detail {

/// Where the key of these bytes stands in a table of this process. A place is no identity: who finds an entry by it
/// compares the key itself.
///
/// Another salt makes another hash: of bytes that are one part of several, what came before them.
///
/// Returns: XXH3-64 with a random seed of this process, so that nobody can choose keys that meet; in a library that was
///          built with `weak_hash_bits`, only the low bits of it.
/// Threads: any. The seed is drawn before static objects are made; a machine without any source of randomness ends the process there.
/// Source:  https://github.com/Cyan4973/xxHash
std::uint64_t place_of(std::string_view bytes, std::uint64_t salt = 0) noexcept;

/// What `short_place_of` needs of the seed.
struct place_seed {
    std::uint64_t flip = 0;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint64_t mask = 0;

    static place_seed drawn;
};

/// `place_of` for 4 to 16 bytes, as most keys have, inlined where a hit is made: of XXH3, the parts for these lengths. `first` and
/// `last` are the bytes at both ends as little-endian numbers: four each of up to eight bytes, else eight each.
[[gnu::always_inline]] inline std::uint64_t short_place_of(std::uint64_t first, std::uint64_t last, std::size_t size) noexcept {
    auto const& seed = place_seed::drawn;
    if (size <= 8) {
        constexpr std::uint64_t prime = 0x9FB21C651E98DF25;
        auto hash = (last + (first << 32)) ^ seed.flip;
        hash = (hash ^ std::rotl(hash, 49) ^ std::rotl(hash, 24)) * prime;
        hash = (hash ^ ((hash >> 35) + size)) * prime;
        return (hash ^ hash >> 28) & seed.mask;
    }
    auto const low = first ^ seed.low;
    auto const high = last ^ seed.high;
    __extension__ using wide = unsigned __int128;
    auto const product = static_cast<wide>(low) * high;
    auto hash = size + __builtin_bswap64(low) + high + (static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64));
    hash = (hash ^ hash >> 37) * 0x165667919E3779F9;
    return (hash ^ hash >> 32) & seed.mask;
}

/// A key of any length in 128 bits, the same in every process and on every platform: what names a key in a shared
/// store.
struct digest {
    std::uint64_t high;
    std::uint64_t low;

    friend bool operator==(digest, digest) = default;
};

/// Returns: XXH3-128 without a seed.
digest digest_of(std::string_view bytes) noexcept;

/// Returns: 32 lower-case hexadecimal digits, `high` first.
std::string hex(digest value);

}  // namespace memo::detail
