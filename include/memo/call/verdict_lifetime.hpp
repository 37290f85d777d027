#pragma once

#include <memo/base/clock.hpp>
#include <memo/call/option.hpp>
#include <memo/call/verdict_words.hpp>

#include <concepts>
#include <type_traits>

namespace memo::detail {

enum class lifetime_fault {
    none,
    ttl_number,
    ttl_arguments,
    ttl_function,
    ttl_consumed,
    ttl_returns,
    ttl_other,
    idle_number,
    idle_other,
    cleanup_number,
    cleanup_other,
    jitter_other,
    jitter_alone,
};

template <lifetime_fault Fault>
struct lifetime_sentences {
    using enum lifetime_fault;
    static_assert(
        Fault != ttl_number,
        "memo::ttl: a bare number has no unit; write memo::ttl(5min), memo::ttl(300s) or another std::chrono duration");
    static_assert(Fault != ttl_arguments,
                  "memo::ttl: the function takes the arguments only; it is given the result first, take (result) or "
                  "(result, args...)");
    static_assert(
        Fault != ttl_function,
        "memo::ttl: the function cannot be called with (result) nor with (result, args...); take one of these, by "
        "value or const reference");
    static_assert(Fault != ttl_consumed,
                  "memo::ttl: a parameter is taken by value and only moves, the function would see it used up; take it "
                  "by const reference, or let the function take the result alone");
    static_assert(Fault != ttl_returns,
                  "memo::ttl: the function returns no duration; return a std::chrono duration or memo::forever");
    static_assert(
        Fault != ttl_other,
        "memo::ttl: this is no lifetime; give a std::chrono duration, memo::forever, or a function of the result that "
        "returns one");
    static_assert(Fault != idle_number,
                  "memo::idle: a bare number has no unit; write memo::idle(5min) or another std::chrono duration");
    static_assert(Fault != idle_other, "memo::idle: this is no duration; give a std::chrono duration such as 5min");
    static_assert(
        Fault != cleanup_number,
        "memo::cleanup_interval: a bare number has no unit; write memo::cleanup_interval(30s) or another std::chrono "
        "duration");
    static_assert(Fault != cleanup_other,
                  "memo::cleanup_interval: this is no duration; give a std::chrono duration such as 30s");
    static_assert(Fault != jitter_other,
                  "memo::jitter: this is no fraction; give a number between 0 and 1 such as 0.1");
    static_assert(Fault != jitter_alone,
                  "memo::jitter: there is no lifetime to spread; add memo::ttl(...), or leave jitter out");
};

template <class Lifetime, class Signature>
constexpr lifetime_fault judge_ttl() {
    if constexpr (time_span<Lifetime>) {
        return lifetime_fault::none;
    } else if constexpr (std::is_arithmetic_v<Lifetime>) {
        return lifetime_fault::ttl_number;
    } else if constexpr (asks_consumed<Lifetime, Signature>) {
        return lifetime_fault::ttl_consumed;
    } else if constexpr (asks_result<Lifetime, Signature>) {
        return time_span<answer_of<Lifetime, Signature>> ? lifetime_fault::none : lifetime_fault::ttl_returns;
    } else if constexpr (asks_arguments<Lifetime, Signature>) {
        return lifetime_fault::ttl_arguments;
    } else {
        return function_like<Lifetime> ? lifetime_fault::ttl_function : lifetime_fault::ttl_other;
    }
}

template <class Option, class Signature>
inline constexpr lifetime_fault lifetime_fault_of = lifetime_fault::none;

template <class Lifetime, class Signature>
inline constexpr lifetime_fault lifetime_fault_of<ttl_option<Lifetime>, Signature> = judge_ttl<Lifetime, Signature>();

template <class Duration, class Signature>
inline constexpr lifetime_fault lifetime_fault_of<idle_option<Duration>, Signature> =
    time_span<Duration>              ? lifetime_fault::none
    : std::is_arithmetic_v<Duration> ? lifetime_fault::idle_number
                                     : lifetime_fault::idle_other;

template <class Duration, class Signature>
inline constexpr lifetime_fault lifetime_fault_of<cleanup_interval_option<Duration>, Signature> =
    time_span<Duration>              ? lifetime_fault::none
    : std::is_arithmetic_v<Duration> ? lifetime_fault::cleanup_number
                                     : lifetime_fault::cleanup_other;

template <class Fraction, class Signature>
inline constexpr lifetime_fault lifetime_fault_of<jitter_option<Fraction>, Signature> =
    number<Fraction> ? lifetime_fault::none : lifetime_fault::jitter_other;

/// Whether the options say a lifetime, and one that may end.
template <class... Options>
inline constexpr bool is_mortal = kinds_of<Options...>.has(option_kind::ttl) &&
                                  !(std::same_as<Options, ttl_option<forever_t>> || ...);

/// Judges how long results live.
template <class Signature, class... Options>
constexpr lifetime_fault judge_lifetime() {
    constexpr bool spread = kinds_of<Options...>.has(option_kind::jitter);
    return first_of({lifetime_fault_of<Options, Signature>...,
                     spread && !is_mortal<Options...> ? lifetime_fault::jitter_alone : lifetime_fault::none});
}

}  // namespace memo::detail
