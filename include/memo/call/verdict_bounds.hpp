#pragma once

#include <memo/call/option.hpp>
#include <memo/call/verdict_words.hpp>
#include <memo/store/concept.hpp>

#include <type_traits>

namespace memo::detail {

enum class bound_fault {
    none,
    size_number,
    bytes_number,
    size_unbounded,
    weigher_alone,
    weigher_arguments,
    weigher_function,
    weigher_consumed,
    weigher_number,
    policy,
};

template <bound_fault Fault>
struct bound_sentences {
    using enum bound_fault;
    static_assert(Fault != size_number,
                  "memo::max_size: the bound is no integer; give a number of entries such as memo::max_size(10'000)");
    static_assert(Fault != bytes_number,
                  "memo::max_bytes: the bound is no integer; give a number of bytes such as memo::max_bytes(64 << 20)");
    static_assert(Fault != size_unbounded, "memo::unbounded: max_size contradicts it; keep one of them");
    static_assert(
        Fault != weigher_alone,
        "memo::weigher: there is nothing to weigh against; add memo::max_bytes(n), in the unit of the weigher");
    static_assert(
        Fault != weigher_arguments,
        "memo::weigher: the function takes the arguments only; it is given the result first, take (result) or "
        "(result, args...)");
    static_assert(
        Fault != weigher_function,
        "memo::weigher: this cannot be called with (result) nor with (result, args...); give a function that takes one "
        "of these, by value or const reference");
    static_assert(Fault != weigher_consumed,
                  "memo::weigher: a parameter is taken by value and only moves, the function would see it used up; "
                  "take it by const reference, or weigh the result alone");
    static_assert(Fault != weigher_number,
                  "memo::weigher: the function returns no number; return what an entry weighs");
    static_assert(
        Fault != policy,
        "memo::policy: this is no eviction policy; write memo::policy(memo::lru), memo::lfu, memo::fifo, or a type of "
        "your own that satisfies memo::eviction_policy");
};

template <class Policy>
inline constexpr bool orders_nothing = true;
template <class Policy>
    requires std::is_class_v<Policy>
inline constexpr bool orders_nothing<Policy> =
    !has_hook<order_of<Policy>> && !has_admit<order_of<Policy>> && !has_victim<order_of<Policy>>;

template <class Weigher, class Signature>
constexpr bound_fault judge_weigher() {
    if constexpr (asks_consumed<Weigher, Signature>) {
        return bound_fault::weigher_consumed;
    } else if constexpr (asks_result<Weigher, Signature>) {
        return number<answer_of<Weigher, Signature>> ? bound_fault::none : bound_fault::weigher_number;
    } else {
        return asks_arguments<Weigher, Signature> ? bound_fault::weigher_arguments : bound_fault::weigher_function;
    }
}

template <class Option, class Signature>
inline constexpr bound_fault bound_fault_of = bound_fault::none;

template <class Count, class Signature>
inline constexpr bound_fault bound_fault_of<max_size_option<Count>, Signature> =
    whole_number<Count> ? bound_fault::none : bound_fault::size_number;

template <class Count, class Signature>
inline constexpr bound_fault bound_fault_of<max_bytes_option<Count>, Signature> =
    whole_number<Count> ? bound_fault::none : bound_fault::bytes_number;

template <class Weigher, class Signature>
inline constexpr bound_fault bound_fault_of<weigher_option<Weigher>, Signature> = judge_weigher<Weigher, Signature>();

template <class Policy, class Signature>
inline constexpr bound_fault bound_fault_of<policy_option<Policy>, Signature> =
    orders_nothing<Policy> ? bound_fault::policy : bound_fault::none;

/// Judges what bounds the entries, and who leaves.
template <class Signature, class... Options>
constexpr bound_fault judge_bounds() {
    constexpr auto kinds = kinds_of<Options...>;
    if constexpr (kinds.has(option_kind::weigher) && !kinds.has(option_kind::max_bytes)) {
        return bound_fault::weigher_alone;
    } else {
        return first_of({bound_fault_of<Options, Signature>...,
                         kinds.has(option_kind::max_size) && kinds.has(option_kind::unbounded)
                             ? bound_fault::size_unbounded
                             : bound_fault::none});
    }
}

template <class Option>
inline constexpr policy_verdict order_fault_of = policy_verdict::right;
template <class Policy>
inline constexpr policy_verdict order_fault_of<policy_option<Policy>> = judge_policy<order_of<Policy>>();

/// Judges the clauses of `eviction_policy`, one by one, for an order of the user's own; its voice stands beside the
/// concept.
template <class... Options>
constexpr policy_verdict judge_order() {
    return first_of({policy_verdict::right, order_fault_of<Options>...});
}

}  // namespace memo::detail
