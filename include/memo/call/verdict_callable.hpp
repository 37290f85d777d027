#pragma once

#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>

#include <concepts>
#include <type_traits>

namespace memo::detail {

/// What stands for a name that means several functions when no signature says which.
struct overloaded_name {};

enum class callable_fault { none, not_callable, overloaded, generic, variadic, no_signature, wrong_signature };

template <callable_fault Fault>
struct callable_sentences {
    using enum callable_fault;
    static_assert(
        Fault != not_callable,
        "memo::cached: what is wrapped cannot be called; give a function, a lambda, a functor, a std::function or a "
        "pointer to member function");
    static_assert(Fault != overloaded,
                  "memo::signature: the name means several functions; say which right after it, memo::cached(f, "
                  "memo::signature<R(Args...)>, ...), or call the option whose name it is, memo::early_expiration()");
    static_assert(Fault != generic,
                  "memo::signature: a generic or overloaded call operator has no signature of its own; add "
                  "memo::signature<R(Args...)>");
    static_assert(
        Fault != variadic,
        "memo::signature: C variadic arguments, or && or volatile behind the parameters, leave no usable signature; "
        "wrap the function in a lambda, or add memo::signature<R(Args...)>");
    static_assert(Fault != no_signature,
                  "memo::signature: this is no function type; write memo::signature<R(Args...)>, for example "
                  "memo::signature<int(std::string const&)>");
    static_assert(
        Fault != wrong_signature,
        "memo::signature: the function cannot be called with these parameters, or returns something else; give the "
        "signature by which you call it");
};

struct call_operator {
    void operator()();
};

/// Ambiguous where `F` has call operators of its own.
template <class F>
struct call_operator_probe : F, call_operator {};

template <class F>
inline constexpr bool has_call_operator = false;
template <class F>
    requires std::is_class_v<F> && std::is_final_v<F>
inline constexpr bool has_call_operator<F> = true;  // it cannot be asked, so it is believed
template <class F>
    requires std::is_class_v<F> &&(!std::is_final_v<F>)inline constexpr bool has_call_operator<F> = !requires {
        &call_operator_probe<F>::operator();
    };

    template <class F, class... Options>
    constexpr callable_fault judge_callable() {
        using signature = signature_of<F, Options...>;
        constexpr bool stated = ((Options::kind == option_kind::signature) || ...);
        if constexpr (std::same_as<F, overloaded_name>) {
            return callable_fault::overloaded;
        } else if constexpr (stated && std::is_void_v<signature>) {
            return callable_fault::no_signature;
        } else if constexpr (stated) {
            return callable_as<F, signature> ? callable_fault::none : callable_fault::wrong_signature;
        } else if constexpr (!std::is_void_v<signature>) {
            return callable_fault::none;
        } else if constexpr (std::is_member_pointer_v<F> || std::is_function_v<std::remove_pointer_t<F>>) {
            return callable_fault::variadic;
        } else {
            return has_call_operator<F> ? callable_fault::generic : callable_fault::not_callable;
        }
    }

}  // namespace memo::detail
