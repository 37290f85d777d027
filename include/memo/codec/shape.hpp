#pragma once

#include <memo/base/fields.hpp>
#include <memo/codec/raw.hpp>
#include <memo/codec/traits.hpp>

#include <array>
#include <bitset>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <deque>
#include <forward_list>
#include <initializer_list>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace memo::detail {

/// How the values of a type stand in bytes; the first that fits, in this order.
enum class shape {
    none,      ///< no value of its own: pointers, views, functions
    own,       ///< by the user's codec_traits
    scalar,
    text,
    unit,
    bits,
    duration,
    time_point,
    optional,
    variant,
    product,   ///< pair and tuple
    array,
    numbers,   ///< a vector of plain numbers
    sequence,
    set,
    map,
    fields,    ///< annotated with Boost.Hana
    complex,
    driven,    ///< by its cereal functions, if it has any
};

template <class T>
inline constexpr shape standard_shape = shape::none;
template <>
inline constexpr shape standard_shape<std::monostate> = shape::unit;
template <std::size_t N>
inline constexpr shape standard_shape<std::bitset<N>> = shape::bits;
template <class Rep, class Period>
inline constexpr shape standard_shape<std::chrono::duration<Rep, Period>> = shape::duration;
template <class Clock, class Duration>
inline constexpr shape standard_shape<std::chrono::time_point<Clock, Duration>> = shape::time_point;
template <class T>
inline constexpr shape standard_shape<std::optional<T>> = shape::optional;
template <class... T>
inline constexpr shape standard_shape<std::variant<T...>> = shape::variant;
template <class First, class Second>
inline constexpr shape standard_shape<std::pair<First, Second>> = shape::product;
template <class... T>
inline constexpr shape standard_shape<std::tuple<T...>> = shape::product;
template <class T, std::size_t N>
inline constexpr shape standard_shape<std::array<T, N>> = shape::array;
template <class T, std::size_t N>
inline constexpr shape standard_shape<T[N]> = shape::array;
template <class T, class... Rest>
inline constexpr shape standard_shape<std::vector<T, Rest...>> = bulk_number<T> ? shape::numbers : shape::sequence;
template <class... T>
inline constexpr shape standard_shape<std::deque<T...>> = shape::sequence;
template <class... T>
inline constexpr shape standard_shape<std::list<T...>> = shape::sequence;
template <class... T>
inline constexpr shape standard_shape<std::forward_list<T...>> = shape::sequence;
template <class... T>
inline constexpr shape standard_shape<std::set<T...>> = shape::set;
template <class... T>
inline constexpr shape standard_shape<std::multiset<T...>> = shape::set;
template <class... T>
inline constexpr shape standard_shape<std::unordered_set<T...>> = shape::set;
template <class... T>
inline constexpr shape standard_shape<std::unordered_multiset<T...>> = shape::set;
template <class... T>
inline constexpr shape standard_shape<std::map<T...>> = shape::map;
template <class... T>
inline constexpr shape standard_shape<std::multimap<T...>> = shape::map;
template <class... T>
inline constexpr shape standard_shape<std::unordered_map<T...>> = shape::map;
template <class... T>
inline constexpr shape standard_shape<std::unordered_multimap<T...>> = shape::map;

template <class T>
concept made_by_memo = requires { typename codec_traits<T>::made_by_memo; };

/// The user's, which goes before all others.
template <class T>
concept own_codec = std::is_object_v<T> && !std::is_arithmetic_v<T> && !made_by_memo<T> && storable<T>;

template <class T>
concept raw_pointer = std::is_pointer_v<T> || std::is_member_pointer_v<T> || std::same_as<T, std::nullptr_t>;

template <class T>
concept owning_pointer = std::is_class_v<T> && requires { typename T::element_type; } &&
                        (requires(T const& v) { v.get(), v.operator->(); } || requires(T const& v) { v.lock(); });

template <class T>
concept shows_reference = requires(T const& v) {
    { v.get() } -> std::same_as<typename T::type&>;
};

/// What shows somebody else's objects: references, reference_wrapper, string_view, span.
template <class T>
concept borrowed_values =
    std::is_reference_v<T> ||
    (std::is_class_v<T> &&
     (shows_reference<T> || requires(T& v) { v.remove_prefix(0); } || requires(T& v) { v.subspan(0); }));

// std::complex, known by what it can do: its header is dear
template <class T>
concept complex_value = std::is_class_v<T> && requires(T const& v) {
    requires std::is_floating_point_v<typename T::value_type>;
    { v.real() } -> std::same_as<typename T::value_type>;
    { v.imag() } -> std::same_as<typename T::value_type>;
};

/// Without a codec of the user's.
template <class T>
constexpr shape shape_by_nature() {
    if constexpr (!std::is_object_v<T> || std::is_const_v<T> || std::is_volatile_v<T>)
        return shape::none;
    else if constexpr (raw_pointer<T> || owning_pointer<T> || borrowed_values<T>)
        return shape::none;
    else if constexpr (wire_scalar<T>)
        return shape::scalar;
    else if constexpr (raw_text<T>)
        return shape::text;
    else if constexpr (standard_shape<T> != shape::none)
        return standard_shape<T>;
    else if constexpr (annotated<T>)
        return shape::fields;
    else if constexpr (complex_value<T>)
        return shape::complex;
    else
        return std::is_class_v<T> || std::is_union_v<T> ? shape::driven : shape::none;
}

template <class T>
constexpr shape shape_of() {
    if constexpr (own_codec<T> && !std::is_const_v<T> && !std::is_volatile_v<T>)
        return shape::own;
    else
        return shape_by_nature<T>();
}

template <class T>
concept ordered_keys = requires { typename T::key_compare; };

template <class T>
concept unique_keys = requires(T& keys, typename T::value_type const& fresh) { keys.insert(fresh).second; };

/// Containers whose order or hash is the same for all values of the type.
template <class T>
constexpr bool keeps_one_order() {
    if constexpr (ordered_keys<T>)
        return std::is_empty_v<typename T::key_compare>;
    else
        return std::is_empty_v<typename T::hasher> && std::is_empty_v<typename T::key_equal>;
}

/// Why a type cannot be stored.
enum class misfit { none, pointer, smart, view, empty, order, constant, unknown };

constexpr misfit first_of(std::initializer_list<misfit> all) {
    for (auto const one : all) {
        if (one != misfit::none)
            return one;
    }
    return misfit::none;
}

template <class T>
constexpr misfit misfit_of_none() {
    return std::is_const_v<T>                        ? misfit::constant
           : raw_pointer<T> || std::is_function_v<T> ? misfit::pointer
           : owning_pointer<T>                        ? misfit::smart
           : borrowed_values<T>                      ? misfit::view
                                                     : misfit::unknown;
}

/// `Outer` are the types that `T` was met in; a type that contains itself can be stored if its other members can.
/// `Archive::drives<T>()` says whether `T` has functions that drive the archive.
template <class Archive, class T, class... Outer>
constexpr misfit misfit_of();

/// Of what is made empty first, and filled then.
template <class Archive, class T, class... Outer>
constexpr misfit misfit_of_element() {
    constexpr misfit found = misfit_of<Archive, T, Outer...>();
    return found == misfit::none && !std::is_default_constructible_v<T> ? misfit::empty : found;
}

template <class Archive, class List, class... Outer>
inline constexpr misfit misfit_among = misfit::none;
template <class Archive, template <class...> class List, class... T, class... Outer>
inline constexpr misfit misfit_among<Archive, List<T...>, Outer...> = first_of({misfit_of<Archive, T, Outer...>()...});

template <class Archive, class T, class... Outer>
constexpr misfit misfit_of() {
    constexpr shape kind = shape_of<T>();
    if constexpr ((std::same_as<T, Outer> || ...)) {
        return misfit::none;
    } else if constexpr (kind == shape::none) {
        return misfit_of_none<T>();
    } else if constexpr (kind == shape::driven) {
        return Archive::template drives<T>() ? misfit::none : misfit::unknown;
    } else if constexpr (kind == shape::duration || kind == shape::time_point) {
        return wire_scalar<typename T::rep> ? misfit::none : misfit::unknown;
    } else if constexpr (kind == shape::variant) {
        return std::is_default_constructible_v<T> ? misfit_among<Archive, T, T, Outer...> : misfit::empty;
    } else if constexpr (kind == shape::product) {
        return misfit_among<Archive, T, T, Outer...>;
    } else if constexpr (kind == shape::fields) {
        return has_writable_fields<T>() ? misfit_among<Archive, field_types<T>, T, Outer...> : misfit::constant;
    } else if constexpr (std::is_array_v<T>) {
        return misfit_of<Archive, std::remove_extent_t<T>, T, Outer...>();
    } else if constexpr (kind == shape::set || kind == shape::map) {
        if constexpr (!keeps_one_order<T>())
            return misfit::order;
        else if constexpr (kind == shape::set)
            return misfit_of_element<Archive, typename T::key_type, T, Outer...>();
        else
            return first_of({misfit_of_element<Archive, typename T::key_type, T, Outer...>(),
                             misfit_of_element<Archive, typename T::mapped_type, T, Outer...>()});
    } else if constexpr (kind == shape::array || kind == shape::sequence || kind == shape::optional) {
        return misfit_of_element<Archive, typename T::value_type, T, Outer...>();
    } else {
        return misfit::none;
    }
}

}  // namespace memo::detail
