#pragma once

#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_callable.hpp>
#include <memo/call/verdict_parts.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

namespace memo::detail {

/// Which kinds of options are in a list; strangers are passed over.
struct kind_set {
    std::uint64_t bits = 0;

    constexpr bool has(option_kind kind) const { return (bits >> static_cast<unsigned>(kind) & 1U) != 0; }
};

template <class T>
inline constexpr std::uint64_t kind_bit = 0;
template <any_option T>
inline constexpr std::uint64_t kind_bit<T> = std::uint64_t{1} << static_cast<unsigned>(T::kind);

template <class... Given>
inline constexpr kind_set kinds_of{(kind_bit<Given> | ... | std::uint64_t{0})};

/// The first of some faults; each enum of faults begins with the word for none.
template <class Fault>
constexpr Fault first_of(std::initializer_list<Fault> faults) {
    for (auto const fault : faults) {
        if (fault != Fault{}) {
            return fault;
        }
    }
    return Fault{};
}

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

/// A parameter that the function uses up, and of which no copy can be kept: a move-only type by value or by `&&`.
template <class P>
inline constexpr bool is_consumed = !std::is_lvalue_reference_v<P> && holds<is_uncopyable, std::remove_cvref_t<P>>();

/// `fn(result, args...)` is what can be called, and would see arguments that are used up.
template <class Fn, class Signature>
inline constexpr bool asks_consumed = false;
template <class Fn, class R, class... P>
    requires(asks_both<Fn, R(P...)> && !asks_result_alone<Fn, R(P...)>)
inline constexpr bool asks_consumed<Fn, R(P...)> = (is_consumed<P> || ...);

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
