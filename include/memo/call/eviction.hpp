#pragma once

#include <memo/base/evicted.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/option.hpp>
#include <memo/call/parameters.hpp>
#include <memo/call/recipe.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/space.hpp>
#include <memo/key/buffer.hpp>
#include <memo/key/template.hpp>
#include <memo/store/byte_store.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace memo::detail {

/// Calls `fn` with what the projection makes of the call's arguments: those of a function that takes `P...`.
template <class Projection, class Signature>
struct projecting;
template <class R, class... P>
struct projecting<same_arguments, R(P...)> {
    template <class Fn, class... A>
    static void run(same_arguments, Fn const& fn, A const&... arguments) {
        fn(arguments...);
    }
};
template <std::size_t... Places, class R, class... P>
struct projecting<by_places<Places...>, R(P...)> {
    template <class Fn, class... A>
    static void run(by_places<Places...>, Fn const& fn, A const&... arguments) {
        auto const all = std::tie(arguments...);
        fn(std::get<Places>(all)...);
    }
};
template <class Projection, class R, class... P>
struct projecting<Projection, R(P...)> {
    template <class Fn, class... A>
    static void run(Projection const& projection, Fn const& fn, A const&... arguments) {
        auto const made = std::invoke(projection, arguments...);
        if constexpr (std::invocable<Fn const&, decltype(made) const&>)
            fn(made);
        else
            std::apply(fn, made);
    }
};

/// Whose entry of `State` is meant: that of the object the call is made on, where the wrapper is a method's.
template <class State, class Owner>
auto owner_in(State& state, Owner const& caller) {
    if constexpr (State::is_method) {
        using object = std::remove_reference_t<decltype(std::declval<typename State::owner>().object)>;
        object& same = caller.object;
        return object_ref<object>{same, state.number_of(same)};
    } else {
        return no_object{};
    }
}

/// The parameter that takes what a projection made: a copy, where the function itself would take from an rvalue.
template <class P>
using projected_t = std::conditional_t<std::is_rvalue_reference_v<P>, std::remove_cvref_t<P>, parameter_t<P>>;

template <class Signature>
struct argument_writer;
template <class R, class... P>
struct argument_writer<R(P...)> {
    /// Writes the key that `state` has for these arguments, converted as in a call.
    template <class State, class Owner>
    static auto to(written_key& key, State& state, Owner const& owner) {
        return [&](projected_t<P>... arguments) { state.write(key, owner, arguments...); };
    }
};

/// What is to go, computed from the arguments before the call, and carried out before or after it. Where that takes more `steps` than
/// one, fences are raised first. An option among the targets says how, and evicts nothing.
template <class Target>
struct eviction {
    static constexpr std::size_t steps = 0;

    template <class Parts, class Owner, class... A>
    void plan(Target const&, Parts const&, Owner const&, A const&...) {}
    void raise(Target const&, space&, raised_fences&) const {}
    evicted carry_out(Target const&, space&) { return {}; }
};

/// Of what one wrapper holds.
struct eviction_within {
    static constexpr std::size_t steps = 1;

    template <class Target>
    void raise(Target const& target, space&, raised_fences& all) const {
        auto const& state = target.wrapper.inside();
        state->fence.raise_into(all, state);
    }
};

/// Of what any wrapper in the space may hold.
struct eviction_by_text {
    static constexpr std::size_t steps = 1;

    template <class Target>
    void raise(Target const&, space& in, raised_fences& all) const {
        in.raise_into(all);
    }
};

template <class Wrapper, class Projection>
struct eviction<entry_target<Wrapper, Projection>> : eviction_within {
    written_key key;

    template <class Parts, class Owner, class... A>
    void plan(entry_target<Wrapper, Projection> const& target, Parts const&, Owner const& caller, A const&... arguments) {
        auto& state = *target.wrapper.inside();
        auto const owner = owner_in(state, caller);
        using signature = typename Wrapper::memo_signature;
        projecting<Projection, signature>::run(target.projection, argument_writer<signature>::to(key, state, owner), arguments...);
    }
    evicted carry_out(entry_target<Wrapper, Projection> const& target, space&) { return target.wrapper.inside()->evict(key.view); }
};

template <class Wrapper>
struct eviction<all_target<Wrapper>> : eviction_within {
    template <class Parts, class Owner, class... A>
    void plan(all_target<Wrapper> const&, Parts const&, Owner const&, A const&...) {}
    evicted carry_out(all_target<Wrapper> const& target, space&) { return target.wrapper.clear(); }
};

template <fixed_string Text, class Parts, class Owner, class... A>
std::string rendered(Parts const& parts, Owner const& caller, A const&... arguments) {
    key_buffer out;
    object_part<Parts>::render(out, caller, parts);
    key_template<Text>::render(out, arguments...);
    return std::string{out.view()};
}

template <fixed_string Text>
struct eviction<key_option<Text>> : eviction_by_text {
    std::string text;

    template <class Parts, class Owner, class... A>
    void plan(key_option<Text>, Parts const& parts, Owner const& caller, A const&... arguments) {
        text = rendered<Text>(parts, caller, arguments...);
    }
    evicted carry_out(key_option<Text>, space& in) { return in.evict_text(text); }
};

template <fixed_string Text>
struct eviction<pattern_target<Text>> : eviction_by_text {
    std::string glob;

    template <class Parts, class Owner, class... A>
    void plan(pattern_target<Text>, Parts const& parts, Owner const& caller, A const&... arguments) {
        glob = rendered<Text>(parts, caller, arguments...);
    }
    evicted carry_out(pattern_target<Text>, space& in) { return in.evict_pattern(glob); }
};

template <fixed_string... Texts>
struct eviction<tags_option<Texts...>> : eviction_by_text {
    static constexpr std::size_t steps = sizeof...(Texts);

    std::vector<std::string> tags;

    template <class Parts, class Owner, class... A>
    void plan(tags_option<Texts...>, Parts const& parts, Owner const& caller, A const&... arguments) {
        (tags.push_back(rendered<Texts>(parts, caller, arguments...)), ...);
    }
    evicted carry_out(tags_option<Texts...>, space& in) {
        evicted sum;
        for (auto const& tag : tags)
            sum += in.evict_tag(tag);
        return sum;
    }
};

}  // namespace memo::detail
