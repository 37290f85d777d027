#pragma once

#include <memo/call/eviction.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/option.hpp>
#include <memo/call/parameters.hpp>

#include <concepts>
#include <optional>
#include <tuple>
#include <type_traits>

namespace memo::detail {

/// What `cache_put` fills with the result `R` of a call with the arguments `A...`, as they were before it. An option among the
/// targets fills nothing.
template <class Target, class R, class... A>
struct filling {
    void plan(Target const&, A const&...) {}
    template <class Owner>
    void carry_out(Target const&, Owner const&, R const&) {}
};

/// Stores a result in the wrapper, for arguments that convert as in a call.
template <class Signature>
struct result_setter;
template <class Result, class... P>
struct result_setter<Result(P...)> {
    template <class State, class Caller, class R>
    static auto of(State& state, Caller const& caller, R const& result) {
        return [&](projected_t<P>... arguments) {
            auto const owner = owner_in(state, caller);
            if constexpr (std::convertible_to<R const&, typename State::result>)
                state.set(static_cast<typename State::result>(result), owner, arguments...);
            else
                state.set(static_cast<typename State::value>(result), owner, arguments...);
        };
    }
    using kept = std::tuple<kept_argument<P>...>;
};

template <class Wrapper, class Projection, class R, class... A>
struct filling<entry_target<Wrapper, Projection>, R, A...> {
    using target = entry_target<Wrapper, Projection>;
    using signature = typename Wrapper::memo_signature;
    using setter = result_setter<signature>;

    /// A projection that takes the result first is asked after the call; the call's own arguments are kept for it.
    static constexpr bool asks_result =
        std::invocable<Projection const&, R const&, A const&...> && !std::invocable<Projection const&, A const&...>;

    std::optional<std::conditional_t<asks_result, std::tuple<kept_argument<A>...>, typename setter::kept>> arguments;

    void plan(target const& which, A const&... seen) {
        if constexpr (asks_result)
            arguments.emplace(seen...);
        else
            projecting<Projection, signature>::run(
                which.projection, [&](auto const&... one) { arguments.emplace(kept_argument<decltype(one)>(one)...); }, seen...);
    }

    template <class Caller>
    void carry_out(target const& which, Caller const& caller, R const& result) {
        auto const set = setter::of(*which.wrapper.inside(), caller, result);
        if constexpr (asks_result)
            std::apply(
                [&](kept_argument<A> const&... kept) {
                    projecting<Projection, signature>::run(which.projection, set, result, seen_again<A>(kept)...);
                },
                *arguments);
        else
            std::apply(set, *arguments);
    }
};

}  // namespace memo::detail
