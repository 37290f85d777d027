#pragma once

#include <memo/base/fields.hpp>

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace memo::detail {

/// Types are judged where they stand, also inside their own class: of one that is not complete there nothing can be
/// said. No concept, because a concept may not change its mind when the class is complete.
template <class T>
inline constexpr bool is_complete = requires {
    sizeof(T);
};
template <class T>
inline constexpr bool is_complete<T&> = true;
template <class T>
inline constexpr bool is_complete<T&&> = true;

/// Whether an object of class `C` is a `Base`; believed where `C` is not complete.
template <class C, class Base>
inline constexpr bool may_be_a = !is_complete<C>;
template <class C, class Base>
    requires std::same_as<C, Base>
inline constexpr bool may_be_a<C, Base> = true;
template <class C, class Base>
    requires(!std::same_as<C, Base> && is_complete<C>)
inline constexpr bool may_be_a<C, Base> = std::is_base_of_v<Base, C>;

/// What a `T` holds, as far as its name says: elements of containers, members of pairs, tuples and types annotated with
/// Boost.Hana, alternatives, the value of an optional, value and error of an expected.
template <class T>
struct parts {
    using type = type_list<>;
};

template <class T>
concept has_value_type = !annotated<T> && requires {
    typename T::value_type;
};

template <class T>
concept has_error_type = has_value_type<T> && requires {
    typename T::error_type;
};

template <annotated T>
struct parts<T> {
    using type = field_types<T>;
};

template <has_value_type T>
struct parts<T> {
    using type = type_list<typename T::value_type>;
};

template <has_error_type T>
struct parts<T> {
    using type = type_list<typename T::value_type, typename T::error_type>;
};

template <class T>
    requires std::is_array_v<T>
struct parts<T> {
    using type = type_list<std::remove_extent_t<T>>;
};

template <class First, class Second>
struct parts<std::pair<First, Second>> {
    using type = type_list<First, Second>;
};

template <class... T>
struct parts<std::tuple<T...>> {
    using type = type_list<T...>;
};

template <class... T>
struct parts<std::variant<T...>> {
    using type = type_list<T...>;
};

template <template <class> class Test, class List, class... Outer>
inline constexpr bool any_of_parts = false;

/// Whether `T`, or anything that it holds at any depth, passes the test. `Outer` are the types that `T` was met in.
template <template <class> class Test, class T, class... Outer>
constexpr bool holds() {
    if constexpr (!is_complete<T> || (std::same_as<T, Outer> || ...)) {
        return false;
    } else if constexpr (Test<T>::value) {
        return true;
    } else {
        return any_of_parts<Test, typename parts<T>::type, T, Outer...>;
    }
}

template <template <class> class Test, class... Part, class... Outer>
inline constexpr bool any_of_parts<Test, type_list<Part...>, Outer...> =
    (holds<Test, std::remove_cv_t<Part>, Outer...>() || ...);

template <class T>
struct is_uncopyable : std::bool_constant<!std::is_reference_v<T> && !std::is_copy_constructible_v<T>> {};

}  // namespace memo::detail
