#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/anchor.hpp>
#include <memo/call/background.hpp>
#include <memo/call/flight.hpp>
#include <memo/call/freshness.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/ledger.hpp>
#include <memo/call/lookup.hpp>
#include <memo/call/settings.hpp>
#include <memo/call/space.hpp>
#include <memo/store/concept.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// Where the results of one wrapper live, with their account: everything about a call that knows keys and results, and
/// neither arguments nor functions. One type for all wrappers with the same kind of result.
template <result_store Store>
class residence : public resident, private store_watcher {
public:
    using held = typename Store::value_type;

    residence(settings const& said, std::shared_ptr<space> in, event_listener own, bool counts)
        : fence{in->fence, said.plan.bytes ? &said.plan.bytes->fence() : nullptr}, settings_{said}, ledger_{std::move(in), said.who, std::move(own), counts},
          store_{said.plan, static_cast<store_watcher*>(this)}, timed_{said.timed()},
          direct_{said.enabled && !timed_ && !ledger_.has_listener()}, background_{said.executor, said.shutdown} {}

    exit_watch exits;
    fences fence;

    evicted evict(key_view const& key) { return store_.erase(key); }
    evicted evict_object(std::uint64_t number) { return store_.erase_group(object_group(number)); }
    evicted clear() { return fence.own.raised_for([&] { return store_.erase_all(reach::everywhere); }); }

    std::size_t size() const { return store_.size(); }
    bool validate() const { return store_.validate(); }
    instances& objects() noexcept { return objects_; }

    /// Asks the executor to run `work` so often, less once, in other threads; a refusal is counted.
    template <class Work>
    void call_for_aid(std::size_t crew, Work const& work) noexcept {
        try {
            for (std::size_t asked = 1; asked < crew; ++asked)
                background_.execute(work);
        } catch (...) {
            ledger_.fail({}, std::current_exception());
        }
    }

    std::string_view shown_name() const noexcept override { return ledger_.who().shown; }
    evicted evict_text(std::string_view text) override {
        return settings_.plan.readable ? store_.erase_text(place_of(text), text, reach::here) : evicted{};
    }
    evicted evict_pattern(std::string_view glob) override {
        return settings_.plan.readable ? store_.erase_pattern(glob, reach::here) : evicted{};
    }
    evicted evict_tag(std::string_view tag) override { return store_.erase_tag(tag, reach::here); }
    evicted evict_all() override { return store_.erase_all(reach::here); }
    void stop() noexcept override { background_.close(); }

    memo::stats statistics() const override {
        memo::stats sum;
        store_.count_into(sum);
        if (!ledger_.counts())
            return {.items = sum.items, .bytes = sum.bytes};
        ledger_.count_into(sum);
        return sum;
    }

protected:
    ~residence() override = default;

    /// Zero while nothing that is held can expire: then nobody reads a clock.
    duration now() const { return timed() ? settings_.clock.now() : duration{}; }

    /// Whether the store lets a result be seen where it stands.
    static constexpr bool has_sight = requires(Store& store, key_view const& key, duration asked) { store.look(key, asked); };

    /// Whether `begin` finds what a look without a lock does not, at the price of a read under the lock.
    bool begin_reads() const noexcept { return begins_by_reading && settings_.idle == duration::max(); }
    static constexpr bool begins_by_reading = requires { requires Store::begin_reads; };

    /// What can be had at once.
    [[gnu::always_inline]] std::optional<held> get(key_view const& key, duration asked) {
        auto found = sampled(asked, [&]() -> std::optional<held> {
            if constexpr (has_sight)
                if (begin_reads()) {
                    auto const seen = store_.look(key, asked);
                    return seen ? std::optional<held>{*seen} : std::nullopt;
                }
            return store_.get(key, asked);
        });
        if (found && ledger_.heard())
            ledger_.tell(event_kind::hit, key);
        return found;
    }

    /// Whether this call may try `sight` first: nobody listens, and it is not the one in 256 that `get` times.
    bool glances() const noexcept { return !ledger_.heard() && !ledger_.sample_is_due(); }

    /// Whether a call may look for what lasts before anything else: as `glances`, and no option or configuration stands in its way.
    bool looks_at_once() const noexcept {
        return direct_ && !store_.timed() && !ledger_.in().heard() && !ledger_.sample_is_due();
    }

    /// Whether anything that is held may expire; if not, a hit reads no clock.
    bool timed() const noexcept { return timed_ || store_.timed(); }

    /// A hit, where it stands. None says nothing.
    template <class Key>
    [[gnu::always_inline]] auto sight(Key const& key) {
        if (!timed())
            return timeless_sight(key);
        auto const [before, after] = settings_.clock.bounds();
        store_.sweep(before);
        return store_.look(key, after);
    }

    template <class Key>
    [[gnu::always_inline]] auto timeless_sight(Key const& key) { return store_.look(key, duration{}); }

    /// What is fresh or stale; what became of it is told by who decides.
    std::optional<known<held>> recall(key_view const& key, duration asked) {
        auto found = sampled(asked, [&] { return store_.recall(key, asked); });
        if (!found)
            return std::nullopt;
        auto const chance = settings_.freshness.early_expiration > 0 ? draw_chance() : 1;
        auto const& made = found->made;
        auto const age = settings_.freshness.judge(made, asked, chance);
        return known<held>{std::move(found->result), age, made.fresh_until, made.gone_at, made.failures};
    }

    /// An answer that was recalled is given.
    void answered(key_view const& key, bool stale) noexcept {
        if (stale)
            ledger_.count(counter::stale);
        if (ledger_.heard())
            ledger_.tell(stale ? event_kind::stale : event_kind::hit, key);
    }

    /// A miss: leads, joins, or finds what came meanwhile.
    lookup<held> begin(key_view const& key, std::vector<std::string>&& tags, duration asked, bool joins) {
        std::shared_ptr<lease> mine = made_flight(departure::at_once, key, std::move(tags));
        auto start = entering(static_cast<flight<held>&>(*mine), [&] {
            for (;;) {
                auto found = store_.begin(mine, asked, joins);
                if (found.joined == nullptr || !fence.outdates(*found.joined))
                    return found;
                store_.relieve(*found.joined);
            }
        });
        if (start.hit) {
            static_cast<flight<held>&>(*mine).give_up();  // who joined before the store had answered asks again
            if (ledger_.heard())
                ledger_.tell(event_kind::hit, key);
            return {.hit = std::move(start.hit)};
        }
        ledger_.count(counter::misses);
        if (start.joined != nullptr) {
            auto other = std::static_pointer_cast<flight<held>>(std::move(start.joined));
            if (!other->claim()) {
                ledger_.count(counter::joins);
                if (ledger_.heard())
                    ledger_.tell(event_kind::join, key);
                return {.joined = std::move(other)};
            }
            mine = std::move(other);  // it waits for the executor, and need not
            fence.stop(*mine);
        }
        if (ledger_.heard())
            ledger_.tell(event_kind::miss, key);
        return {.mine = std::static_pointer_cast<flight<held>>(std::move(mine))};
    }

    /// A run that is wanted whatever is stored.
    std::shared_ptr<flight<held>> open(key_view const& key, std::vector<std::string>&& tags, bool joins, unsigned failures) {
        auto mine = made_flight(departure::at_once, key, std::move(tags));
        mine->failures = failures;
        entering(*mine, [&] { return store_.open(mine, joins), true; });
        refreshing(key);
        return mine;
    }

    /// A run that renews what is stored, not claimed yet. Returns: null when one is in flight.
    std::shared_ptr<flight<held>> renew(key_view const& key, std::vector<std::string>&& tags, bool joins, unsigned failures) {
        auto mine = made_flight(departure::when_claimed, key, std::move(tags));
        mine->failures = failures;
        return entering(*mine, [&] { return store_.renew(mine, joins); }) ? mine : nullptr;
    }

    /// Runs in a row that failed to renew what is stored.
    unsigned failures_of(key_view const& key) {
        auto const facts = store_.facts(key, now());
        return facts ? facts->failures : 0;
    }

    /// A run that renews begins.
    void refreshing(key_view const& key) noexcept {
        ledger_.count(counter::refreshes);
        if (ledger_.heard())
            ledger_.tell(event_kind::refresh, key);
    }

    /// A call has waited long enough: nobody else is to wait for this run.
    void leave(flight<held>& slow) noexcept { store_.relieve(slow); }

    /// What the run was to renew is not tried again for a while.
    void postpone(flight<held>& mine) noexcept {
        try {
            store_.postpone(mine, later(settings_.clock.now(), backoff(mine.failures + 1, draw_chance())));
        } catch (...) {
            ledger_.fail(mine.key(), std::current_exception());
        }
    }

    /// The run threw what is being handled. One that was to renew what is stored makes the next wait.
    void fail(flight<held>& mine, duration took, bool renews) noexcept {
        auto const error = std::current_exception();
        ledger_.count_run(took);
        if (renews)
            postpone(mine);
        store_.abandon(mine);
        mine.fail(error);
        ledger_.fail(mine.key(), error, took);
    }

    /// The run threw what is being handled, which stands in the place of a result from now on; not of one that still answers.
    void remember(flight<held>& mine, held const& failed, duration created, duration took) noexcept {
        auto const error = std::current_exception();
        ledger_.count_run(took);
        bool stored = false;
        try {
            terms on;
            on.created = created;
            on.ttl = settings_.error_ttl;
            on.cost = took;
            on.weight = 1;
            on.error = true;
            if (on.ttl > duration::zero() && !answers(mine.key()))
                stored = commit(mine, failed, std::move(on), exception_bytes);
        } catch (...) {
            ledger_.fail(mine.key(), std::current_exception());
        }
        store_.abandon(mine);
        mine.fail(error);
        ledger_.fail(mine.key(), error, took);
        if (stored)
            record(mine.key(), took, true);
    }

    /// Stores the result of a run on these terms; without terms it is skipped. `owned` is what it owns beyond itself, in bytes.
    /// Returns: whether it is stored.
    bool commit(flight<held>& mine, held const& result, std::optional<terms>&& on, std::size_t owned) {
        if (!on)
            return false;
        if (!mine.tags().empty())
            on->tags = mine.tags();
        complete(*on, mine.key(), owned);
        return store_.commit(mine, result, std::move(*on), owned) == store_outcome::stored;
    }

    /// Counts and tells what became of a result, of a run that took so long.
    void record(key_view const& key, duration took, bool stored) noexcept {
        ledger_.count(stored ? counter::stores : counter::skips);
        if (ledger_.heard())
            ledger_.tell(stored ? event_kind::store : event_kind::skip, key, took);
    }

    /// Stores a result that was made elsewhere. One that may not be stored is skipped, and what it would have replaced goes all
    /// the same: older results and runs that began before are outdated by it.
    void set(key_view const& key, std::vector<std::string> tags, held const& result, std::optional<terms> on, std::size_t owned) {
        exits.used();
        if (on)
            on->tags = std::move(tags), complete(*on, key, owned);
        else
            store_.erase(key);
        record(key, {}, on && store_.set(key, result, std::move(*on), owned) == store_outcome::stored);
    }

    /// A result that was made elsewhere could not be stored: what it would have replaced goes all the same.
    void outdate(key_view const& key) noexcept {
        try {
            store_.erase(key);
        } catch (...) {
            ledger_.fail(key, std::current_exception());
        }
    }

    /// The result goes to those who wait, stored or not.
    void land(flight<held>& mine, held const& result) noexcept {
        if (mine.standing())
            store_.abandon(mine);
        mine.succeed(result);
    }

    /// The leader leaves without a result; its waiters ask again.
    void give_up(flight<held>& mine) noexcept {
        store_.abandon(mine);
        mine.give_up();
    }

    bool touch(key_view const& key, duration ttl) { return store_.touch(key, ttl, settings_.clock.now()); }

    std::optional<duration> remaining(key_view const& key) {
        auto const asked = settings_.clock.now();
        auto const facts = store_.facts(key, asked);
        return facts && facts->fresh(asked) ? std::optional{facts->remaining(asked)} : std::nullopt;
    }

    settings settings_;
    ledger ledger_;
    Store store_;
    bool const timed_;  // by its options; a `set` may bring a lifetime beside them
    bool const direct_;  // enabled, with neither lifetimes nor a listener of its own
    instances objects_;
    background background_;

private:
    /// What a remembered exception takes beside its entry; what it owns is not known.
    static constexpr std::size_t exception_bytes = 160;

    /// Reads by `fn`, one of many with a look at the time it takes, and lets a step of cleaning follow.
    template <class Fn>
    auto sampled(duration asked, Fn const& fn) {
        auto found = [&] {
            if (!ledger_.samples())
                return fn();
            if constexpr (requires { store_.beat(); }) store_.beat();
            auto const begun = std::chrono::steady_clock::now();
            auto read = fn();
            ledger_.count_sample(std::chrono::steady_clock::now() - begun);
            return read;
        }();
        if (asked != duration{})
            store_.sweep(asked);
        return found;
    }

    /// Whether a result, fresh or stale, can be had without a run.
    bool answers(key_view const& key) {
        auto const facts = store_.facts(key, settings_.clock.now());
        return facts && std::ranges::find(facts->tags, error_group) == facts->tags.end();
    }

    std::shared_ptr<flight<held>> made_flight(departure when, key_view const& key, std::vector<std::string>&& tags) {
        exits.used();
        return flight<held>::made(when, &ledger_, key, std::move(tags));
    }

    /// A store that fails may have taken the lease all the same, and then others may have joined.
    template <class Fn>
    auto entering(flight<held>& mine, Fn const& fn) {
        try {
            auto entered = fn();
            fence.stop(mine);
            return entered;
        } catch (...) {
            give_up(mine);
            throw;
        }
    }

    void complete(terms& on, key_view const& key, std::size_t owned) const {
        if (on.error)
            on.tags.emplace_back(error_group);
        else
            on.grace = settings_.freshness.grace(), on.notice = settings_.freshness.notice(on.ttl, on.cost);
        if (!settings_.weighs)
            on.weight = Store::footprint(key, on, owned);
    }

    bool listens() const noexcept override { return ledger_.heard(); }
    void removed(key_view const& gone, evict_cause cause) noexcept override {
        if (ledger_.heard())
            ledger_.tell(cause == evict_cause::expired ? event_kind::expire : event_kind::evict, gone, {}, cause);
    }
    void faulted(key_view const& about, std::exception_ptr const& error) noexcept override { ledger_.fail(about, error); }
};

}  // namespace memo::detail
