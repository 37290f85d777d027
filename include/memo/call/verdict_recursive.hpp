#pragma once

#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict.hpp>
#include <memo/call/verdict_once.hpp>
#include <memo/call/verdict_parentheses.hpp>
#include <memo/call/verdict_words.hpp>

#include <type_traits>

namespace memo::detail {

enum class recursive_fault { none, no_signature, not_callable, said_twice, self, parameters };

template <recursive_fault Fault>
struct recursive_sentences {
    using enum recursive_fault;
    static_assert(
        Fault != no_signature,
        "memo::recursive: its argument is no function type; write memo::recursive<R(Args...)>(...), for example "
        "memo::recursive<long(int)>(...)");
    static_assert(
        Fault != not_callable,
        "memo::recursive: what is wrapped cannot be called; give a lambda, [](auto& self, Args...) -> R { ... }");
    static_assert(Fault != said_twice,
                  "memo::signature: memo::recursive<R(Args...)> has said it already; leave memo::signature out");
    static_assert(
        Fault != self,
        "memo::recursive: the function does not take itself; write [](auto& self, Args...) -> R and call self for the "
        "smaller case");
    static_assert(
        Fault != parameters,
        "memo::recursive: the function does not take self and then the arguments of the signature; write [](auto& "
        "self, Args...) -> R");
};

/// Judges no more than what can be asked without running into the body of a generic lambda.
template <class Signature, class Fn, class... Options>
constexpr recursive_fault judge_recursion() {
    using plain = typename function_shape<Signature>::signature;
    if constexpr (std::is_void_v<plain>) {
        return recursive_fault::no_signature;
    } else if constexpr (!function_like<Fn>) {
        return recursive_fault::not_callable;
    } else if constexpr (kinds_of<Options...>.has(option_kind::signature)) {
        return recursive_fault::said_twice;
    } else if constexpr (std::is_void_v<typename callable_traits<Fn>::signature>) {
        return recursive_fault::none;
    } else {
        constexpr auto wanted = arity_of<plain> + 1;
        constexpr auto found = arity_of<typename callable_traits<Fn>::signature>;
        return found + 1 == wanted ? recursive_fault::self
               : found != wanted   ? recursive_fault::parameters
                                   : recursive_fault::none;
    }
}

template <class Signature, class Fn, class... Options>
constexpr auto judge_recursive() {
    constexpr auto member = judge_membership<Fn, Options...>();
    if constexpr (member != member_fault::none) {
        return std::type_identity<member_sentences<member>>{};
    } else if constexpr (constexpr auto recursion = judge_recursion<Signature, Fn, Options...>();
                         recursion != recursive_fault::none) {
        return std::type_identity<recursive_sentences<recursion>>{};
    } else if constexpr (constexpr auto called = judge_parentheses<Options...>(); called.found) {
        return std::type_identity<parentheses_sentences<called>>{};
    } else if constexpr (constexpr auto repeated = judge_repetition<Options...>(); repeated.twice) {
        return std::type_identity<repetition_sentences<repeated>>{};
    } else {
        return judge_storing<Fn, typename function_shape<Signature>::signature, Options...>();
    }
}

/// What is to be said of `memo::recursive<Signature>(fn, options...)`, as `cached_verdict` says it of `memo::cached`.
template <class Signature, class Fn, class... Options>
using recursive_verdict = typename decltype(judge_recursive<Signature, Fn, Options...>())::type;

}  // namespace memo::detail
