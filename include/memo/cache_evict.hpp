#pragma once

#include <memo/call/anchor.hpp>
#include <memo/call/face.hpp>
#include <memo/call/mutation.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/settings.hpp>
#include <memo/call/verdict_targets.hpp>
#include <memo/options.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace memo {

namespace detail {

/// The object that a member is called on, const as the member is; void for a free function.
template <class F>
using subject_t = std::conditional_t<
    member_traits<F>::is_function,
    std::conditional_t<member_traits<F>::is_const, typename member_traits<F>::object const, typename member_traits<F>::object>,
    void>;

template <class Object>
using object_list = std::conditional_t<std::is_void_v<Object>, types<>, types<Object>>;

template <class Verdict, bool Fills, class F, class... Targets>
struct mutation_base {
    using type = refused<typename subject_signature<F, Targets...>::type, typename subject_object<F>::type>;
};
template <bool Fills, class F, class... Targets>
struct mutation_base<acquitted, Fills, F, Targets...> {
    using signature = typename subject_signature<F, Targets...>::type;
    using object = subject_t<F>;
    static constexpr bool const_call = [] {
        if constexpr (std::is_void_v<object>)
            return callable_as<F const, signature>;
        else
            return true;
    }();
    using type = handle<mutating_face, mutation<Fills, F, signature, object, Targets...>, signature, object_list<object>, const_call>;
};

template <class State, class F, class... Targets>
made<State> make_mutation(F f, Targets... targets) {
    option_set<Targets...> all{std::move(targets)...};
    auto in = space_of(all);
    return {std::make_shared<State>(std::move(f), std::move(in), std::move(all))};
}

}  // namespace detail

/// Wraps `f`, which changes something, so that the entries that are stale by it go:
/// `auto update_user = memo::cache_evict(do_update, memo::entry(get_user, memo::by<0>));`
///
/// Targets, any number together: `entry`, `all`, `key<"...">`, `pattern<"...">`, `tags<"...">`. String forms reach every
/// wrapper with readable keys in the same manager. They are one eviction: what a run that begins while it is under way makes is given
/// and not kept, as it may be made of what has yet to go. `memo::before` evicts before the call, else after it, if it returned. What
/// to evict is computed from the arguments as they were before the call.
///
/// Returns: what f returns.
/// Throws:  what f throws. An eviction that fails is counted and told as an error.
/// Threads: as f. Copies share f.
template <class F, class... Targets>
class cache_evict : public detail::mutation_base<detail::evict_verdict<F, Targets...>, false, F, Targets...>::type {
    using verdict = detail::evict_verdict<F, Targets...>;
    using base = typename detail::mutation_base<verdict, false, F, Targets...>::type;

public:
    explicit cache_evict(F f, Targets... targets)
        requires detail::is_right<verdict>
        : base{detail::make_mutation<typename base::state_type>(std::move(f), std::move(targets)...)} {}

    template <class... Anything>
        requires(!detail::is_right<verdict>)
    explicit cache_evict(Anything&&...) {}

private:
    [[no_unique_address]] verdict sentence_;
};

template <class F, class... Targets>
cache_evict(F, Targets...) -> cache_evict<F, Targets...>;
template <class R, class... P, class... Targets>
cache_evict(std::type_identity_t<R (*)(P...)>, detail::signature_option<R(P...)>, Targets...)
    -> cache_evict<R (*)(P...), detail::signature_option<R(P...)>, Targets...>;

/// Wraps `f`, whose result is the new entry of other wrappers:
/// `auto fill_user = memo::cache_put(do_update, memo::entry(get_user, memo::by<0>));`
///
/// Targets are `entry(g)`, `entry(g, memo::by<I...>)` and `entry(g, fn)`, where `fn` may take the result in front of the
/// arguments. The entry wins over runs that began before, and over evictions that came while f ran; `unless`, `only_if` and `ttl` of the
/// wrapper hold for it.
///
/// Returns, Throws, Threads: as `cache_evict`.
template <class F, class... Targets>
class cache_put : public detail::mutation_base<detail::put_verdict<F, Targets...>, true, F, Targets...>::type {
    using verdict = detail::put_verdict<F, Targets...>;
    using base = typename detail::mutation_base<verdict, true, F, Targets...>::type;

public:
    explicit cache_put(F f, Targets... targets)
        requires detail::is_right<verdict>
        : base{detail::make_mutation<typename base::state_type>(std::move(f), std::move(targets)...)} {}

    template <class... Anything>
        requires(!detail::is_right<verdict>)
    explicit cache_put(Anything&&...) {}

private:
    [[no_unique_address]] verdict sentence_;
};

template <class F, class... Targets>
cache_put(F, Targets...) -> cache_put<F, Targets...>;
template <class R, class... P, class... Targets>
cache_put(std::type_identity_t<R (*)(P...)>, detail::signature_option<R(P...)>, Targets...)
    -> cache_put<R (*)(P...), detail::signature_option<R(P...)>, Targets...>;

cache_evict(...) -> cache_evict<detail::overloaded_name>;

cache_put(...) -> cache_put<detail::overloaded_name>;

}  // namespace memo
