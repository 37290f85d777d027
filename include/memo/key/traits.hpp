#pragma once

#include <memo/base/fields.hpp>
#include <memo/key/scalar.hpp>

#include <bitset>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace memo {

class key_writer;

/// How a type of the user's enters a key. Specialize it with
/// `static void feed(memo::key_writer& w, T const& v) { w(v.a, v.b); }`, which hands over the parts that matter.
///
/// Requires: values that give equal parts are interchangeable for every function that is memoized on them.
template <class T>
struct key_traits;

namespace detail {

template <class T, class... Outer>
constexpr bool can_enter_key();

}  // namespace detail

/// The types whose values can be part of a key, together with all their elements and members: arithmetic types, enums,
/// text, chrono durations and time points, optional, variant, pair, tuple, containers (also the user's: a `value_type`,
/// and a begin and end that can be walked twice), paths, bitsets, types annotated with Boost.Hana, types with
/// `memo::key_traits`.
///
/// A container is its elements and nothing else: one that has further state needs `memo::key_traits`. Pointers (but
/// `char const*`, which is text), smart pointers, callables and iterators say where something is, not what it is; they
/// are not keyable.
template <class T>
concept keyable = detail::can_enter_key<std::remove_cvref_t<T>>();

namespace detail {

/// Which rule of the encoding holds for a type; the first that fits, in this order.
enum class key_rule {
    none,
    scalar,
    custom,
    fields,
    long_double,
    null,
    unit,
    text,
    path,
    complex,
    bits,
    duration,
    time_point,
    optional,
    variant,
    reference,
    unordered,
    sequence,
    product,
};

template <class T>
concept has_key_traits = requires(key_writer& w, T const& v) {
    key_traits<T>::feed(w, v);
};

template <class T>
constexpr bool is_text = false;
template <character C, class Allocator>
constexpr bool is_text<std::basic_string<C, std::char_traits<C>, Allocator>> = true;
template <character C>
constexpr bool is_text<std::basic_string_view<C, std::char_traits<C>>> = true;
template <character C, std::size_t N>
constexpr bool is_text<C[N]> = true;
template <>
inline constexpr bool is_text<char const*> = true;
template <>
inline constexpr bool is_text<char*> = true;

/// Requires: is_text<T>, and no null pointer.
/// Returns:  a view of the text; an array ends at its first NUL.
template <class T>
constexpr auto text_of(T const& text) {
    if constexpr (std::is_array_v<T>) {
        constexpr std::size_t size = std::extent_v<T>;
        std::basic_string_view<std::remove_cv_t<std::remove_extent_t<T>>> const all{text, size};
        return all.substr(0, all.find(typename decltype(all)::value_type{}));
    } else if constexpr (std::is_pointer_v<T>) {
        return std::string_view{text};
    } else {
        return std::basic_string_view<typename T::value_type>{text};
    }
}

template <class T>
constexpr key_rule standard_rule = key_rule::none;
template <>
inline constexpr key_rule standard_rule<long double> = key_rule::long_double;
template <>
inline constexpr key_rule standard_rule<std::nullptr_t> = key_rule::null;
template <>
inline constexpr key_rule standard_rule<std::monostate> = key_rule::unit;
template <std::size_t N>
constexpr key_rule standard_rule<std::bitset<N>> = key_rule::bits;
template <class Rep, class Period>
constexpr key_rule standard_rule<std::chrono::duration<Rep, Period>> = key_rule::duration;
template <class Clock, class Duration>
constexpr key_rule standard_rule<std::chrono::time_point<Clock, Duration>> = key_rule::time_point;
template <class T>
constexpr key_rule standard_rule<std::optional<T>> = key_rule::optional;
template <class... T>
constexpr key_rule standard_rule<std::variant<T...>> = key_rule::variant;

// Known by what they can do, because their headers are dear: std::filesystem::path, std::complex,
// std::reference_wrapper.

template <class T>
concept file_path = requires(T const& v) {
    T::preferred_separator;
    v.native();
    v.generic_u8string();
};

template <class T>
concept complex_number = requires(T const& v) {
    requires std::is_floating_point_v<typename T::value_type>;
    { v.real() } -> std::same_as<typename T::value_type>;
    { v.imag() } -> std::same_as<typename T::value_type>;
};

template <class T>
concept wrapped_reference = requires(T const& v) {
    { v.get() } -> std::same_as<typename T::type&>;
    requires std::convertible_to<T const&, typename T::type&>;
};

template <class T>
concept sequence = (std::is_array_v<T> || requires { typename T::value_type; }) && requires(T const& v) {
    { std::begin(v) } -> std::forward_iterator;
    { std::end(v) } -> std::sentinel_for<decltype(std::begin(v))>;
};

template <class T>
struct element_type : std::remove_cv<typename T::value_type> {};
template <class T, std::size_t N>
struct element_type<T[N]> : std::remove_cv<T> {};
template <sequence T>
using element_of = typename element_type<T>::type;

template <class T>
concept unordered = sequence<T> && requires {
    typename T::hasher;
    typename T::key_equal;
};

template <class T>
concept product = requires {
    std::tuple_size<T>::value;
};

template <class T>
constexpr key_rule rule_of() {
    if constexpr (std::is_arithmetic_v<T> && scalar<T>) {
        return key_rule::scalar;
    } else if constexpr (has_key_traits<T>) {
        return key_rule::custom;
    } else if constexpr (scalar<T>) {
        return key_rule::scalar;
    } else if constexpr (is_text<T>) {
        return key_rule::text;
    } else if constexpr (annotated<T>) {
        return key_rule::fields;
    } else if constexpr (standard_rule<T> != key_rule::none) {
        return standard_rule<T>;
    } else if constexpr (file_path<T>) {
        return key_rule::path;
    } else if constexpr (complex_number<T>) {
        return key_rule::complex;
    } else if constexpr (wrapped_reference<T>) {
        return key_rule::reference;
    } else if constexpr (unordered<T>) {
        return key_rule::unordered;
    } else if constexpr (sequence<T>) {
        return key_rule::sequence;
    } else if constexpr (product<T>) {
        return key_rule::product;
    } else {
        return key_rule::none;
    }
}

template <class List, class... Outer>
constexpr bool all_can_enter_key = false;
template <template <class...> class List, class... T, class... Outer>
constexpr bool all_can_enter_key<List<T...>, Outer...> = (can_enter_key<std::remove_cvref_t<T>, Outer...>() && ...);

template <product T, std::size_t... I>
auto elements_of(std::index_sequence<I...>) -> type_list<std::tuple_element_t<I, T>...>;

/// `Outer` are the types that `T` was met in; a type that contains itself (a tree) is as keyable as its other members.
template <class T, class... Outer>
constexpr bool can_enter_key() {
    constexpr key_rule rule = rule_of<T>();
    if constexpr ((std::is_same_v<T, Outer> || ...)) {
        return true;
    } else if constexpr (rule == key_rule::fields) {
        return all_can_enter_key<field_types<T>, T, Outer...>;
    } else if constexpr (rule == key_rule::variant) {
        return all_can_enter_key<T, T, Outer...>;
    } else if constexpr (rule == key_rule::product) {
        using elements = decltype(elements_of<T>(std::make_index_sequence<std::tuple_size_v<T>>{}));
        return all_can_enter_key<elements, T, Outer...>;
    } else if constexpr (rule == key_rule::optional) {
        return can_enter_key<std::remove_cv_t<typename T::value_type>, T, Outer...>();
    } else if constexpr (rule == key_rule::reference) {
        return can_enter_key<std::remove_cv_t<typename T::type>, T, Outer...>();
    } else if constexpr (rule == key_rule::sequence || rule == key_rule::unordered) {
        return !std::is_same_v<element_of<T>, T> && can_enter_key<element_of<T>, T, Outer...>();
    } else if constexpr (rule == key_rule::duration || rule == key_rule::time_point) {
        return can_enter_key<typename T::rep>();
    } else {
        return rule != key_rule::none;
    }
}

}  // namespace detail
}  // namespace memo
