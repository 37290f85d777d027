#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

namespace memo::detail {

/// The bytes of numbers in records and values: unsigned integers, little-endian at their own width or, for lengths, 7 bits a
/// byte with the low bits first.
template <class T>
concept wire_number = std::unsigned_integral<T> && !std::same_as<T, bool>;

template <wire_number T>
constexpr T little_endian(T number) noexcept {
    if constexpr (std::endian::native == std::endian::little || sizeof(T) == 1) {
        return number;
    } else {
        T turned = 0;
        for (std::size_t byte = 0; byte != sizeof(T); ++byte)
            turned = static_cast<T>(static_cast<T>(turned << 8) | static_cast<T>(number >> (8 * byte) & 0xff));
        return turned;
    }
}

template <wire_number T>
char* write_wire(char* at, T number) noexcept {
    number = little_endian(number);
    std::memcpy(at, &number, sizeof number);
    return at + sizeof number;
}

template <wire_number T>
T read_wire(char const* at) noexcept {
    T number = 0;
    std::memcpy(&number, at, sizeof number);
    return little_endian(number);
}

template <wire_number T>
void append_wire(std::string& out, T number) {
    number = little_endian(number);
    out.append(reinterpret_cast<char const*>(&number), sizeof number);
}

inline constexpr std::size_t longest_length = 10;

/// How many bytes a length takes.
constexpr std::size_t length_size(std::uint64_t length) noexcept {
    return length == 0 ? 1 : (static_cast<std::size_t>(std::bit_width(length)) + 6) / 7;
}

inline char* store_length(char* at, std::uint64_t length) noexcept {
    for (; length >= 0x80; length >>= 7)
        *at++ = static_cast<char>(length | 0x80);
    *at++ = static_cast<char>(length);
    return at;
}

inline void append_length(std::string& out, std::uint64_t length) {
    char bytes[longest_length];
    out.append(bytes, static_cast<std::size_t>(store_length(bytes, length) - bytes));
}

/// Takes the length that begins at `at`. Returns: behind it; nullptr when it does not end, is above 64 bits, or is written with
/// more bytes than it needs.
inline char const* take_length(char const* at, char const* end, std::uint64_t& length) noexcept {
    length = 0;
    for (unsigned shift = 0; at != end && shift < 64; shift += 7) {
        auto const byte = static_cast<unsigned char>(*at++);
        length |= std::uint64_t{byte & 0x7fU} << shift;
        if (byte < 0x80)
            return (byte == 0 && shift != 0) || (shift == 63 && byte > 1) ? nullptr : at;
    }
    return nullptr;
}

}  // namespace memo::detail
