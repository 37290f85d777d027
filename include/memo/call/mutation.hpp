#pragma once

#include <memo/base/error.hpp>
#include <memo/call/anchor.hpp>
#include <memo/call/eviction.hpp>
#include <memo/call/filling.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/parameters.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/space.hpp>
#include <memo/store/byte_store.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// A callable whose calls make entries go (`cache_evict`) or come (`cache_put`); its copies share it.
///
/// What to do is computed from the arguments before the call and done after it, if it returned, or before it on request. What
/// fails of that is counted and told as an error; it never hides what the call returns or throws.
template <bool Fills, class F, class Signature, class Object, class... Targets>
class mutation;

template <bool Fills, class F, class R, class... P, class Object, class... Targets>
class mutation<Fills, F, R(P...), Object, Targets...> {
    static constexpr bool is_method = !std::is_void_v<Object>;
    static constexpr bool goes_first = ((Targets::kind == option_kind::before) || ...);

public:
    using object_type = std::remove_const_t<Object>;
    using owner = typename std::conditional_t<is_method, object_ref<Object>, no_object>;

    mutation(F f, std::shared_ptr<space> in, option_set<Targets...> targets)
        : f_{std::move(f)}, space_{std::move(in)}, targets_{std::move(targets)} {
        space_->check_open("memo::in");
    }

    /// Evictions need no number of the object; the wrappers that they reach look theirs up.
    template <class One>
    static std::uint64_t number_of(One&) noexcept {
        return 0;
    }

    exit_watch exits;

    R call(owner const& self, argument_t<P>... arguments) {
        exits.used();
        plans all;
        plan(all, self, arguments...);
        if constexpr (goes_first)
            carry_out(all, self);
        if constexpr (std::is_void_v<R>) {
            run(self, arguments...);
            if constexpr (!goes_first)
                carry_out(all, self);
        } else {
            R result = run(self, arguments...);
            if constexpr (!goes_first)
                carry_out(all, self, std::as_const(result));
            if constexpr (std::is_reference_v<R>)
                return static_cast<R>(result);
            else
                return result;
        }
    }

private:
    template <class A>
    using seen = std::remove_cvref_t<decltype(look_at(std::declval<A>()))>;
    template <class Target>
    using plan_of =
        std::conditional_t<Fills, filling<Target, std::remove_cvref_t<R>, seen<argument_t<P>>...>, eviction<Target>>;
    template <class Plan>
    struct planned {
        Plan plan;
        bool made = false;
    };
    using plans = std::tuple<planned<plan_of<Targets>>...>;

    decltype(auto) run(owner const& self, argument_t<P>... arguments) {
        if constexpr (is_method)
            return std::invoke(f_, self.object, give<P>(arguments)...);
        else
            return std::invoke(f_, give<P>(arguments)...);
    }

    /// Calls `fn` with each plan and its target; one that fails keeps the others from nothing.
    template <class Fn>
    void each(plans& all, Fn const& fn) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (fn(std::get<I>(all), std::get<I>(targets_.all())), ...);
        }(std::index_sequence_for<Targets...>{});
    }

    void plan(plans& all, owner const& self, argument_t<P>... arguments) {
        each(all, [&](auto& one, auto const& target) {
            one.made = attempt([&] {
                if constexpr (Fills)
                    one.plan.plan(target, look_at(arguments)...);
                else if constexpr (option_set<Targets...>::template has<option_kind::instance>)
                    one.plan.plan(target, targets_.template get<option_kind::instance>().value, self, look_at(arguments)...);
                else
                    one.plan.plan(target, any_instance_t{}, self, look_at(arguments)...);
            });
        });
    }

    template <class... Result>
    void carry_out(plans& all, owner const& self, Result const&... result) {
        raised_fences raised;
        if constexpr (!Fills && (eviction<Targets>::steps + ... + 0) > 1)
            attempt([&] { each(all, [&](auto& one, auto const& target) { one.plan.raise(target, *space_, raised); }); });
        each(all, [&](auto& one, auto const& target) {
            if (!one.made)
                return;
            attempt([&] {
                if constexpr (Fills)
                    one.plan.carry_out(target, self, result...);
                else if (!one.plan.carry_out(target, *space_).confirmed())
                    space_->fail(std::make_exception_ptr(connection_error{
                        "memo::cache_evict: the store did not confirm the eviction; entries may be stale until they expire"}));
            });
        });
    }

    template <class Fn>
    bool attempt(Fn const& fn) noexcept {
        try {
            fn();
            return true;
        } catch (...) {
            space_->fail(std::current_exception());
            return false;
        }
    }

    F f_;
    std::shared_ptr<space> space_;
    option_set<Targets...> targets_;
};

/// The call operator of a mutation with its parameters spelled out, as `face` does for memoized functions.
template <class Self, class State, class Signature, class Objects, bool Const>
class mutating_face;

template <class Self, class State, class R, class... P, class... O, bool Const>
class mutating_face<Self, State, R(P...), types<O...>, Const> {
public:
    using state_type = State;
    static constexpr bool is_memo_wrapper = true;
    using memo_signature = R(P...);
    using memo_object = typename State::object_type;

    R operator()(O&... object, parameter_t<P>... arguments) const
        requires Const
    {
        auto const& own = *static_cast<Self const*>(this);
        return own.state_of_cache().call(own.owner_of_call(object...), arguments...);
    }
    R operator()(O&... object, parameter_t<P>... arguments)
        requires(!Const)
    {
        auto const& own = *static_cast<Self const*>(this);
        return own.state_of_cache().call(own.owner_of_call(object...), arguments...);
    }
};

}  // namespace memo::detail
