#pragma once

#include <memo/call/option.hpp>
#include <memo/call/verdict_words.hpp>

#include <type_traits>

namespace memo::detail {

enum class condition_fault {
    none,
    unless_arguments,
    unless_function,
    unless_consumed,
    unless_answer,
    only_if_result,
    only_if_function,
    only_if_answer,
};

template <condition_fault Fault>
struct condition_sentences {
    using enum condition_fault;
    static_assert(Fault != unless_arguments,
                  "memo::unless: the predicate takes the arguments; it judges the result, use only_if, or take "
                  "(result, args...)");
    static_assert(
        Fault != unless_function,
        "memo::unless: the predicate cannot be called with (result) nor with (result, args...); take one of these, by "
        "value or const reference");
    static_assert(Fault != unless_consumed,
                  "memo::unless: a parameter is taken by value and only moves, the predicate would see it used up; "
                  "take it by const reference, or judge the result alone");
    static_assert(Fault != unless_answer, "memo::unless: the predicate answers neither yes nor no; return bool");
    static_assert(Fault != only_if_result,
                  "memo::only_if: the predicate takes the result; it judges the arguments before the call, use unless");
    static_assert(
        Fault != only_if_function,
        "memo::only_if: the predicate cannot be called with the arguments; take all of them, by value or const "
        "reference");
    static_assert(Fault != only_if_answer, "memo::only_if: the predicate answers neither yes nor no; return bool");
};

template <class T>
concept truth = std::is_constructible_v<bool, T>;

template <class Pred, class Signature>
constexpr condition_fault judge_unless() {
    if constexpr (asks_consumed<Pred, Signature>) {
        return condition_fault::unless_consumed;
    } else if constexpr (asks_result<Pred, Signature>) {
        return truth<answer_of<Pred, Signature>> ? condition_fault::none : condition_fault::unless_answer;
    } else {
        return asks_arguments<Pred, Signature> ? condition_fault::unless_arguments : condition_fault::unless_function;
    }
}

template <class Pred, class Signature>
constexpr condition_fault judge_only_if() {
    if constexpr (asks_arguments<Pred, Signature>) {
        return truth<argument_answer_of<Pred, Signature>> ? condition_fault::none : condition_fault::only_if_answer;
    } else {
        return asks_result<Pred, Signature> ? condition_fault::only_if_result : condition_fault::only_if_function;
    }
}

template <class Option, class Signature>
inline constexpr condition_fault condition_fault_of = condition_fault::none;

template <class Pred, class Signature>
inline constexpr condition_fault condition_fault_of<unless_option<Pred>, Signature> = judge_unless<Pred, Signature>();

template <class Pred, class Signature>
inline constexpr condition_fault condition_fault_of<only_if_option<Pred>, Signature> = judge_only_if<Pred, Signature>();

/// Judges on which conditions results are stored, or asked for.
template <class Signature, class... Options>
constexpr condition_fault judge_conditions() {
    return first_of({condition_fault::none, condition_fault_of<Options, Signature>...});
}

}  // namespace memo::detail
