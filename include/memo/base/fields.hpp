#pragma once

#include <boost/hana/accessors.hpp>
#include <boost/hana/at.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/unpack.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace memo::detail {

template <class Accessor>
struct accessor_owner {
    using type = void;
};
template <template <class Member, Member> class Accessor, class Owner, class Member, Member Owner::*Pointer>
struct accessor_owner<Accessor<Member Owner::*, Pointer>> {
    using type = Owner;
};

template <class Field>
using owner_of = typename accessor_owner<std::remove_cvref_t<decltype(boost::hana::second(std::declval<Field&>()))>>::type;

template <class T>
concept shows_inner_annotation = requires { typename T::hana_accessors_impl; };

/// Hana finds the annotation inside a base class too, which says nothing of the members of `T`.
template <class T>
constexpr bool has_own_annotation() {
    if constexpr (!std::is_class_v<T> || !boost::hana::Struct<T>::value) {
        return false;
    } else if constexpr (!shows_inner_annotation<T>) {
        return true;
    } else {
        return boost::hana::unpack(boost::hana::accessors<T>(), [](auto... fields) {
            return (sizeof...(fields) == 0 && std::is_empty_v<T>) || (std::is_same_v<owner_of<decltype(fields)>, T> || ...);
        });
    }
}

/// A type whose members are annotated with Boost.Hana (`BOOST_HANA_DEFINE_STRUCT`, `BOOST_HANA_ADAPT_STRUCT`); a class that
/// merely derives from one is none.
template <class T>
concept annotated = has_own_annotation<T>();

template <annotated T>
constexpr auto count_fields() {
    return boost::hana::unpack(boost::hana::accessors<T>(), [](auto... fields) {
        return std::integral_constant<std::size_t, sizeof...(fields)>{};
    });
}

template <annotated T>
constexpr std::size_t field_count = decltype(count_fields<T>())::value;

/// Calls `visit(member...)` once, with all members of `value` in the order of the annotation.
template <annotated T, class Visit>
constexpr decltype(auto) with_fields(T const& value, Visit&& visit) {
    return boost::hana::unpack(boost::hana::accessors<T>(), [&](auto... fields) -> decltype(auto) {
        return visit(boost::hana::second(fields)(value)...);
    });
}

/// The same with members that may be written to.
template <annotated T, class Visit>
constexpr decltype(auto) fill_fields(T& value, Visit&& visit) {
    return boost::hana::unpack(boost::hana::accessors<T>(), [&](auto... fields) -> decltype(auto) {
        return visit(boost::hana::second(fields)(value)...);
    });
}

/// Whether all members can be written to.
template <annotated T>
constexpr bool has_writable_fields() {
    return boost::hana::unpack(boost::hana::accessors<T>(), [](auto... fields) {
        return (true && ... && [](auto field) {
            using member = decltype(boost::hana::second(field)(std::declval<T&>()));
            return std::is_lvalue_reference_v<member> && !std::is_const_v<std::remove_reference_t<member>>;
        }(fields));
    });
}

template <std::size_t I, annotated T>
constexpr decltype(auto) field(T const& value) {
    return boost::hana::second(boost::hana::at_c<I>(boost::hana::accessors<T>()))(value);
}

template <class... T>
struct type_list {};

/// The types of the members, in the order of the annotation, without const and reference.
template <annotated T>
constexpr auto list_fields() {
    return boost::hana::unpack(boost::hana::accessors<T>(), [](auto... fields) {
        return type_list<std::remove_cvref_t<decltype(boost::hana::second(fields)(std::declval<T const&>()))>...>{};
    });
}

template <annotated T>
using field_types = decltype(list_fields<T>());

template <std::size_t I, annotated T>
constexpr std::string_view field_name() {
    return boost::hana::first(boost::hana::at_c<I>(boost::hana::accessors<T>())).c_str();
}

/// Returns: which member has this name; `field_count<T>` when none has.
template <annotated T>
constexpr std::size_t field_index(std::string_view name) {
    return boost::hana::unpack(boost::hana::accessors<T>(), [name](auto... fields) {
        std::size_t index = 0;
        (void)((name == std::string_view{boost::hana::first(fields).c_str()} || (++index, false)) || ...);
        return index;
    });
}

}  // namespace memo::detail
