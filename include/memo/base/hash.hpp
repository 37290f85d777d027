#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace memo::detail {

/// Where the key of these bytes stands in a table of this process. A place is no identity: who finds an entry by it
/// compares the key itself.
///
/// Returns: XXH3-64 with a random seed of this process, so that nobody can choose keys that meet; in a library that was
/// built
///          with `weak_hash_bits`, only the low bits of it.
/// Threads: any. The first call draws the seed; a machine without any source of randomness ends the process there.
/// Source:  https://github.com/Cyan4973/xxHash
std::uint64_t place_of(std::string_view bytes) noexcept;

/// What `short_place_of` needs of the seed; zeros until it is drawn.
struct place_seed {
    std::atomic<std::uint64_t> low{0};
    std::atomic<std::uint64_t> high{0};
    std::uint64_t mask;

    static place_seed drawn;
};

/// `place_of` for 9 to 16 bytes, as most keys have, inlined where a hit is made: of XXH3, the part for this length.
inline std::uint64_t short_place_of(char const* bytes, std::size_t size) noexcept {
    auto const& seed = place_seed::drawn;
    auto const mix = seed.high.load(std::memory_order_acquire);
    if (mix == 0 || std::endian::native != std::endian::little)
        return place_of({bytes, size});
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, bytes, sizeof low);
    std::memcpy(&high, bytes + size - sizeof high, sizeof high);
    low ^= seed.low.load(std::memory_order_relaxed);
    high ^= mix;
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
