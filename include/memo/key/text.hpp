#pragma once

#include <memo/key/buffer.hpp>
#include <memo/key/scalar.hpp>
#include <memo/key/traits.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

namespace memo::detail {

/// The types whose values can stand in a readable key: text and single characters of `char` or `char8_t`, integers,
/// bools, enums (their number) and floating point (the shortest form that reads back as the same value).
template <class T>
concept has_text =
    (scalar<T> && !character<T>) || std::same_as<T, long double> || std::same_as<T, char> || std::same_as<T, char8_t> ||
    (is_text<T> && requires(T const& text) { requires sizeof(text[0]) == 1; });

/// Appends `text` with every byte but `A-Z a-z 0-9 - _ . ~` and those from 0x80 on as `%XX`, so that it can hold no
/// delimiter of a key and no metacharacter of a glob (a `-` is one inside brackets only).
void append_escaped(key_buffer& out, std::string_view text);

void append_number(key_buffer& out, long long number);
void append_number(key_buffer& out, unsigned long long number);
void append_number(key_buffer& out, float number);
void append_number(key_buffer& out, double number);
void append_number(key_buffer& out, long double number);

/// Appends the text of `value`, escaped. Values of one type that differ have texts that differ: a null `char const*` is
/// `%null`, which is the text of no string; all NaNs are `nan`, and -0.0 is `-0`.
template <has_text T>
void append_text(key_buffer& out, T const& value) {
    if constexpr (std::same_as<T, bool>) {
        out.append(value ? std::string_view{"true"} : std::string_view{"false"});
    } else if constexpr (std::is_enum_v<T>) {
        using number = std::underlying_type_t<T>;
        append_text(out, static_cast<std::conditional_t<sizeof(number) == 1, int, number>>(value));
    } else if constexpr (std::same_as<T, char> || std::same_as<T, char8_t>) {
        char const letter = static_cast<char>(value);
        append_escaped(out, std::string_view{&letter, 1});
    } else if constexpr (std::is_floating_point_v<T>) {
        append_number(out, value);
    } else if constexpr (std::is_integral_v<T>) {
        append_number(out, static_cast<std::conditional_t<std::is_signed_v<T>, long long, unsigned long long>>(value));
    } else {
        if constexpr (std::is_pointer_v<T>) {
            if (value == nullptr) {
                out.append(std::string_view{"%null"});
                return;
            }
        }
        auto const text = text_of(value);
        append_escaped(out, std::string_view{reinterpret_cast<char const*>(text.data()), text.size()});
    }
}

}  // namespace memo::detail
