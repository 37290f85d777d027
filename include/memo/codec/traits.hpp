#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace memo {

/// What decoding one value may cost at most.
struct decode_limits {
    std::size_t bytes = std::size_t{64} << 20;    ///< that the value may take in memory, about
    std::size_t elements = std::size_t{1} << 24;  ///< of all its containers together, but for text and plain numbers
    unsigned depth = 64;                          ///< of nesting
};

/// How values of a type become bytes and come back. Numbers, enums and text have it already; <memo/codec/cereal.hpp> gives it
/// to every cereal-serializable and every Hana-annotated type; or specialize it:
///
///     static void encode(std::string& out, T const& value);                      // appends
///     static T decode(std::string_view bytes, memo::decode_limits const& most);  // throws memo::value_error
///     static std::string schema();                                               // differs when the bytes mean something else
///
/// Requires: `decode` takes any bytes at all, and all of them or none.
template <class T>
struct codec_traits;

/// The types that byte stores can hold.
template <class T>
concept storable = requires(std::string& out, T const& value, std::string_view bytes, decode_limits const& most) {
    codec_traits<T>::encode(out, value);
    { codec_traits<T>::decode(bytes, most) } -> std::convertible_to<T>;
    { codec_traits<T>::schema() } -> std::convertible_to<std::string>;
};

namespace detail {

/// Throws value_error: these bytes are no value, for the reason `why`, which says nothing of the value.
[[noreturn]] void malformed(char const* why);
/// Within a handler: lets errors of memo's, bad_alloc and what is no std::exception pass, and makes value_errors of the rest.
[[noreturn]] void loading_failed();
/// Throws value_error: this value could not come back from bytes.
[[noreturn]] void unstorable(char const* why);

/// 64 bits of the XXH3-128 of a schema.
std::uint64_t fingerprint(std::string_view schema) noexcept;

/// Of the type `T` in records and names.
template <storable T>
std::uint64_t fingerprint_of() {
    static std::uint64_t const known = fingerprint(codec_traits<T>::schema());
    return known;
}

}  // namespace detail
}  // namespace memo
