#pragma once

#include <memo/codec/schema.hpp>
#include <memo/codec/traits.hpp>
#include <memo/codec/wire.hpp>

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace memo {

/// The first and the last value of an enum. Bytes with any other number are refused; specialize it:
/// `template <> struct memo::enum_limits<color> { static constexpr color first = color::red, last = color::blue; };`
template <class E>
struct enum_limits {};

namespace detail {

/// bool, numbers, characters and enums.
template <class T>
concept wire_scalar =
    std::is_enum_v<T> || (std::is_arithmetic_v<T> && sizeof(T) <= sizeof(std::uint64_t)) || std::same_as<T, long double>;

template <class T>
concept limited_enum = std::is_enum_v<T> && requires {
    { enum_limits<T>::first } -> std::convertible_to<T>;
    { enum_limits<T>::last } -> std::convertible_to<T>;
};

/// Sign, kind, exponent and mantissa, since no two platforms agree on more.
inline constexpr std::size_t long_double_size = 22;
void store_long_double(char* at, long double value) noexcept;
long double load_long_double(char const* at);

template <class T>
struct scalar_bits : std::make_unsigned<T> {};
template <>
struct scalar_bits<bool> {
    using type = std::uint8_t;
};
template <>
struct scalar_bits<float> {
    using type = std::uint32_t;
};
template <>
struct scalar_bits<double> {
    using type = std::uint64_t;
};

template <wire_scalar T>
constexpr std::size_t scalar_size() {
    if constexpr (std::same_as<T, long double>)
        return long_double_size;
    else
        return sizeof(T);
}

template <wire_scalar T>
void store_scalar(char* at, T value) noexcept {
    if constexpr (std::is_enum_v<T>)
        store_scalar(at, static_cast<std::underlying_type_t<T>>(value));
    else if constexpr (std::same_as<T, long double>)
        store_long_double(at, value);
    else
        write_wire(at, std::bit_cast<typename scalar_bits<T>::type>(value));
}

template <wire_scalar T>
void append_scalar(std::string& out, T value) {
    char bytes[scalar_size<T>()];
    store_scalar(bytes, value);
    out.append(bytes, sizeof bytes);
}

/// Throws: value_error for a bool that is neither 0 nor 1, and an enum beyond its limits.
template <wire_scalar T>
T load_scalar(char const* at) {
    if constexpr (std::is_enum_v<T>) {
        auto const number = load_scalar<std::underlying_type_t<T>>(at);
        if constexpr (limited_enum<T>) {
            using under = std::underlying_type_t<T>;
            if (number < static_cast<under>(enum_limits<T>::first) || number > static_cast<under>(enum_limits<T>::last))
                malformed("an enum is beyond its limits");
        }
        return static_cast<T>(number);
    } else if constexpr (std::same_as<T, long double>) {
        return load_long_double(at);
    } else {
        auto const number = read_wire<typename scalar_bits<T>::type>(at);
        if constexpr (std::same_as<T, bool>) {
            if (number > 1)
                malformed("a bool is neither 0 nor 1");
            return number == 1;
        } else {
            return std::bit_cast<T>(number);
        }
    }
}

/// Numbers whose bytes in memory are those in records, but for their order.
template <class T>
concept bulk_number = (std::is_arithmetic_v<T> && !std::same_as<T, bool> && wire_scalar<T> && !std::same_as<T, long double>) ||
                      std::same_as<T, std::byte>;

template <bulk_number T>
void append_numbers(std::string& out, T const* first, std::size_t count) {
    if (count == 0)
        return;
    if constexpr (std::endian::native == std::endian::little || sizeof(T) == 1) {
        out.append(reinterpret_cast<char const*>(first), count * sizeof(T));
    } else {
        for (; count != 0; --count)
            append_scalar(out, *first++);
    }
}

template <bulk_number T>
void load_numbers(char const* at, T* first, std::size_t count) {
    if (count == 0)
        return;
    if constexpr (std::endian::native == std::endian::little || sizeof(T) == 1) {
        std::memcpy(first, at, count * sizeof(T));
    } else {
        for (; count != 0; --count, at += sizeof(T))
            *first++ = load_scalar<T>(at);
    }
}

template <class T>
inline constexpr bool is_string = false;
template <class C, class Allocator>
inline constexpr bool is_string<std::basic_string<C, std::char_traits<C>, Allocator>> = bulk_number<C>;

template <class T>
concept raw_text = is_string<T>;

template <raw_text T>
std::string text_schema() {
    using letter = typename T::value_type;
    return std::same_as<letter, char> ? "string" : "string<" + scalar_schema<letter>() + '>';
}

}  // namespace detail

/// Fixed width, little-endian; all bytes or none.
template <detail::wire_scalar T>
struct codec_traits<T> {
    using made_by_memo = void;

    static void encode(std::string& out, T const& value) { detail::append_scalar(out, value); }
    static T decode(std::string_view bytes, decode_limits const&) {
        if (bytes.size() != detail::scalar_size<T>())
            detail::malformed("a number has another width");
        return detail::load_scalar<T>(bytes.data());
    }
    static std::string schema() { return detail::scalar_schema<T>(); }
};

/// The characters and nothing else.
template <detail::raw_text T>
struct codec_traits<T> {
    using made_by_memo = void;
    using letter = typename T::value_type;

    static void encode(std::string& out, T const& value) { detail::append_numbers(out, value.data(), value.size()); }
    static T decode(std::string_view bytes, decode_limits const& most) {
        if (bytes.size() > most.bytes)
            detail::malformed("a text is longer than what may be decoded");
        if (bytes.size() % sizeof(letter) != 0)
            detail::malformed("a text ends within a character");
        if constexpr (std::same_as<letter, char>) {
            return T{bytes};
        } else {
            T value(bytes.size() / sizeof(letter), letter{});
            detail::load_numbers(bytes.data(), value.data(), value.size());
            return value;
        }
    }
    static std::string schema() { return detail::text_schema<T>(); }
};

namespace detail {

template <class T>
using image = std::array<unsigned char, sizeof(T)>;

template <class T>
constexpr image<T> ones() {
    image<T> bytes{};
    bytes.fill(0xff);
    return bytes;
}

// A constant expression makes no pointer, reference or union of bytes, and reads no padding; a bool of ones is no longer of ones.

template <class T>
concept made_of_bytes = requires { typename std::bool_constant<(static_cast<void>(std::bit_cast<T>(image<T>{})), true)>; };

template <class T>
constexpr bool sums_up(image<T> bytes) {
    unsigned sum = 0;
    for (auto const byte : bytes)
        sum += byte;
    return sum == 0;
}

template <class T>
constexpr image<T> there_and_back(image<T> bytes) {
    return std::bit_cast<image<T>>(std::bit_cast<T>(bytes));
}

template <class T>
concept full_of_bytes = made_of_bytes<T> && requires { typename std::bool_constant<sums_up<T>(there_and_back<T>({}))>; };

template <class T>
concept any_bytes_do = full_of_bytes<T> && requires { typename std::enable_if_t<there_and_back<T>(ones<T>()) == ones<T>()>; };

template <class T>
constexpr bool raw_enough() {
    static_assert(std::is_trivially_copyable_v<T>,
                  "memo::raw_codec: the type is more than its bytes, since copying it runs code; annotate its members with "
                  "Boost.Hana, or give it a cereal serialize function");
    static_assert(!std::is_trivially_copyable_v<T> || made_of_bytes<T>,
                  "memo::raw_codec: the type holds a pointer, a union or a bit field, or nothing can be seen of it at compile "
                  "time; annotate its members with Boost.Hana, or give it a constexpr constructor");
    static_assert(!made_of_bytes<T> || full_of_bytes<T>,
                  "memo::raw_codec: some bytes of the type are padding, which belongs to no value; annotate its members with "
                  "Boost.Hana, or fill the gaps with members");
    static_assert(!full_of_bytes<T> || any_bytes_do<T>,
                  "memo::raw_codec: the type holds a bool or a long double, for which not all bytes are values; annotate its "
                  "members with Boost.Hana, or take an unsigned char");
    return any_bytes_do<T>;
}

}  // namespace detail

/// The bytes of a trivially copyable type as they stand in memory:
/// `template <> struct memo::codec_traits<point> : memo::raw_codec<point> {};`
///
/// Requires: all its bytes belong to members, and all bytes are values: no padding, pointer, union or bool. What the bytes mean,
///           `memo::schema<T>` says: members that changed places while the size stayed are seen by nobody else.
/// Cost:     one copy.
template <class T>
struct raw_codec {
    static void encode(std::string& out, T const& value) {
        if constexpr (detail::raw_enough<T>())
            out.append(reinterpret_cast<char const*>(&value), sizeof value);
    }
    static T decode(std::string_view bytes, decode_limits const&) {
        if constexpr (detail::raw_enough<T>()) {
            if (bytes.size() != sizeof(T))
                detail::malformed("a raw value has another size");
            detail::image<T> whole;
            std::memcpy(whole.data(), bytes.data(), sizeof(T));
            return std::bit_cast<T>(whole);
        }
    }
    static std::string schema() {
        return "raw " + std::string{detail::name_of<T>()} + ' ' + std::to_string(sizeof(T)) + ' ' + std::to_string(alignof(T)) +
               (std::endian::native == std::endian::little ? " little" : " big");
    }
};

}  // namespace memo
