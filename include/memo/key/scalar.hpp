#pragma once

#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>
#include <memo/key/buffer.hpp>

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// The first byte of every encoded value. These numbers are part of every stored key: never change one, never reuse
/// one. Zero begins no value; it ends the parts that a `key_traits` wrote.
enum class key_tag : std::uint8_t {
    end = 0x00,
    null = 0x01,
    unit = 0x02,
    boolean = 0x03,
    byte = 0x04,
    signed_integer = 0x10,  // + log2 of the width in bytes, here and in the next four
    unsigned_integer = 0x18,
    signed_enumeration = 0x20,
    unsigned_enumeration = 0x28,
    floating = 0x30,
    long_double = 0x38,
    character = 0x40,
    character_8 = 0x41,
    character_16 = 0x42,
    character_32 = 0x43,
    wide_character = 0x44,
    null_text = 0x48,
    text = 0x50,
    text_8 = 0x51,
    text_16 = 0x52,
    text_32 = 0x53,
    wide_text = 0x54,
    path = 0x58,
    optional = 0x60,
    variant = 0x61,
    valueless = 0x62,
    product = 0x63,
    fields = 0x64,
    custom = 0x65,
    sequence = 0x68,
    packed_sequence = 0x69,
    unordered = 0x6a,
    bits = 0x6b,
    complex = 0x70,
    duration = 0x71,
    time_point = 0x72,
};

template <class T>
concept character = std::same_as<T, char> || std::same_as<T, char8_t> || std::same_as<T, char16_t> ||
    std::same_as<T, char32_t> || std::same_as<T, wchar_t>;

/// The values whose encoding is a tag and bytes of a fixed number, so that many of one type need the tag but once.
template <class T>
concept scalar = sizeof(T) <= 8 &&
                 (std::is_integral_v<T> || std::is_enum_v<T> || std::same_as<T, float> || std::same_as<T, double>);

template <std::size_t Width>
constexpr auto unsigned_of_width() {
    if constexpr (Width == 1) {
        return std::uint8_t{};
    } else if constexpr (Width == 2) {
        return std::uint16_t{};
    } else if constexpr (Width == 4) {
        return std::uint32_t{};
    } else {
        static_assert(Width == 8);
        return std::uint64_t{};
    }
}

template <character C>
constexpr key_tag character_tag(key_tag family) {
    constexpr int place = std::same_as<C, char>       ? 0
                          : std::same_as<C, char8_t>  ? 1
                          : std::same_as<C, char16_t> ? 2
                          : std::same_as<C, char32_t> ? 3
                                                      : 4;
    return static_cast<key_tag>(static_cast<int>(family) + place);
}

template <scalar T>
constexpr key_tag tag_of() {
    if constexpr (std::same_as<T, bool>) {
        return key_tag::boolean;
    } else if constexpr (std::same_as<T, std::byte>) {
        return key_tag::byte;
    } else if constexpr (character<T>) {
        return character_tag<T>(key_tag::character);
    } else {
        constexpr int width = std::countr_zero(sizeof(T));
        key_tag family = key_tag::floating;
        if constexpr (std::is_enum_v<T>) {
            family = std::is_signed_v<std::underlying_type_t<T>> ? key_tag::signed_enumeration
                                                                 : key_tag::unsigned_enumeration;
        } else if constexpr (std::is_integral_v<T>) {
            family = std::is_signed_v<T> ? key_tag::signed_integer : key_tag::unsigned_integer;
        }
        return static_cast<key_tag>(static_cast<int>(family) + width);
    }
}

/// Returns: the bits that stand for this value: its own, but one NaN for all NaNs, and four bytes for a wchar_t.
template <scalar T>
constexpr auto bits_of(T value) noexcept {
    if constexpr (std::is_floating_point_v<T>) {
        static_assert(sizeof(T) == 4 || sizeof(T) == 8);
        using bits = decltype(unsigned_of_width<sizeof(T)>());
        constexpr bits sign = bits{1} << (sizeof(T) * 8 - 1);
        constexpr bits infinity = sizeof(T) == 4 ? bits{0x7f800000} : static_cast<bits>(0x7ff0000000000000);
        constexpr bits nan = infinity | infinity >> 1;
        auto const found = std::bit_cast<bits>(value);
        return (found & ~sign) > infinity ? nan : found;
    } else if constexpr (std::same_as<T, wchar_t>) {
        return static_cast<std::uint32_t>(value);
    } else if constexpr (std::same_as<T, bool>) {
        return static_cast<std::uint8_t>(value ? 1 : 0);
    } else {
        return static_cast<decltype(unsigned_of_width<sizeof(T)>())>(value);
    }
}

/// The memory of such values is their encoding already.
template <class T>
concept raw_scalar = scalar<T> && !std::is_floating_point_v<T> && !std::same_as<T, wchar_t> &&
                     (std::endian::native == std::endian::little || sizeof(T) == 1);

/// Returns: the number whose memory are these bits, low ones first.
template <std::unsigned_integral Bits>
constexpr Bits in_memory(Bits bits) noexcept {
    if constexpr (std::endian::native == std::endian::little || sizeof(Bits) == 1) {
        return bits;
    } else {
        Bits turned = 0;
        for (std::size_t i = 0; i != sizeof bits; ++i) {
            turned = static_cast<Bits>(turned << 8 | (bits >> (8 * i) & 0xff));
        }
        return turned;
    }
}

template <std::unsigned_integral Bits>
void store_little(char* to, Bits bits) noexcept {
    auto const stored = in_memory(bits);
    std::memcpy(to, &stored, sizeof stored);
}

inline void append_tag(key_buffer& out, key_tag tag) { out.push(static_cast<std::uint8_t>(tag)); }

inline void append_head(key_buffer& out, key_tag tag, std::uint64_t length) {
    if (length < 0x80) {
        store_little(out.room(2), static_cast<std::uint16_t>(length << 8 | static_cast<std::uint8_t>(tag)));
    } else {
        append_tag(out, tag);
        out.append_length(length);
    }
}

/// What the encoding of such a value takes.
template <scalar T>
inline constexpr std::size_t scalar_key_size = 1 + sizeof(bits_of(T{}));

/// How far beyond its beginning the encoding of a value may be written over.
inline constexpr std::size_t scalar_key_reach = 16;

/// Writes tag and value, in one store, also when that writes over bytes that follow: the hash reads them in other pieces
/// than they came in, and a load that spans two stores waits until both are in the cache (three times the cost of the
/// hash).
///
/// Returns: where the next one goes.
template <scalar T>
char* write_scalar(char* at, T value) noexcept {
    constexpr auto tag = static_cast<std::uint64_t>(tag_of<T>());
    auto const bits = bits_of(value);
    if constexpr (sizeof bits < 8) {
        store_little(at, std::uint64_t{bits} << 8 | tag);
    } else if constexpr (std::endian::native == std::endian::little) {
        using words [[gnu::vector_size(16)]] = std::uint64_t;
        words const both{bits << 8 | tag, bits >> 56};
        std::memcpy(at, &both, sizeof both);
    } else {
        *at = static_cast<char>(tag);
        store_little(at + 1, bits);
    }
    return at + scalar_key_size<T>;
}

/// Adds bits to a number of 128, from a certain one on. No shift over two words, which costs more than both.
template <std::size_t At, std::unsigned_integral Bits>
constexpr void put_bits(std::uint64_t& low, std::uint64_t& high, Bits bits) noexcept {
    auto const wide = std::uint64_t{bits};
    if constexpr (At >= 64)
        high |= wide << (At - 64);
    else
        low |= wide << At;
    if constexpr (At < 64 && At + 8 * sizeof(Bits) > 64)
        high |= wide >> (64 - At);
}

/// Returns: the encodings of these values side by side, of 4 to 16 bytes together.
template <scalar... T>
    requires(sizeof...(T) > 0)
[[gnu::always_inline]] inline short_key short_key_of(T... values) noexcept {
    constexpr std::size_t size = (std::size_t{} + ... + scalar_key_size<T>);
    static_assert(size >= 4 && size <= short_key::most);
    constexpr auto begins = [] {
        std::array<std::size_t, sizeof...(T)> bits{8 * scalar_key_size<T>...};
        std::exclusive_scan(bits.begin(), bits.end(), bits.begin(), std::size_t{});
        return bits;
    }();
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    [&]<std::size_t... Number>(std::index_sequence<Number...>) __attribute__((always_inline)) {
        (put_bits<begins[Number]>(low, high, static_cast<std::uint8_t>(tag_of<T>())), ...);
        (put_bits<begins[Number] + 8>(low, high, bits_of(values)), ...);
    }(std::index_sequence_for<T...>{});

    short_key made{0, {in_memory(low), in_memory(high)}, size};
    if constexpr (sizeof...(T) == 1 && size > 8)
        made.place = short_place_of(low, (bits_of(values), ...), size);
    else if constexpr (size > 8)
        made.place = short_place_of(low, size == 16 ? high : low >> (8 * size - 64) | high << (128 - 8 * size), size);
    else
        made.place = short_place_of(low & 0xffff'ffff, low >> (8 * size - 32) & 0xffff'ffff, size);
    return made;
}

template <scalar T>
void append_scalar(key_buffer& out, T value) {
    write_scalar(out.room(scalar_key_size<T>, scalar_key_reach), value);
}

/// Sign, class (zero, finite, infinite, NaN), exponent and 128 bits of mantissa: the same on every format of long
/// double.
void append_long_double(key_buffer& out, long double value);

}  // namespace memo::detail
