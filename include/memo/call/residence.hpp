#pragma once

#include <memo/base/cache_key.hpp>
#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/explanation.hpp>
#include <memo/call/flight.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/ledger.hpp>
#include <memo/call/settings.hpp>
#include <memo/call/space.hpp>
#include <memo/key/hash.hpp>
#include <memo/store/concept.hpp>

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

/// What asking the cache came to; with nothing set, the call just runs.
template <class Held>
struct lookup {
    std::optional<Held> hit;
    std::shared_ptr<flight<Held>> mine;    ///< the call leads
    std::shared_ptr<flight<Held>> joined;  ///< the call waits
};

/// Where the results of one wrapper live, with their account: everything about a call that knows keys and results, and
/// neither arguments nor functions. One type for all wrappers with the same kind of result.
template <result_store Store>
class residence : public resident, private removal_watcher {
public:
    using held = typename Store::value_type;

    residence(settings const& said, std::shared_ptr<space> in, event_listener own, bool counts)
        : settings_{said}, ledger_{std::move(in), said.who, std::move(own), counts},
          store_{said.limits, static_cast<removal_watcher*>(this)} {}

    evicted evict(key_view const& key) { return store_.erase(key); }
    evicted evict_object(std::uint64_t number) { return store_.erase_tag(object_group(number), evict_cause::cleared); }

    std::size_t size() const { return store_.size(); }
    bool validate() const { return store_.validate(); }
    instances& objects() noexcept { return objects_; }

    std::string_view shown_name() const noexcept override { return ledger_.who().shown; }
    evicted evict_text(std::string_view text) override {
        return settings_.readable ? store_.erase_text(place_of(text), text) : evicted{};
    }
    evicted evict_pattern(std::string_view glob) override {
        return settings_.readable ? store_.erase_if(evict_cause::pattern, matching(glob)) : evicted{};
    }
    evicted evict_tag(std::string_view tag) override { return store_.erase_tag(tag); }
    evicted evict_all() override { return store_.erase_if(evict_cause::cleared, all_keys()); }

    memo::stats statistics() const override {
        memo::stats sum;
        store_.count_into(sum);
        if (ledger_.counts()) {
            ledger_.count_into(sum);
        } else {
            memo::stats const all = std::exchange(sum, {});
            sum.items = all.items;
            sum.bytes = all.bytes;
        }
        return sum;
    }

protected:
    ~residence() override = default;

    /// Zero while nothing that is held can expire: then nobody reads a clock.
    duration now() const { return settings_.timed() || store_.timed() ? settings_.clock.now() : duration{}; }

    std::optional<held> get(key_view const& key, duration asked) {
        auto found = sampled_get(key, asked);
        if (asked != duration{})
            store_.sweep(asked);
        if (found && ledger_.heard())
            ledger_.tell(event_kind::hit, key);
        return found;
    }

    /// A miss: leads, joins, or finds what came meanwhile.
    lookup<held> begin(key_view const& key, std::vector<std::string> tags, duration asked, bool joins) {
        auto mine = std::make_shared<flight<held>>(&ledger_, key, std::move(tags));
        auto start = entering(*mine, [&] { return store_.begin(mine, asked, joins); });
        if (start.hit) {
            if (ledger_.heard())
                ledger_.tell(event_kind::hit, key);
            return {std::move(start.hit), nullptr, nullptr};
        }
        ledger_.count(counter::misses);
        if (start.joined != nullptr)
            ledger_.count(counter::joins);
        if (ledger_.heard())
            ledger_.tell(start.joined != nullptr ? event_kind::join : event_kind::miss, key);
        if (start.joined != nullptr)
            return {std::nullopt, nullptr, std::static_pointer_cast<flight<held>>(std::move(start.joined))};
        return {std::nullopt, std::move(mine), nullptr};
    }

    /// A run that is wanted whatever is stored.
    std::shared_ptr<flight<held>> open(key_view const& key, std::vector<std::string> tags, bool joins) {
        auto mine = std::make_shared<flight<held>>(&ledger_, key, std::move(tags));
        entering(*mine, [&] { store_.open(mine, joins); });
        ledger_.count(counter::refreshes);
        if (ledger_.heard())
            ledger_.tell(event_kind::refresh, key);
        return mine;
    }

    /// The run threw what is being handled.
    void fail(flight<held>& mine, duration took) noexcept {
        auto const error = std::current_exception();
        ledger_.count_run(took);
        store_.abandon(mine);
        mine.fail(error);
        ledger_.fail(mine.key(), error, took);
    }

    /// Stores the result of a run on these terms; without terms it is skipped. `owned` is what it owns beyond itself, in bytes.
    /// Returns: whether it is stored.
    bool commit(flight<held>& mine, held const& result, std::optional<terms> on, std::size_t owned) {
        if (!on)
            return false;
        complete(*on, mine.key(), mine.tags(), owned);
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
        if (on)
            complete(*on, key, std::move(tags), owned);
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
        auto const facts = store_.facts(key, now());
        return facts ? std::optional{facts->remaining} : std::nullopt;
    }

    /// `unwanted` says why the call would not use the cache; empty where it would.
    explanation explain(key_view const& key, std::string_view unwanted) {
        explanation told;
        told.key = ledger_.name_of(key);
        if (!unwanted.empty()) {
            told.why = unwanted;
        } else if (auto const facts = store_.facts(key, settings_.clock.now())) {
            told.hit = true;
            told.tier = "memory";
            told.age = facts->age;
            told.remaining = facts->remaining;
            told.cost = facts->cost;
            told.tags = facts->tags;
        } else {
            told.why = "nothing fresh is stored for these arguments";
        }
        return told;
    }

    settings settings_;
    ledger ledger_;
    Store store_;
    instances objects_;

private:
    std::optional<held> sampled_get(key_view const& key, duration asked) {
        if (!ledger_.samples())
            return store_.get(key, asked);
        auto const begun = std::chrono::steady_clock::now();
        auto found = store_.get(key, asked);
        ledger_.count_sample(std::chrono::steady_clock::now() - begun);
        return found;
    }

    /// A store that fails may have taken the lease all the same, and then others may have joined.
    template <class Fn>
    auto entering(flight<held>& mine, Fn const& fn) {
        try {
            return fn();
        } catch (...) {
            give_up(mine);
            throw;
        }
    }

    void complete(terms& on, key_view const& key, std::vector<std::string> tags, std::size_t owned) const {
        on.tags = std::move(tags);
        if (!settings_.weighs)
            on.weight = Store::footprint(key, on, owned);
    }

    void removed(entry const& gone) noexcept override {
        if (ledger_.heard())
            ledger_.tell(gone.cause == evict_cause::expired ? event_kind::expire : event_kind::evict, gone.key(), {}, gone.cause);
    }
};

}  // namespace memo::detail
