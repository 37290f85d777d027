#pragma once

#include <memo/base/cache_key.hpp>
#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/size_explanation.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/anchor.hpp>
#include <memo/call/explanation.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/parameters.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/warming.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace memo::detail {

/// The verbs of a wrapper with its parameters spelled out, so that arguments convert as they do for the function itself.
/// `Objects` is the object that a method is called on, in front of its parameters, and nothing where there is none or it is
/// bound. `Self` has the state, and says whose call it is.
///
/// Threads: any.
template <class Self, class State, class Signature, class Objects, bool Const>
class face;

template <class Self, class State, class R, class... P, class... O, bool Const>
class face<Self, State, R(P...), types<O...>, Const> {
    using value = typename State::value;
    using result = typename State::result;

public:
    using state_type = State;
    static constexpr bool is_memo_wrapper = true;
    static constexpr bool stores_results = true;
    using memo_signature = R(P...);
    using memo_object = typename State::object_type;

    /// A stored result, or one run.
    result operator()(O&... object, parameter_t<P>... arguments) const
        requires Const
    {
        return state().call(owner(object...), arguments...);
    }
    result operator()(O&... object, parameter_t<P>... arguments)
        requires(!Const)
    {
        return state().call(owner(object...), arguments...);
    }

    /// The stored result while it is fresh, never a run; a null pointer stands for none with `memo::shared`.
    typename State::results::looked peek(O&... object, parameter_t<P>... arguments) const {
        return State::results::look(state().peek(owner(object...), arguments...));
    }

    bool contains(O&... object, parameter_t<P>... arguments) const {
        auto const found = state().peek(owner(object...), arguments...);
        return found && State::results::error(*found) == nullptr;
    }

    /// Stores a result for these arguments; it wins over runs that began before.
    void set(value given, O&... object, parameter_t<P>... arguments) const {
        state().set(std::move(given), owner(object...), arguments...);
    }
    /// Throws: value_error for a null pointer.
    void set(std::shared_ptr<value const> given, O&... object, parameter_t<P>... arguments) const
        requires State::shares
    {
        state().set(std::move(given), owner(object...), arguments...);
    }

    /// Runs now, stores, and returns the new result.
    result refresh(O&... object, parameter_t<P>... arguments) const {
        return state().refresh(owner(object...), arguments...);
    }

    /// Runs and touches nothing.
    result uncached(O&... object, parameter_t<P>... arguments) const {
        return state().plain(owner(object...), arguments...);
    }

    /// Forgets one entry. Confirmed: no call that starts later gets a value whose computation started before.
    evicted evict(O&... object, parameter_t<P>... arguments) const { return state().evict(owner(object...), arguments...); }

    /// Forgets everything this wrapper stored, nobody else's.
    evicted clear() const { return state().clear(); }

    /// Restarts the lifetime. Returns: whether there was a fresh entry.
    template <time_span Span>
    bool touch(Span ttl, O&... object, parameter_t<P>... arguments) const {
        return state().touch(saturate(ttl), owner(object...), arguments...);
    }

    /// What remains of the lifetime; `duration::max()` for one that lives forever; nothing when there is no fresh entry.
    std::optional<duration> ttl(O&... object, parameter_t<P>... arguments) const {
        return state().ttl(owner(object...), arguments...);
    }

    cache_key key(O&... object, parameter_t<P>... arguments) const { return state().key(owner(object...), arguments...); }

    /// Runs for every argument tuple (or single argument) of `range` that is not stored; `progress(done, total)` after each, in this
    /// thread. With `{.parallelism = n}` the executor lends up to n - 1 threads more; those that it refuses are done without.
    ///
    /// Throws: what a run throws first; what was stored before it stays.
    template <class Range, std::invocable<std::size_t, std::size_t> Progress>
    void warm(O&... object, Range&& range, Progress progress, warm_options how = {}) const {
        using iterator = decltype(std::begin(range));
        if constexpr (std::forward_iterator<iterator>) {
            auto const fill = [&](auto const& one) { warm_one(object..., one); };
            std::size_t total = 0;
            for (auto at = std::begin(range); at != std::end(range); ++at)
                ++total;
            using crew = warming<iterator, decltype(std::end(range)), decltype(fill)>;
            if (auto const all = how.parallelism > 1 ? made_crew<crew>(std::begin(range), std::end(range), total, fill) : nullptr) {
                state().call_for_aid(std::min(how.parallelism, total), [all] { all->aid(); });
                all->lead(progress);
            } else {
                crew{std::begin(range), std::end(range), total, fill}.lead(progress);
            }
        } else {
            std::vector<std::iter_value_t<iterator>> all;
            for (auto&& one : range)
                all.push_back(std::forward<decltype(one)>(one));
            warm(object..., all, std::move(progress), how);
        }
    }
    template <class Range>
    void warm(O&... object, Range&& range, warm_options how = {}) const {
        warm(object..., std::forward<Range>(range), [](std::size_t, std::size_t) {}, how);
    }

    /// What is known of this call's entry, or why there is none; printable.
    explanation explain(O&... object, parameter_t<P>... arguments) const {
        return state().explain(owner(object...), arguments...);
    }

    /// What the size is worth: hit ratio and seconds saved from an eighth of the present size to eight times as much, and the
    /// sentence that they come to; printable. Nothing is watched before the first call, which only begins to; some thousand
    /// calls later it knows.
    ///
    /// Cost: from the first call on 1 to 2 ns a call on the mean, and up to 600 kB.
    size_explanation explain_size() const { return state().explain_size(); }

    memo::stats stats() const { return state().statistics(); }
    /// Entries held, expired ones that nobody has asked for included.
    std::size_t size() const { return state().size(); }
    /// Bytes held: keys, values and overhead.
    std::size_t memory_usage() const { return state().statistics().bytes; }

private:
    State& state() const { return static_cast<Self const*>(this)->state_of_cache(); }
    auto owner(O&... object) const { return static_cast<Self const*>(this)->owner_of_call(object...); }

    /// Null when there is no memory for it.
    template <class Crew, class... A>
    static std::shared_ptr<Crew> made_crew(A&&... parts) noexcept {
        try {
            return std::make_shared<Crew>(std::forward<A>(parts)...);
        } catch (std::bad_alloc const&) {
            return nullptr;
        }
    }

    template <class One>
    void warm_one(O&... object, One const& one) const {
        auto const fill = [&](parameter_t<P>... arguments) { state().warm(owner(object...), arguments...); };
        if constexpr (std::invocable<decltype(fill) const&, One const&>)
            fill(one);
        else
            std::apply(fill, one);
    }
};

/// A wrapper: a shared handle with the verbs of `Face`.
template <template <class, class, class, class, bool> class Face, class State, class Signature, class Objects, bool Const>
class handle : public Face<handle<Face, State, Signature, Objects, Const>, State, Signature, Objects, Const> {
public:
    /// What the copies of the wrapper share, for memo's other wrappers.
    std::shared_ptr<State> const& inside() const noexcept { return state_.state(); }

    State& state_of_cache() const noexcept { return *inside(); }
    no_object owner_of_call() const noexcept { return {}; }
    template <class Object>
    object_ref<Object> owner_of_call(Object& object) const {
        return {object, inside()->number_of(object)};
    }

protected:
    explicit handle(std::shared_ptr<State> state) noexcept : state_{std::move(state)} {}
    explicit handle(made<State> fresh) noexcept : state_{std::move(fresh.state)} { state_.settle(); }

private:
    anchor<State> state_;
};

}  // namespace memo::detail
