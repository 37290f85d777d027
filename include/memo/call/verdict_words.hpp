#pragma once

#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_callable.hpp>

#include <concepts>
#include <type_traits>

namespace memo::detail {

/// Stands for the value of an option that was not given.
struct absent {};

template <class T>
inline constexpr bool given = !std::same_as<T, absent>;

template <class Option>
struct carried {
    using type = typename Option::type;
};

template <class Option>
    requires requires { Option::value; }
struct carried<Option> {
    using type = decltype(Option::value);
};

template <option_kind Kind, class... Options>
struct sought_value {
    using type = absent;
};

template <option_kind Kind, class First, class... Rest>
struct sought_value<Kind, First, Rest...> : sought_value<Kind, Rest...> {};

template <option_kind Kind, class First, class... Rest>
    requires(First::kind == Kind)
struct sought_value<Kind, First, Rest...> : carried<First> {};

/// The type of what an option of this kind carries, or `absent`.
template <option_kind Kind, class... Options>
using value_of = typename sought_value<Kind, Options...>::type;

template <class T, option_kind Kind>
inline constexpr bool is_about = false;
template <any_option T, option_kind Kind>
inline constexpr bool is_about<T, Kind> = T::kind == Kind;

/// Whether an option of this kind is among what was given, which may be strangers.
template <option_kind Kind, class... Given>
inline constexpr bool has_option = (is_about<Given, Kind> || ...);

template <class T>
concept whole_number = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

template <class T>
concept number = whole_number<T> || std::floating_point<T>;

/// Something that is meant to be called.
template <class F>
concept function_like =
    has_call_operator<F> || std::is_function_v<std::remove_pointer_t<F>> || std::is_member_pointer_v<F>;

// A `Fn` among the options is called as an lvalue, with constant results and arguments.

template <class T>
using constant = std::add_lvalue_reference_t<std::remove_cvref_t<T> const>;

template <class Fn, class Signature>
inline constexpr bool asks_result_alone = false;
template <class Fn, class R, class... P>
inline constexpr bool asks_result_alone<Fn, R(P...)> = std::is_invocable_v<Fn&, constant<R>>;

template <class Fn, class Signature>
inline constexpr bool asks_both = false;
template <class Fn, class R, class... P>
inline constexpr bool asks_both<Fn, R(P...)> = std::is_invocable_v<Fn&, constant<R>, constant<P>...>;

/// `fn(result)` or `fn(result, args...)` can be called.
template <class Fn, class Signature>
concept asks_result = asks_result_alone<Fn, Signature> || asks_both<Fn, Signature>;

/// `fn(args...)` can be called.
template <class Fn, class Signature>
inline constexpr bool asks_arguments = false;
template <class Fn, class R, class... P>
inline constexpr bool asks_arguments<Fn, R(P...)> = std::is_invocable_v<Fn&, constant<P>...>;

template <class Fn, class Signature>
struct answer;
template <class Fn, class R, class... P>
struct answer<Fn, R(P...)> : std::invoke_result<Fn&, constant<R>, constant<P>...> {};
template <class Fn, class R, class... P>
    requires asks_result_alone<Fn, R(P...)>
struct answer<Fn, R(P...)> : std::invoke_result<Fn&, constant<R>> {
};

/// What a function of the result (and the arguments) answers, without const and reference.
template <class Fn, class Signature>
using answer_of = std::remove_cvref_t<typename answer<Fn, Signature>::type>;

/// What a function of the arguments answers.
template <class Fn, class Signature>
struct argument_answer;
template <class Fn, class R, class... P>
struct argument_answer<Fn, R(P...)> : std::invoke_result<Fn&, constant<P>...> {};

template <class Fn, class Signature>
using argument_answer_of = std::remove_cvref_t<typename argument_answer<Fn, Signature>::type>;

}  // namespace memo::detail
