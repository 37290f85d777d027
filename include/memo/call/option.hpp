#pragma once

#include <memo/base/fixed_string.hpp>

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>

namespace memo {

class cost_aware_order;

/// What becomes of a call when its store is at fault.
enum class store_error_policy {
    fail_open,  ///< the fault is a miss, counted and told
    rethrow,    ///< the caller gets it
};

}  // namespace memo

namespace memo::detail {

/// What an option is about. Two options of one kind in a set repeat or contradict each other.
enum class option_kind {
    ttl, idle, cleanup_interval, jitter, max_size, max_bytes, weigher, unbounded, policy,
    key, key_builder, args, ignore, name, version, unless, only_if, tags, on_event, clock,
    no_stats, shared, signature, trust_lifetime, coalescing, in, instance,
    stale_while_revalidate, stale_if_error, refresh_ahead, early_expiration, cache_errors, wait_timeout, executor,
    store, near, on_store_error,
    entry, all, pattern, before,
};

template <option_kind Kind>
struct option {
    static constexpr option_kind kind = Kind;
};

/// An option that was called though it is written without parentheses; the verdict refuses it.
template <option_kind Kind>
struct called_option : option<Kind> {};

/// An option that is written without parentheses.
template <option_kind Kind>
struct bare_option : option<Kind> {
    template <class... Anything>
    constexpr called_option<Kind> operator()(Anything&&...) const {
        return {};
    }
};

/// Anything that may stand among the options of a wrapper.
template <class T>
concept any_option = requires {
    { T::kind } -> std::convertible_to<option_kind>;
    requires std::derived_from<T, option<T::kind>>;
};

/// What a factory was given that was given nothing; the verdict refuses it.
struct nothing {};

// The shape of each option; its meaning stands at its factory in <memo/options.hpp>.

template <class Lifetime> struct ttl_option : option<option_kind::ttl> { Lifetime value; };
template <class Duration> struct idle_option : option<option_kind::idle> { Duration value; };
template <class Duration> struct cleanup_interval_option : option<option_kind::cleanup_interval> { Duration value; };
template <class Fraction> struct jitter_option : option<option_kind::jitter> { Fraction value; };
template <class Count> struct max_size_option : option<option_kind::max_size> { Count value; };
template <class Count> struct max_bytes_option : option<option_kind::max_bytes> { Count value; };
template <class Fn> struct weigher_option : option<option_kind::weigher> { Fn value; };
struct unbounded_option : bare_option<option_kind::unbounded> {};
template <class Policy> struct policy_option : option<option_kind::policy> { using type = Policy; };
struct cost_aware_option : bare_option<option_kind::policy> {
    using type = cost_aware_option;
    using order = cost_aware_order;
};

template <fixed_string Text> struct key_option : bare_option<option_kind::key> { static constexpr auto text = Text; };
template <class Fn> struct key_builder_option : option<option_kind::key_builder> { Fn value; };
template <std::size_t... Places> struct args_option : bare_option<option_kind::args> {};
template <std::size_t... Places> struct ignore_option : bare_option<option_kind::ignore> {};
template <class Text> struct name_option : option<option_kind::name> { Text value; };
template <class Number> struct version_option : option<option_kind::version> { Number value; };

template <class Pred> struct unless_option : option<option_kind::unless> { Pred value; };
template <class Pred> struct only_if_option : option<option_kind::only_if> { Pred value; };
template <fixed_string... Texts> struct tags_option : bare_option<option_kind::tags> {};
template <class Duration> struct stale_while_revalidate_option : option<option_kind::stale_while_revalidate> { Duration value; };
template <class Duration> struct stale_if_error_option : option<option_kind::stale_if_error> { Duration value; };
template <class Fraction> struct refresh_ahead_option : option<option_kind::refresh_ahead> { Fraction value; };
template <class Number> struct early_expiration_option : option<option_kind::early_expiration> { Number value; };
/// `Errors` are the types of exceptions that are remembered.
template <class Lifetime, class... Errors> struct cache_errors_option : option<option_kind::cache_errors> { Lifetime value; };
template <class Duration> struct wait_timeout_option : option<option_kind::wait_timeout> { Duration value; };

/// `Store` is a byte store, or the name of one of the manager's.
template <class Store> struct store_option : option<option_kind::store> { Store value; };
template <class... Options> struct near_option : option<option_kind::near> { std::tuple<Options...> value; };
template <class Answer> struct on_store_error_option : option<option_kind::on_store_error> { Answer value; };

template <class Fn> struct on_event_option : option<option_kind::on_event> { Fn value; };

/// What is handed in is kept by value when it is a temporary that can be copied, else by reference: the verdict refuses a temporary
/// that is not kept, an rvalue reference.
template <class T>
using injected_t = std::conditional_t<std::is_lvalue_reference_v<T> || std::is_copy_constructible_v<T>, T, T&&>;

/// `Clock` is an lvalue reference when the clock is kept by reference.
template <class Clock> struct clock_option : option<option_kind::clock> { Clock value; };
/// `Executor` is an lvalue reference when it is kept by reference.
template <class Executor> struct executor_option : option<option_kind::executor> { Executor value; };
struct no_stats_option : bare_option<option_kind::no_stats> {};
struct shared_option : bare_option<option_kind::shared> {};
template <class Signature> struct signature_option : bare_option<option_kind::signature> { using type = Signature; };
struct trust_lifetime_option : bare_option<option_kind::trust_lifetime> {};
template <bool Shares> struct coalescing_option : bare_option<option_kind::coalescing> { static constexpr bool shares = Shares; };

/// `Space` is `memo::manager`; anything else is refused by the verdict, an rvalue reference to a temporary too.
template <class Space> struct in_option : option<option_kind::in> { std::remove_reference_t<Space>* value; };

struct any_instance_t {};
struct each_instance_t {};
/// `Parts` is a tuple of pointers to members, `any_instance_t` or `each_instance_t`.
template <class Parts> struct instance_option : bare_option<option_kind::instance> { [[no_unique_address]] Parts value; };

struct same_arguments {};
template <std::size_t... Places> struct by_places {};

/// What an eviction or a put reaches: the entry of `Wrapper` whose arguments `Projection` makes of the call's.
template <class Wrapper, class Projection>
struct entry_target : option<option_kind::entry> {
    Wrapper wrapper;
    [[no_unique_address]] Projection projection;
};
template <class Wrapper> struct all_target : option<option_kind::all> { Wrapper wrapper; };
template <fixed_string Text> struct pattern_target : bare_option<option_kind::pattern> { static constexpr auto text = Text; };
struct before_option : bare_option<option_kind::before> {};

}  // namespace memo::detail
