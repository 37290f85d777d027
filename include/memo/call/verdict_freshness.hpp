#pragma once

#include <memo/base/clock.hpp>
#include <memo/call/option.hpp>
#include <memo/call/verdict_lifetime.hpp>
#include <memo/call/verdict_parts.hpp>
#include <memo/call/verdict_words.hpp>

#include <concepts>
#include <type_traits>

namespace memo::detail {

enum class freshness_fault {
    none,
    revalidate_number,
    revalidate_other,
    revalidate_alone,
    if_error_number,
    if_error_other,
    if_error_alone,
    ahead_other,
    ahead_alone,
    early_other,
    early_alone,
    errors_number,
    errors_other,
    errors_untyped,
    errors_incomplete,
    errors_uncatchable,
    wait_number,
    wait_other,
    wait_alone,
};

template <freshness_fault Fault>
struct freshness_sentences {
    using enum freshness_fault;
    static_assert(
        Fault != revalidate_number,
        "memo::stale_while_revalidate: a bare number has no unit; write memo::stale_while_revalidate(1min) or another "
        "std::chrono duration");
    static_assert(Fault != revalidate_other,
                  "memo::stale_while_revalidate: this is no duration; give a std::chrono duration such as 1min, or "
                  "memo::forever");
    static_assert(
        Fault != revalidate_alone,
        "memo::stale_while_revalidate: there is no lifetime after which a result is stale; add memo::ttl(...), or "
        "leave stale_while_revalidate out");
    static_assert(
        Fault != if_error_number,
        "memo::stale_if_error: a bare number has no unit; write memo::stale_if_error(1h) or another std::chrono "
        "duration");
    static_assert(
        Fault != if_error_other,
        "memo::stale_if_error: this is no duration; give a std::chrono duration such as 1h, or memo::forever");
    static_assert(
        Fault != if_error_alone,
        "memo::stale_if_error: there is no lifetime after which a result is stale; add memo::ttl(...), or leave "
        "stale_if_error out");
    static_assert(Fault != ahead_other,
                  "memo::refresh_ahead: this is no fraction; give the part of the ttl after which a refresh begins, a "
                  "number between 0 and 1 such as 0.8");
    static_assert(
        Fault != ahead_alone,
        "memo::refresh_ahead: there is no lifetime to be ahead of; add memo::ttl(...), or leave refresh_ahead out");
    static_assert(
        Fault != early_other,
        "memo::early_expiration: this is no number; give a beta such as 1.0, above 1 refreshes earlier, below 1 later");
    static_assert(Fault != early_alone,
                  "memo::early_expiration: there is no lifetime that could end early; add memo::ttl(...), or leave "
                  "early_expiration out");
    static_assert(
        Fault != errors_number,
        "memo::cache_errors: a bare number has no unit; write memo::cache_errors<E>(10s) or another std::chrono "
        "duration");
    static_assert(Fault != errors_other,
                  "memo::cache_errors: this is no duration; give a std::chrono duration such as 10s, or memo::forever");
    static_assert(Fault != errors_untyped,
                  "memo::cache_errors: it names no type of exception; write memo::cache_errors<not_found>(10s), or "
                  "memo::cache_errors<std::exception>(10s) for all that derive from it");
    static_assert(Fault != errors_incomplete,
                  "memo::cache_errors: a type of exception is only declared here, and what is not complete cannot be "
                  "caught; define it before, or include its header");
    static_assert(
        Fault != errors_uncatchable,
        "memo::cache_errors: a void, a reference, an array or a function is never what is caught; name the type of the "
        "exception itself");
    static_assert(
        Fault != wait_number,
        "memo::wait_timeout: a bare number has no unit; write memo::wait_timeout(5s) or another std::chrono duration");
    static_assert(Fault != wait_other,
                  "memo::wait_timeout: this is no duration; give a std::chrono duration such as 5s, or memo::forever");
    static_assert(Fault != wait_alone,
                  "memo::wait_timeout: with no_coalesce no call waits for another; keep one of them");
};

template <class Duration>
constexpr freshness_fault judge_span(freshness_fault no_unit, freshness_fault other) {
    return time_span<Duration> ? freshness_fault::none : std::is_arithmetic_v<Duration> ? no_unit : other;
}

/// Whether `catch (E const&)` can stand for this type.
template <class E>
constexpr freshness_fault judge_exception() {
    if constexpr (std::is_void_v<E> || std::is_reference_v<E> || std::is_array_v<E> || std::is_function_v<E>) {
        return freshness_fault::errors_uncatchable;
    } else if constexpr (std::is_pointer_v<E>) {
        using target = std::remove_pointer_t<E>;
        constexpr bool known = std::is_void_v<target> || std::is_function_v<target> || is_complete<target>;
        return known ? freshness_fault::none : freshness_fault::errors_incomplete;
    } else {
        return is_complete<E> ? freshness_fault::none : freshness_fault::errors_incomplete;
    }
}

template <class Option>
inline constexpr freshness_fault freshness_fault_of = freshness_fault::none;

template <class Duration>
inline constexpr freshness_fault freshness_fault_of<stale_while_revalidate_option<Duration>> =
    judge_span<Duration>(freshness_fault::revalidate_number, freshness_fault::revalidate_other);

template <class Duration>
inline constexpr freshness_fault freshness_fault_of<stale_if_error_option<Duration>> =
    judge_span<Duration>(freshness_fault::if_error_number, freshness_fault::if_error_other);

template <class Fraction>
inline constexpr freshness_fault freshness_fault_of<refresh_ahead_option<Fraction>> =
    number<Fraction> ? freshness_fault::none : freshness_fault::ahead_other;

template <class Number>
inline constexpr freshness_fault freshness_fault_of<early_expiration_option<Number>> =
    number<Number> ? freshness_fault::none : freshness_fault::early_other;

template <class Lifetime, class... Errors>
inline constexpr freshness_fault freshness_fault_of<cache_errors_option<Lifetime, Errors...>> = first_of(
    {sizeof...(Errors) == 0 ? freshness_fault::errors_untyped : freshness_fault::none, judge_exception<Errors>()...,
     judge_span<Lifetime>(freshness_fault::errors_number, freshness_fault::errors_other)});

template <class Duration>
inline constexpr freshness_fault freshness_fault_of<wait_timeout_option<Duration>> =
    judge_span<Duration>(freshness_fault::wait_number, freshness_fault::wait_other);

/// The fault of an option that speaks of the end of a lifetime, where results have none.
constexpr freshness_fault lonely_fault_of(option_kind kind) {
    using enum freshness_fault;
    return kind == option_kind::stale_while_revalidate ? revalidate_alone
           : kind == option_kind::stale_if_error       ? if_error_alone
           : kind == option_kind::refresh_ahead        ? ahead_alone
           : kind == option_kind::early_expiration     ? early_alone
                                                       : none;
}

/// Judges what happens around the end of a lifetime, which exceptions are remembered, and how long calls wait.
template <class... Options>
constexpr freshness_fault judge_freshness() {
    constexpr bool waits = !(std::same_as<Options, coalescing_option<false>> || ...);
    constexpr bool timed = kinds_of<Options...>.has(option_kind::wait_timeout);
    return first_of({freshness_fault_of<Options>...,
                     (is_mortal<Options...> ? freshness_fault::none : lonely_fault_of(Options::kind))...,
                     timed && !waits ? freshness_fault::wait_alone : freshness_fault::none});
}

}  // namespace memo::detail
