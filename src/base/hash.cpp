#include <memo/base/hash.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#ifndef MEMO_WEAK_HASH_BITS
#define MEMO_WEAK_HASH_BITS 0
#endif

namespace memo::detail {
namespace {

constexpr unsigned place_bits = MEMO_WEAK_HASH_BITS == 0 ? 64 : MEMO_WEAK_HASH_BITS;
static_assert(place_bits <= 64);
constexpr std::uint64_t place_mask = ~std::uint64_t{0} >> (64 - place_bits);

constinit std::uint64_t seed = 0;

std::uint64_t secret(std::size_t at) noexcept { return XXH_readLE64(XXH3_kSecret + at); }

/// Before whatever makes a key: static objects may.
[[gnu::constructor(101)]] void draw_seed() noexcept {
    std::random_device device;
    while (seed == 0) {
        seed = std::uint64_t{device()} << 32 | device();
    }
    auto const swapped = static_cast<std::uint64_t>(__builtin_bswap32(static_cast<std::uint32_t>(seed))) << 32;
    place_seed::drawn.flip = (secret(8) ^ secret(16)) - (seed ^ swapped);
    place_seed::drawn.low = (secret(24) ^ secret(32)) + seed;
    place_seed::drawn.high = (secret(40) ^ secret(48)) - seed;
}

void append_hex(std::string& out, std::uint64_t number) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) {
        out += digits[number >> shift & 0xf];
    }
}

}  // namespace

constinit place_seed place_seed::drawn{.mask = place_mask};

std::uint64_t place_of(std::string_view bytes, std::uint64_t salt) noexcept {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed + salt) & place_mask;
}

digest digest_of(std::string_view bytes) noexcept {
    XXH128_hash_t const hash = XXH3_128bits(bytes.data(), bytes.size());
    return {hash.high64, hash.low64};
}

std::string hex(digest value) {
    std::string out;
    out.reserve(32);
    append_hex(out, value.high);
    append_hex(out, value.low);
    return out;
}

}  // namespace memo::detail
