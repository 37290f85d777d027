#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/call/flight.hpp>
#include <memo/call/holding.hpp>
#include <memo/call/judgement.hpp>
#include <memo/call/keeper.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/parameters.hpp>
#include <memo/call/recipe.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/space.hpp>
#include <memo/store/concept.hpp>

#include <chrono>
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

/// One memoized callable: its options, its store, its runs in flight and its account. Wrappers share it.
///
/// A call is: the key is written, the store is asked, and on a miss the lease is either joined or led; a leader runs the
/// function with no lock held, stores while its lease stands, and lands the flight. Whatever fails on the way but the
/// function itself is counted, and the call just runs.
template <class F, class Signature, class Options, class Object, class Store>
class memoized;

template <class F, class R, class... P, class Options, class Object, result_store Store>
class memoized<F, R(P...), Options, Object, Store> final
    : public keeper<types<P...>, Options, Object, Store>,
      public std::enable_shared_from_this<memoized<F, R(P...), Options, Object, Store>> {
    using base = keeper<types<P...>, Options, Object, Store>;
    using kind = option_kind;
    template <kind Kind>
    static constexpr bool has = Options::template has<Kind>;

public:
    using value = std::remove_cvref_t<R>;
    static constexpr bool shares = has<kind::shared>;
    using results = holding<value, shares>;
    using typename base::held;
    using typename base::owner;
    using base::write;
    using result = typename results::given;
    static_assert(std::same_as<held, typename results::held>);

    memoized(F f, Options options, std::shared_ptr<space> in, std::string_view callable)
        : base{std::move(options), std::move(in), callable}, f_{std::move(f)} {}

    result call(owner const& self, argument_t<P>... arguments) {
        for (;;) {
            lookup<held> found = look(self, arguments...);
            if (found.mine != nullptr)
                return lead(*found.mine, self, arguments...);
            if (found.joined != nullptr) {
                found.hit = found.joined->result();
                if (!found.hit)
                    continue;
            }
            if (found.hit) {
                try {
                    return results::give(*found.hit);
                } catch (...) {
                    ledger_.fail({}, std::current_exception());
                }
            }
            return plain(self, arguments...);
        }
    }

    /// A run, if nothing is stored.
    void warm(owner const& self, argument_t<P>... arguments) {
        bool stored = false;
        try {
            stored = base::peek(self, arguments...).has_value();
        } catch (...) {
            ledger_.fail({}, std::current_exception());
        }
        if (!stored)
            static_cast<void>(call(self, arguments...));
    }

    /// Runs whatever is stored; what runs or is set later wins over it, what began before does not.
    result refresh(owner const& self, argument_t<P>... arguments) {
        auto const mine = open(self, arguments...);
        return mine == nullptr ? plain(self, arguments...) : lead(*mine, self, arguments...);
    }

    result plain(owner const& self, argument_t<P>... arguments) {
        if constexpr (shares)
            return std::make_shared<value const>(run(self, arguments...));
        else
            return run(self, arguments...);
    }

    /// `Given` is a value, or a pointer to one where results are shared.
    ///
    /// Throws: value_error for a null pointer.
    template <class Given>
    void set(Given&& given, owner const& self, argument_t<P>... arguments) {
        if constexpr (shares && std::same_as<std::remove_cvref_t<Given>, held>)
            if (given == nullptr)
                throw value_error{"memo(" + ledger_.who().shown +
                                  "): set was given a null pointer, which is no result; give a result, or evict"};
        written_key key;
        bool written = false;
        try {
            if (!wanted(self, arguments...))
                return;
            write(key, self, arguments...);
            written = true;
            auto const kept = results::hold(std::forward<Given>(given));
            auto on = judge(kept, settings_.clock.now(), {}, key.view.place, remember(arguments...));
            base::set(key.view, tags(self, arguments...), kept, std::move(on), results::owned(kept));
        } catch (...) {
            ledger_.fail(key.view, std::current_exception());
            if (written)
                base::outdate(key.view);
        }
    }

private:
    static constexpr bool joins = [] {
        if constexpr (has<kind::coalescing>)
            return Options::template type<kind::coalescing>::shares;
        else
            return true;
    }();

    value run(owner const& self, argument_t<P>... arguments) {
        if constexpr (wants_self<F>)
            return f_.run(this->shared_from_this(), give<P>(arguments)...);
        else if constexpr (base::is_method)
            return std::invoke(f_, self.object, give<P>(arguments)...);
        else
            return std::invoke(f_, give<P>(arguments)...);
    }

    lookup<held> look(owner const& self, argument_t<P>... arguments) {
        written_key key;
        try {
            if (!wanted(self, arguments...))
                return {};
            write(key, self, arguments...);
            auto const asked = base::now();
            if (auto hit = base::get(key.view, asked))
                return {std::move(hit), nullptr, nullptr};
            return base::begin(key.view, tags(self, arguments...), asked, joins);
        } catch (...) {
            ledger_.fail(key.view, std::current_exception());
            return {};
        }
    }

    std::shared_ptr<flight<held>> open(owner const& self, argument_t<P>... arguments) {
        written_key key;
        try {
            if (!wanted(self, arguments...))
                return nullptr;
            write(key, self, arguments...);
            return base::open(key.view, tags(self, arguments...), joins);
        } catch (...) {
            ledger_.fail(key.view, std::current_exception());
            return nullptr;
        }
    }

    /// Lands the flight when the leader leaves without having done so.
    struct landing {
        memoized& of;
        flight<held>& mine;
        bool landed = false;
        ~landing() {
            if (!landed)
                of.give_up(mine);
        }
    };

    result lead(flight<held>& mine, owner const& self, argument_t<P>... arguments) {
        landing end{*this, mine};
        duration created{};
        std::optional<decltype(remember(arguments...))> seen;
        try {
            created = settings_.clock.now();
            seen.emplace(remember(arguments...));
        } catch (...) {
            ledger_.fail(mine.key(), std::current_exception());
        }
        auto const begun = std::chrono::steady_clock::now();
        auto const took = [&] { return duration{std::chrono::steady_clock::now() - begun}; };
        auto const run_once = [&]() -> value {
            try {
                return run(self, arguments...);
            } catch (...) {
                base::fail(mine, took());
                throw;
            }
        };
        if constexpr (shares) {
            auto made = std::make_shared<value const>(run_once());
            finish(end, made, created, took(), seen);
            return made;
        } else {
            value made = run_once();
            try {
                finish(end, results::hold(std::as_const(made)), created, took(), seen);
            } catch (...) {
                ledger_.count_run(took());
                ledger_.fail(mine.key(), std::current_exception());
            }
            return made;
        }
    }

    /// The listeners hear of it when the flight has landed, so that they may make the same call.
    template <class Seen>
    void finish(landing& end, held const& kept, duration created, duration took, Seen const& seen) noexcept {
        ledger_.count_run(took);
        bool stored = false;
        std::exception_ptr failure;
        try {
            if (seen)
                stored = base::commit(end.mine, kept, judge(kept, created, took, end.mine.place, *seen), results::owned(kept));
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
            return judgement<Options>::pass(options_, settings_, results::inside(kept), chance, arguments...);
        };
        std::optional<terms> on;
        if constexpr (std::tuple_size_v<Seen> == 0)
            on = pass();
        else
            on = std::apply([&](auto const&... before) { return pass(seen_again<seen_as<argument_t<P>>>(before)...); }, seen);
        if (on) {
            on->created = created;
            on->cost = cost;
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
    using remembered = std::conditional_t<std::is_copy_constructible_v<seen_as<A>>, kept_argument<seen_as<A>>, seen_as<A> const&>;

    using base::ledger_;
    using base::options_;
    using base::settings_;
    using base::tags;
    using base::wanted;

    F f_;
};

}  // namespace memo::detail
