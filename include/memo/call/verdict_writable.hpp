#pragma once

#include <memo/key/traits.hpp>

#include <iterator>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// A parameter that the function may write through; a hit would write nothing.
template <class P>
inline constexpr bool is_writable = std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;

template <class T>
constexpr bool lets_write() {
    constexpr auto rule = rule_of<T>();
    if constexpr (rule == key_rule::text) {
        return std::is_pointer_v<T> && !std::is_const_v<std::remove_pointer_t<T>>;
    } else if constexpr (rule == key_rule::reference) {
        return !std::is_const_v<typename T::type>;
    } else if constexpr (rule == key_rule::sequence || rule == key_rule::unordered) {
        return is_writable<decltype(*std::begin(std::declval<T const&>()))>;
    } else {
        return false;
    }
}

/// A key says what a view shows, and the view may be written through though it is constant itself: `std::span<int>`,
/// `std::reference_wrapper<int>`, `char*`.
template <class T>
struct is_writable_view : std::bool_constant<lets_write<T>()> {};

}  // namespace memo::detail
