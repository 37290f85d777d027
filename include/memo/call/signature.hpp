#pragma once

#include <memo/call/option.hpp>

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>

namespace memo::detail {

template <class... T>
struct types {
    static constexpr std::size_t size = sizeof...(T);
};

/// `signature` of a function type with qualifiers, `R(P...)`; `void` for what is no function, cannot be called on an
/// lvalue or is C-variadic.
template <class Function>
struct function_shape {
    using signature = void;
    static constexpr bool is_const = false;
};

template <class R, class... P, bool Noexcept>
struct function_shape<R(P...) noexcept(Noexcept)> {
    using signature = R(P...);
    static constexpr bool is_const = false;
};

template <class R, class... P, bool Noexcept>
struct function_shape<R(P...)& noexcept(Noexcept)> : function_shape<R(P...)> {};

template <class R, class... P, bool Noexcept>
struct function_shape<R(P...) const noexcept(Noexcept)> {
    using signature = R(P...);
    static constexpr bool is_const = true;
};

template <class R, class... P, bool Noexcept>
struct function_shape<R(P...) const& noexcept(Noexcept)> : function_shape<R(P...) const> {};

/// An object of memo's that carries the function itself in its type: `memo::function<&f>`.
template <class F>
concept carries_function = requires {
    typename F::pointer;
    requires std::same_as<decltype(F::target), typename F::pointer const>;
    requires std::is_member_pointer_v<typename F::pointer> ||
        std::is_function_v<std::remove_pointer_t<typename F::pointer>>;
};

template <class Member>
struct bare_member {
    using object = void;
    using signature = void;
    static constexpr bool is_const = false;
    static constexpr bool is_function = false;
};

template <class T, class C>
struct bare_member<T C::*> {
    using object = C;
    using signature = T const&();
    static constexpr bool is_const = true;
    static constexpr bool is_function = false;
};

template <class T, class C>
    requires std::is_function_v<T>
struct bare_member<T C::*> : function_shape<T> {
    using object = C;
    static constexpr bool is_function = true;
};

template <carries_function F>
struct bare_member<F> : bare_member<typename F::pointer> {};

/// What a pointer to a member (or `memo::function` of one) says: its class, and its signature without the object.
/// A member object reads as `T const&()`. `object` is void for anything else, `signature` where it is not known.
template <class Member>
struct member_traits : bare_member<std::remove_cvref_t<Member>> {};

template <class Object, class Signature>
struct with_object {
    using type = void;
};

template <class Object, class R, class... P>
struct with_object<Object, R(P...)> {
    using type = R(Object, P...);
};

template <class F, class Signature>
inline constexpr bool callable_as = false;

/// `f` may be called with the parameters of the signature, and what it returns is its result.
template <class F, class R, class... P>
inline constexpr bool callable_as<F, R(P...)> = std::is_invocable_r_v<R, F&, P...>;

/// A wrapper of memo's own: it knows what it is called with.
template <class F>
concept memo_wrapper = requires {
    typename F::memo_signature;
    requires F::is_memo_wrapper;
};

template <class F>
concept one_call_operator = std::is_class_v<F> && !carries_function<F> && !memo_wrapper<F> && requires {
    &F::operator();
};

template <class F>
struct bare_callable {
    using signature = void;
    static constexpr bool const_callable = false;
};

template <class F>
    requires std::is_function_v<std::remove_pointer_t<F>>
struct bare_callable<F> {
    using signature = typename function_shape<std::remove_pointer_t<F>>::signature;
    static constexpr bool const_callable = true;
};

template <class F>
    requires std::is_member_pointer_v<F>
struct bare_callable<F> {
    using member = bare_member<F>;
    using object = std::conditional_t<member::is_const, typename member::object const&, typename member::object&>;
    using signature = typename with_object<object, typename member::signature>::type;
    static constexpr bool const_callable = true;
};

template <carries_function F>
struct bare_callable<F> : bare_callable<typename F::pointer> {};

template <one_call_operator F>
struct bare_callable<F> : bare_member<decltype(&F::operator())> {
    static constexpr bool const_callable = bare_member<decltype(&F::operator())>::is_const;
};

template <memo_wrapper F>
struct bare_callable<F> {
    using signature = typename F::memo_signature;
    static constexpr bool const_callable = callable_as<F const, signature>;
};

/// `signature` is `R(P...)`, `void` when it cannot be known: generic, overloaded, C-variadic or not callable.
/// A pointer to a member takes its object first.
template <class F>
struct callable_traits : bare_callable<std::remove_cvref_t<F>> {};

/// `R` of `R(P...)`, and its parameters.
template <class Signature>
struct signature_parts {
    using returned = void;
    using params = types<>;
};

template <class R, class... P>
struct signature_parts<R(P...)> {
    using returned = R;
    using params = types<P...>;
};

/// What a call returns, reference and all.
template <class Signature>
using returned_of = typename signature_parts<Signature>::returned;

/// What is stored of a call.
template <class Signature>
using result_of = std::remove_cvref_t<returned_of<Signature>>;

/// The parameters as declared: `types<P...>`.
template <class Signature>
using params_of = typename signature_parts<Signature>::params;

template <class Signature>
inline constexpr std::size_t arity_of = params_of<Signature>::size;

template <class Params>
struct decayed_tuple;

template <class... P>
struct decayed_tuple<types<P...>> {
    using type = std::tuple<std::remove_cvref_t<P>...>;
};

/// The parameters by value, as a tuple.
template <class Signature>
using arguments_of = typename decayed_tuple<params_of<Signature>>::type;

template <class Option>
inline constexpr bool states_signature = false;
template <class Signature>
inline constexpr bool states_signature<signature_option<Signature>> = true;

template <class F, class... Options>
struct stated_signature : callable_traits<F> {};

template <class F, class First, class... Rest>
    requires(states_signature<First> || (states_signature<Rest> || ...))
struct stated_signature<F, First, Rest...> : stated_signature<F, Rest...> {};

template <class F, class Signature, class... Rest>
struct stated_signature<F, signature_option<Signature>, Rest...> : function_shape<Signature> {};

/// The signature said among the options, else the callable's own; `void` when neither is known.
template <class F, class... Options>
using signature_of = typename stated_signature<F, Options...>::signature;

}  // namespace memo::detail
