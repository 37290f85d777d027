#pragma once

#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>
#include <memo/key/scalar.hpp>
#include <memo/key/traits.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace memo::detail {

template <class T>
concept loose_number = scalar<T> && rule_of<T>() == key_rule::scalar;

template <class T>
concept loose_text = !std::is_pointer_v<T> && rule_of<T>() == key_rule::text && requires(T const& text) {
    { text_of(text) } -> std::same_as<std::string_view>;
};

/// A part of a key that can be hashed and compared where it is.
template <class T>
concept loose_part = loose_number<T> || loose_text<T>;

/// The key of one call as its parts lie about, the bits of numbers and views of texts: hashed and compared to an encoded key, and
/// never written itself. To pack a text and two numbers for the hash costs three times what the hash costs.
///
/// All of it is inlined: in memory, its members would be read in other pieces than they were written in, which costs more yet.
template <class... Parts>
class loose_key {
public:
    [[gnu::always_inline]] explicit loose_key(Parts... parts) noexcept
        : place{place_of_all(parts...)}, size_{(std::size_t{} + ... + size_of(parts))}, parts_{parts...} {}

    std::uint64_t place;

    /// Of its encoding.
    std::size_t size() const noexcept { return size_; }

    /// Whether its encoding stands there.
    ///
    /// Requires: `size()` bytes that encode parts of these types.
    [[gnu::always_inline]] bool stands_at(char const* bytes) const noexcept {
        return all_stand_at(bytes, std::index_sequence_for<Parts...>{});
    }

private:
    static constexpr std::size_t short_length = 0x80;  // lengths below it are one byte
    static constexpr std::size_t numbers = (std::size_t{} + ... + std::size_t{std::unsigned_integral<Parts>});

    template <std::unsigned_integral Bits>
    static constexpr std::size_t size_of(Bits) noexcept {
        return 1 + sizeof(Bits);
    }
    [[gnu::always_inline]] static std::size_t size_of(std::string_view text) noexcept {
        std::size_t size = 2 + text.size();
        for (auto length = text.size(); length >= short_length; length >>= 7)
            ++size;
        return size;
    }

    /// The numbers are the salt of the first text, and its place that of the next.
    [[gnu::always_inline]] static std::uint64_t place_of_all(Parts const&... parts) noexcept {
        std::uint64_t place = 0;
        std::array<std::uint64_t, numbers + 1> bits{};
        auto* end = bits.data();
        (collect(end, parts), ...);
        for (std::size_t at = 0; at < numbers; at += 2)
            place = short_place_of(place ^ bits[at], bits[at + 1], 16);
        (fill(place, parts), ...);
        return place;
    }
    template <std::unsigned_integral Bits>
    [[gnu::always_inline]] static void collect(std::uint64_t*& end, Bits bits) noexcept {
        *end++ = bits;
    }
    [[gnu::always_inline]] static void collect(std::uint64_t*&, std::string_view) noexcept {}
    template <std::unsigned_integral Bits>
    [[gnu::always_inline]] static void fill(std::uint64_t&, Bits) noexcept {}
    [[gnu::always_inline]] static void fill(std::uint64_t& place, std::string_view text) noexcept { place = place_of(text, place); }

    template <std::size_t... Number>
    [[gnu::always_inline]] bool all_stand_at(char const* at, std::index_sequence<Number...>) const noexcept {
        return (part_stands_at(at, std::get<Number>(parts_)) && ...);
    }
    template <std::unsigned_integral Bits>
    [[gnu::always_inline]] static bool part_stands_at(char const*& at, Bits sought) noexcept {
        Bits found = 0;
        std::memcpy(&found, at + 1, sizeof found);
        at += size_of(sought);
        return found == in_memory(sought);
    }
    [[gnu::always_inline]] static bool part_stands_at(char const*& at, std::string_view text) noexcept {
        auto length = text.size();
        ++at;
        for (; length >= short_length; length >>= 7)
            if (static_cast<unsigned char>(*at++) != static_cast<unsigned char>(length | short_length))
                return false;
        if (static_cast<unsigned char>(*at++) != length)
            return false;
        auto const* const begin = std::exchange(at, at + text.size());
        return key_view::same(text, {begin, text.size()});
    }

    std::size_t size_;
    std::tuple<Parts...> parts_;
};

/// The part of a `loose_key` for this argument.
template <loose_number T>
auto loose(T const& number) noexcept {
    return bits_of(number);
}
template <loose_text T>
std::string_view loose(T const& text) noexcept {
    return text_of(text);
}

/// The bytes of a short key of these parts; 0 where they make none.
template <loose_part... T>
inline constexpr std::size_t short_key_bytes = [] {
    if constexpr ((loose_number<T> && ...)) {
        constexpr auto size = (std::size_t{} + ... + scalar_key_size<T>);
        return size >= 4 && size <= short_key::most ? size : 0;
    } else {
        return std::size_t{};
    }
}();

/// The key of these parts, in registers where it is short.
template <loose_part... T>
[[gnu::always_inline]] inline auto sought_key(T const&... parts) noexcept {
    if constexpr (short_key_bytes<T...> != 0)
        return short_key_of(parts...);
    else
        return loose_key{loose(parts)...};
}

}  // namespace memo::detail
