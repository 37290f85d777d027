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

template <class Signature, class... Options>
constexpr bound_fault judge_bounds() {
    using size = value_of<option_kind::max_size, Options...>;
    using bytes = value_of<option_kind::max_bytes, Options...>;
    using weigher = value_of<option_kind::weigher, Options...>;
    using policy = value_of<option_kind::policy, Options...>;
    if constexpr (given<size> && !whole_number<size>) {
        return bound_fault::size_number;
    } else if constexpr (given<bytes> && !whole_number<bytes>) {
        return bound_fault::bytes_number;
    } else if constexpr (given<size> && has_option<option_kind::unbounded, Options...>) {
        return bound_fault::size_unbounded;
    } else if constexpr (given<policy> && orders_nothing<policy>) {
        return bound_fault::policy;
    } else if constexpr (!given<weigher>) {
        return bound_fault::none;
    } else if constexpr (!given<bytes>) {
        return bound_fault::weigher_alone;
    } else if constexpr (asks_result<weigher, Signature>) {
        return number<answer_of<weigher, Signature>> ? bound_fault::none : bound_fault::weigher_number;
    } else {
        return asks_arguments<weigher, Signature> ? bound_fault::weigher_arguments : bound_fault::weigher_function;
    }
}

/// Judges the clauses of `eviction_policy`, one by one, for an order of the user's own; its voice stands beside the
/// concept.
template <class... Options>
constexpr policy_verdict judge_order() {
    using policy = value_of<option_kind::policy, Options...>;
    if constexpr (given<policy>) {
        return judge_policy<order_of<policy>>();
    } else {
        return policy_verdict::right;
    }
}

}  // namespace memo::detail
