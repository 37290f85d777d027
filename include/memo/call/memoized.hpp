#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/key_view.hpp>
#include <memo/call/background.hpp>
#include <memo/call/flight.hpp>
#include <memo/call/freshness.hpp>
#include <memo/call/leader.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/parameters.hpp>
#include <memo/call/recipe.hpp>
#include <memo/call/signature.hpp>
#include <memo/store/concept.hpp>

#include <concepts>
#include <exception>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// One memoized callable: its options, its store, its runs in flight and its account. Wrappers share it.
///
/// A call is: the key is written, the store is asked, and on a miss the lease is either joined or led; a leader runs the
/// function with no lock held, stores while its lease stands, and lands the flight. Whatever fails on the way but the
/// function itself is counted, and the call just runs.
///
/// What is fresh is copied where it stands, in stores that let it be seen there, without a lock. With options of freshness the
/// store is asked for what is stale, too, and `freshness` says whether it answers, and how it is renewed.
template <class F, class Signature, class Options, class Object, class Store>
class memoized;

template <class F, class R, class... P, class Options, class Object, result_store Store>
class memoized<F, R(P...), Options, Object, Store> final : public leader<F, R(P...), Options, Object, Store> {
    using base = leader<F, R(P...), Options, Object, Store>;
    using kind = option_kind;
    template <kind Kind>
    static constexpr bool has = Options::template has<Kind>;

public:
    using typename base::held;
    using typename base::owner;
    using typename base::result;
    using typename base::results;
    using base::base;
    using base::write;

    result call(owner const& self, argument_t<P>... arguments) {
        if constexpr (base::looks_first) {
            if (!base::may_look(self)) [[unlikely]]
                return glance_apart(self, arguments...);
            if constexpr (at_hand)
                return take(self, arguments...);
            else
                return see([this](auto const& key) __attribute__((always_inline)) { return this->timeless_sight(key); }, self, arguments...);
        } else {
            return glance(self, arguments...);
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
        return mine == nullptr ? base::plain(self, arguments...) : base::lead(*mine, purpose::renewal, self, arguments...);
    }

    /// `Given` is a value, or a pointer to one where results are shared.
    ///
    /// Throws: value_error for a null pointer.
    template <class Given>
    void set(Given&& given, owner const& self, argument_t<P>... arguments) {
        if constexpr (base::shares && std::same_as<std::remove_cvref_t<Given>, held>)
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
            auto on = base::judge(kept, settings_.clock.now(), {}, key.view.place, base::remember(arguments...));
            base::set(key.view, tags(self, arguments...), kept, std::move(on), results::owned(kept));
        } catch (...) {
            pass_faults_on();
            ledger_.fail(key.view, std::current_exception());
            if (written)
                base::outdate(key.view);
        }
    }

private:
    enum class look_for { anything, a_run };
    /// Who looks for a run finds a result as well, where `begin` reads.
    look_for after_a_glance() const noexcept { return base::begin_reads() ? look_for::a_run : look_for::anything; }

    /// A hit that calls no function; for all else another one takes over, so that this one has nothing to save.
    [[gnu::always_inline]] result take(owner const& self, argument_t<P>... arguments) {
        short_key key;
        try {
            key = recipe<Options>::sought(options_, self, arguments...);
        } catch (...) {
            ledger_.fail({}, std::current_exception());
            return base::plain(self, arguments...);
        }
        auto const lost = [&](bool unsure) __attribute__((always_inline)) {
            return unsure ? look_closer(self, arguments...) : ask(after_a_glance(), self, arguments...);
        };
        return this->store_.glance(key, [](auto const& seen) __attribute__((always_inline)) { return results::give(*seen); }, lost);
    }
    [[gnu::noinline]] result look_closer(owner const& self, argument_t<P>... arguments) {
        return see([this](auto const& key) { return this->store_.look_closer(key); }, self, arguments...);
    }

    /// What calls more functions than a hit should save registers for.
    [[gnu::noinline]] result glance_apart(owner const& self, argument_t<P>... arguments) { return glance(self, arguments...); }

    /// Whatever the options are.
    [[gnu::always_inline]] result glance(owner const& self, argument_t<P>... arguments) {
        if (!wants(self, arguments...))
            return base::plain(self, arguments...);
        if constexpr (base::glancing && loose)
            if (base::glances())
                return see([this](auto const& key) __attribute__((always_inline)) { return this->sight(key); }, self, arguments...);
        return ask(look_for::anything, self, arguments...);
    }

    /// A hit that `sight` shows by a key that is not written, or on with one that is.
    template <class Sight>
    [[gnu::always_inline]] result see(Sight const& sight, owner const& self, argument_t<P>... arguments) {
        try {
            if (auto const seen = sight(recipe<Options>::sought(options_, self, arguments...)))
                return results::give(*seen);
        } catch (...) {
            ledger_.fail({}, std::current_exception());
            return base::plain(self, arguments...);
        }
        return ask(after_a_glance(), self, arguments...);
    }

    result answer(held const& known, owner const& self, argument_t<P>... arguments) {
        if (auto const error = results::error(known))
            return throw_again(error);
        try {
            return results::give(known);
        } catch (...) {
            ledger_.fail({}, std::current_exception());
        }
        return base::plain(self, arguments...);
    }

    /// What fails on the way is counted, and then the call just runs.
    bool wants(owner const& self, argument_t<P>... arguments) {
        try {
            return wanted(self, arguments...);
        } catch (...) {
            pass_faults_on();
            ledger_.fail({}, std::current_exception());
            return false;
        }
    }

    /// With the key written out, since its parts were not enough.
    [[gnu::noinline]] result ask(look_for next, owner const& self, argument_t<P>... arguments) {
        written_key key;
        try {
            write(key, self, arguments...);
            if constexpr (base::glancing && !loose)
                if (base::glances()) {
                    if (auto const seen = base::sight(key.view))
                        return results::give(*seen);
                    next = after_a_glance();
                }
        } catch (...) {
            pass_faults_on();
            ledger_.fail(key.view, std::current_exception());
            return base::plain(self, arguments...);
        }
        return settle(key.view, next, self, arguments...);
    }

    /// No hit so far: the call leads, or waits, or just runs.
    [[gnu::noinline]] result settle(key_view const& key, look_for next, owner const& self, argument_t<P>... arguments) {
        auto found = look(key, next, self, joins, arguments...);
        for (unsigned waits = 0; !found.hit;
             found = look(key, look_for::anything, self, joins && waits < most_waits, arguments...)) {
            if (found.mine != nullptr)
                return found.fallback ? attempt(found, self, arguments...)
                                      : base::lead(*found.mine, purpose::answer, self, arguments...);
            if (found.joined == nullptr)
                return base::plain(self, arguments...);
            if (found.joined->wait(settings_.wait) == arrival::timed_out) {
                base::leave(*found.joined);
                ++waits;
            } else if (auto const& thrown = found.joined->error()) {
                return found.fallback ? fall_back(found, thrown) : throw_again(thrown);
            } else if (auto const& landed = found.joined->result()) {
                return answer(*landed, self, arguments...);
            }
        }
        return answer(*found.hit, self, arguments...);
    }

    /// A call that has waited in vain so often runs alone.
    static constexpr unsigned most_waits = 2;
    static constexpr bool at_hand = requires { requires Store::has_copies; };  // beside short keys
    /// Whether it can be seen by a key that is not written.
    static constexpr bool loose = recipe<Options>::template loose<owner, std::remove_reference_t<argument_t<P>>...>;
    static constexpr bool joins = [] {
        if constexpr (has<kind::coalescing>)
            return Options::template type<kind::coalescing>::shares;
        else
            return true;
    }();

    /// What is being handled unwinds a cancelled thread, which nobody may stop, and is no exception of C++.
    static bool is_cancellation() noexcept { return std::current_exception() == nullptr; }

    [[noreturn]] static result throw_again(std::exception_ptr const& error) { std::rethrow_exception(error); }

    lookup<held> look(key_view const& key, look_for what, owner const& self, bool joining, argument_t<P>... arguments) {
        try {
            auto const asked = base::now();
            std::optional<known<held>> old;
            if constexpr (base::ages) {
                old = base::recall(key, asked);
                if (old && old->age.renews != renewal::in_call)
                    return {.hit = answer_at_once(key, *old, self, arguments...)};
                if (old && !old->age.stale)
                    return early(key, *old, self, arguments...);
            } else if (what == look_for::anything) {
                if (auto hit = base::get(key, asked))
                    return {.hit = std::move(hit)};
            }
            auto found = base::begin(key, tags(self, arguments...), asked, joining);
            if (old) {
                if (found.mine != nullptr)
                    found.mine->failures = old->failures;
                found.fallback = std::move(old);
            }
            return found;
        } catch (...) {
            pass_faults_on();
            ledger_.fail(key, std::current_exception());
            return {};
        }
    }

    /// Faults of the store, one of which may be being handled, are the caller's where the options say so.
    void pass_faults_on() const {
        if constexpr (has<kind::on_store_error>)
            try {
                throw;
            } catch (connection_error const&) {
                if (settings_.plan.rethrows)
                    throw;
            } catch (...) {
            }
    }

    /// With what is known, fresh or stale; a refresh may follow behind.
    held answer_at_once(key_view const& key, known<held>& old, owner const& self, argument_t<P>... arguments) {
        base::answered(key, old.age.stale);
        if constexpr (base::runs_in_background)
            if (old.age.renews == renewal::background && !base::background_.closed())
                try {
                    send(key, old.failures, self, arguments...);
                } catch (...) {
                    ledger_.fail(key, std::current_exception());
                }
        return std::move(old.result);
    }

    /// What is known is fresh; the call runs all the same, unless a run is in flight.
    lookup<held> early(key_view const& key, known<held>& old, owner const& self, argument_t<P>... arguments) {
        auto mine = base::renew(key, tags(self, arguments...), joins, old.failures);
        base::answered(key, false);
        if (mine == nullptr || !mine->claim())
            return {.hit = std::move(old.result)};
        base::refreshing(key);
        return {.mine = std::move(mine), .fallback = std::move(old)};
    }

    /// A refresh that waits for the executor. One that never runs leaves whoever waits for it to ask again.
    struct errand {
        std::shared_ptr<memoized> of;
        std::shared_ptr<flight<held>> mine;
        std::tuple<kept_argument<P>...> kept;

        errand(std::shared_ptr<memoized> whose, std::shared_ptr<flight<held>> run, argument_t<P>... arguments)
            : of{std::move(whose)}, mine{std::move(run)}, kept{look_at(arguments)...} {}
        errand(errand const&) = delete;
        errand& operator=(errand const&) = delete;
        ~errand() {
            if (mine->take())
                of->give_up(*mine);
        }

        void run() {
            background::shift const on{of->background_};
            if (!on.begun() || !mine->standing() || !mine->claim())
                return;
            of->refreshing(mine->key());
            auto const lead = [&](parameter_t<P>... arguments) { of->lead(*mine, purpose::errand, owner{}, arguments...); };
            std::apply([&](auto&... one) { lead(static_cast<parameter_t<P>>(one)...); }, kept);
        }
    };

    void send(key_view const& key, unsigned failures, owner const& self, argument_t<P>... arguments) {
        auto mine = base::renew(key, tags(self, arguments...), joins, failures);
        if (mine == nullptr)
            return;
        std::shared_ptr<errand> task;
        try {
            task = std::make_shared<errand>(this->shared_from_this(), mine, arguments...);
        } catch (...) {
            base::give_up(*mine);
            throw;
        }
        base::background_.execute([task = std::move(task)] {
            try {
                task->run();
            } catch (...) {
                if (is_cancellation())
                    throw;
            }
        });
    }

    /// Leads; when the run throws, the fallback is the answer.
    result attempt(lookup<held>& found, owner const& self, argument_t<P>... arguments) {
        try {
            return base::lead(*found.mine, purpose::renewal, self, arguments...);
        } catch (...) {
            if (is_cancellation())
                throw;
            return fall_back(found, std::current_exception());
        }
    }

    /// A run that took too long for the fallback leaves nothing to answer with.
    result fall_back(lookup<held> const& found, std::exception_ptr const& thrown) {
        auto const& old = *found.fallback;
        auto const key = (found.mine != nullptr ? found.mine : found.joined)->key();
        if (auto const error = results::error(old.result))
            return throw_again(error);
        try {
            if (auto const now = settings_.clock.now(); now < old.answers_until) {
                result given = results::give(old.result);
                if (old.age.stale || now >= old.fresh_until)
                    base::answered(key, true);
                return given;
            }
        } catch (...) {
            ledger_.fail(key, std::current_exception());
        }
        return throw_again(thrown);
    }

    std::shared_ptr<flight<held>> open(owner const& self, argument_t<P>... arguments) {
        written_key key;
        try {
            if (!wanted(self, arguments...))
                return nullptr;
            write(key, self, arguments...);
            auto const failures = base::ages ? base::failures_of(key.view) : 0;
            return base::open(key.view, tags(self, arguments...), joins, failures);
        } catch (...) {
            pass_faults_on();
            ledger_.fail(key.view, std::current_exception());
            return nullptr;
        }
    }

    using base::ledger_;
    using base::options_;
    using base::settings_;
    using base::tags;
    using base::wanted;
};

}  // namespace memo::detail
