#pragma once

#include <memo/base/clock.hpp>
#include <memo/call/background.hpp>
#include <memo/call/flight.hpp>
#include <memo/call/holding.hpp>
#include <memo/call/judgement.hpp>
#include <memo/call/keeper.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/parameters.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/space.hpp>
#include <memo/store/concept.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// A callable that wants the wrapper itself as its first argument: `memo::recursive`.
template <class F>
concept wants_self = requires { typename F::wants_self; };

/// What a run is for.
enum class purpose {
    answer,   ///< of a call
    renewal,  ///< of what may be stored, which stays when the run fails
    errand,   ///< of nobody: it runs in the background
};

template <class F, class Signature, class Options, class Object, class Store>
class memoized;

/// A callable with what a wrapper keeps beside it, and its runs: the function runs with no lock held, its result is judged by the
/// options and stored while the lease stands, and the flight lands. Whatever fails on the way but the function itself is counted.
template <class F, class Signature, class Options, class Object, class Store>
class leader;

template <class F, class R, class... P, class Options, class Object, result_store Store>
class leader<F, R(P...), Options, Object, Store>
    : public keeper<types<P...>, Options, Object, Store>,
      public std::enable_shared_from_this<memoized<F, R(P...), Options, Object, Store>> {
    using base = keeper<types<P...>, Options, Object, Store>;
    using kind = option_kind;
    template <kind Kind>
    static constexpr bool has = Options::template has<Kind>;

public:
    using value = std::remove_cvref_t<R>;
    static constexpr bool shares = has<kind::shared>;
    using results = holding<value, shares, has<kind::cache_errors>>;
    using typename base::held;
    using typename base::owner;
    using result = typename results::given;
    static_assert(std::same_as<held, typename results::held>);

    leader(F f, Options options, std::shared_ptr<space> in, std::string_view callable)
        : base{std::move(options), std::move(in), callable}, f_{std::move(f)} {}

    /// A run that touches nothing.
    result plain(owner const& self, argument_t<P>... arguments) {
        if constexpr (shares)
            return std::make_shared<value const>(run(self, arguments...));
        else
            return run(self, arguments...);
    }

protected:
    using base::ledger_;
    using base::options_;
    using base::settings_;

    /// Lands the flight when the leader leaves without having done so.
    struct landing {
        leader& of;
        flight<held>& mine;
        bool landed = false;
        ~landing() {
            if (!landed)
                of.give_up(mine);
        }
    };

    result lead(flight<held>& mine, purpose what, owner const& self, argument_t<P>... arguments) {
        landing end{*this, mine};
        duration created{};
        std::optional<decltype(remember(arguments...))> seen;
        try {
            created = settings_.clock.now();
            seen.emplace(remember(arguments...));
        } catch (...) {
            ledger_.fail(mine.key(), std::current_exception());
        }
        auto const begun = settings_.clock.is_steady() && seen ? created : real_time();
        auto const took = [&] { return real_time() - begun; };
        auto const is_unheard = [&] { return what == purpose::errand && base::background_.closed(); };
        auto const run_once = [&]() -> value {
            try {
                return run(self, arguments...);
            } catch (...) {
                if (!is_unheard())
                    fail(mine, what, created, took(), seen.has_value());
                throw;
            }
        };
        if constexpr (shares) {
            auto made = std::make_shared<value const>(run_once());
            if (!is_unheard())
                finish(end, what, results::hold(made), created, took(), seen);
            return made;
        } else {
            value made = run_once();
            if (is_unheard())
                return made;
            try {
                finish(end, what, results::hold(std::as_const(made)), created, took(), seen);
            } catch (...) {
                ledger_.count_run(took());
                ledger_.fail(mine.key(), std::current_exception());
            }
            return made;
        }
    }

    /// What the function throws is being handled.
    void fail(flight<held>& mine, purpose what, duration created, duration took, bool whole) noexcept {
        if constexpr (has<kind::cache_errors>)
            if (what == purpose::answer && whole &&
                is_remembered(std::current_exception(), options_.template get<kind::cache_errors>()))
                return base::remember(mine, held{std::nullopt, std::current_exception()}, created, took);
        base::fail(mine, took, what != purpose::answer);
    }

    template <class Lifetime, class... Errors>
    static bool is_remembered(std::exception_ptr const& thrown, cache_errors_option<Lifetime, Errors...> const&) noexcept {
        return (is_a<Errors>(thrown) || ...);
    }
    template <class Error>
    static bool is_a(std::exception_ptr const& thrown) noexcept {
        try {
            std::rethrow_exception(thrown);
        } catch (Error const&) {
            return true;
        } catch (...) {
            return false;
        }
    }

    /// The listeners hear of it when the flight has landed, so that they may make the same call.
    template <class Seen>
    void finish(landing& end, purpose what, held const& kept, duration created, duration took, Seen const& seen) noexcept {
        ledger_.count_run(took);
        bool stored = false;
        std::exception_ptr failure;
        try {
            auto on = seen ? judge(kept, created, took, end.mine.place, *seen) : std::nullopt;
            if (!on && what != purpose::answer)
                base::postpone(end.mine);
            stored = base::commit(end.mine, kept, std::move(on), results::owned(kept));
        } catch (...) {
            failure = std::current_exception();
        }
        base::land(end.mine, kept);
        end.landed = true;
        if (failure != nullptr)
            ledger_.fail(end.mine.key(), failure, took);
        else if (seen)
            base::record(end.mine.key(), took, stored);
    }

    template <class Seen>
    std::optional<terms> judge(held const& kept, duration created, duration cost, std::uint64_t place, Seen const& seen) {
        auto const pass = [&](auto const&... arguments) {
            auto const chance = place ^ static_cast<std::uint64_t>(created.count());
            auto const made = [&]() -> decltype(auto) { return results::inside(kept); };
            return judgement<Options>::pass(options_, settings_, made, chance, arguments...);
        };
        auto on = [&] {
            if constexpr (std::tuple_size_v<Seen> == 0)
                return pass();
            else
                return std::apply([&](auto const&... before) { return pass(seen_again<seen_as<argument_t<P>>>(before)...); }, seen);
        }();
        if (on) {
            on->created = created;
            on->cost = has<kind::early_expiration> || has<kind::policy> ? std::max(cost, settings_.clock.now() - created) : cost;
        }
        return on;
    }

    /// The arguments as they are before the run, text that is only viewed copied too, where an option sees them after it.
    static auto remember(argument_t<P>... arguments) {
        if constexpr (judgement<Options>::template sees_arguments<value>)
            return std::tuple<remembered<argument_t<P>>...>{look_at(arguments)...};
        else
            return std::tuple<>{};
    }
    template <class A>
    using seen_as = std::remove_cvref_t<decltype(look_at(std::declval<A>()))>;
    template <class A>
    using remembered = std::conditional_t<copyable<seen_as<A>>, kept_argument<seen_as<A>>, seen_as<A> const&>;

private:
    value run(owner const& self, argument_t<P>... arguments) {
        if constexpr (wants_self<F>)
            return f_.run(this->shared_from_this(), give<P>(arguments)...);
        else if constexpr (base::is_method)
            return std::invoke(f_, self.object, give<P>(arguments)...);
        else
            return std::invoke(f_, give<P>(arguments)...);
    }

    F f_;
};

}  // namespace memo::detail
