#pragma once

#include <memo/call/anchor.hpp>
#include <memo/call/face.hpp>
#include <memo/call/memoized.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/verdict.hpp>
#include <memo/options.hpp>
#include <memo/policy/adaptive.hpp>
#include <memo/store/memory.hpp>

#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace memo {

template <class F, class... Options>
class cached;

namespace detail {

template <class Options>
struct chosen_order {
    using type = adaptive_order;
};
template <class Options>
    requires(Options::template has<option_kind::policy>)
struct chosen_order<Options> {
    using type = order_of<typename Options::template type<option_kind::policy>::type>;
};
template <class... Options>
struct chosen_order<near_option<Options...>> : chosen_order<option_set<Options...>> {};

/// Where results live: in typed memory, in bytes, or in both. A store by name may have a tier in front, as its manager says.
template <class Results, class Options, copies Copies>
struct chosen_store {
    using type = memory_store<typename Results::held, typename chosen_order<Options>::type, Copies>;
};
template <class Results, class Options, copies Copies>
    requires(Options::template has<option_kind::store>)
struct chosen_store<Results, Options, Copies> {
    template <class Set>
    struct order_of_copies {
        using type = adaptive_order;
    };
    template <class Set>
        requires(Set::template has<option_kind::near>)
    struct order_of_copies<Set> {
        using type = typename chosen_order<typename Set::template type<option_kind::near>>::type;
    };
    using near = memory_store<typename Results::held, typename order_of_copies<Options>::type, Copies>;
    static constexpr bool by_name = !byte_store_like<decltype(Options::template type<option_kind::store>::value)>;

    using type = std::conditional_t<by_name || Options::template has<option_kind::near>, near_store<near, encoded_store<Results>>,
                                    encoded_store<Results>>;
};

template <class Signature, class Options, class Object>
inline constexpr copies copies_for = copies::none;
template <class R, class... P, class Options, class Object>
inline constexpr copies copies_for<R(P...), Options, Object> =
    finds_copies<types<P...>, Options, Object> ? copies::beside_keys : copies::none;

/// What a wrapper with these options shares with its copies. `Object` is the object of a method, const as the method is.
template <class F, class Signature, class Object, class... Options>
using memoized_for =
    memoized<F, Signature, option_set<Options...>, Object,
             typename chosen_store<holding<result_of<Signature>, option_set<Options...>::template has<option_kind::shared>,
                                           option_set<Options...>::template has<option_kind::cache_errors>>,
                                   option_set<Options...>, copies_for<Signature, option_set<Options...>, Object>>::type>;

/// What a wrapper without a name is called in keys and events.
template <class F>
constexpr std::string_view callable_name() {
    if constexpr (carries_function<F>)
        return F::name();
    else
        return "unnamed";
}

template <class State, class F, class... Options>
made<State> make_state(F f, std::string_view callable, Options... options) {
    option_set<Options...> all{std::move(options)...};
    auto in = space_of(all);
    auto state = std::make_shared<State>(std::move(f), std::move(all), in, callable);
    in->enter(state);
    if constexpr (State::runs_in_background)
        return {std::shared_ptr<State>{state.get(), [state](State*) { state->stop(); }}};  // background work keeps the inner one
    else
        return {std::move(state)};
}

template <class F, class Signature, class... Options>
using cached_state = memoized_for<F, Signature, void, Options...>;

/// Whether a const wrapper may call.
template <class F, class Signature>
inline constexpr bool const_callable = callable_as<F const, Signature>;

template <class Verdict, class F, class... Options>
struct cached_base {
    using type = refused<signature_of<F, Options...>>;
};
template <class F, class... Options>
struct cached_base<acquitted, F, Options...> {
    using signature = signature_of<F, Options...>;
    using type = handle<face, cached_state<F, signature, Options...>, signature, types<>, const_callable<F, signature>>;
};

}  // namespace detail

/// Wraps `f` so that equal calls run it once: `auto get_user = memo::cached(fetch_user, memo::ttl(5min));`
///
/// `F` is a function pointer, lambda, functor (move-only too), `std::function`, pointer to member or another wrapper.
/// Options come in any order, each at most once; <memo/options.hpp> lists them. The verbs stand in <memo/call/face.hpp>.
///
/// Requires: equal arguments mean equal results.
/// Returns:  f's result, or a copy of an earlier one.
/// Throws:   what f throws, which is not stored; recursion_error on a call that waits for itself. The constructor throws
///           config_error for a value out of range. Whatever else fails is counted, and the call just runs.
/// Threads:  any; equal calls in flight share one run. Copies share the cache; moving is cheap.
/// Cost:     a hit is one XXH3 of the arguments, one probe of the store and one copy of the result; it allocates nothing for keys, and
///           takes no lock in typed memory but for policies that file each read: lru, lfu, most of your own.
template <class F, class... Options>
class cached : public detail::cached_base<detail::cached_verdict<F, Options...>, F, Options...>::type {
    using verdict = detail::cached_verdict<F, Options...>;
    using base = typename detail::cached_base<verdict, F, Options...>::type;

public:
    explicit cached(F f, Options... options)
        requires detail::is_right<verdict>
        : base{detail::make_state<typename base::state_type>(std::move(f), detail::callable_name<F>(), std::move(options)...)} {}

    template <class... Anything>
        requires(!detail::is_right<verdict>)
    explicit cached(Anything&&...) {}


private:
    [[no_unique_address]] verdict sentence_;
};

template <class F, class... Options>
cached(F, Options...) -> cached<F, Options...>;

/// An overloaded name, with its signature right behind it.
template <class R, class... P, class... Options>
cached(std::type_identity_t<R (*)(P...)>, detail::signature_option<R(P...)>, Options...)
    -> cached<R (*)(P...), detail::signature_option<R(P...)>, Options...>;

cached(...) -> cached<detail::overloaded_name>;

}  // namespace memo
