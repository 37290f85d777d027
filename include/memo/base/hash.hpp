#pragma once

#include <cstdint>
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
