#pragma once

#include "store/sample.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/store/concept.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A store that one could write on a napkin: what `memory_store` with one exact order must do, without an index,
/// without links, without threads.
namespace napkin {

using memo::duration;
using memo::evict_cause;
using memo::detail::store_outcome;
using memo::detail::terms;

enum class leaving { fifo, lru, lfu };

struct entry {
    std::uint64_t key;
    std::int64_t result;
    terms kept;
    duration fresh_until;
    duration expires_at;
    duration idle_at;
    std::uint64_t admitted;
    std::uint64_t touched;
    std::uint64_t accesses = 1;
    unsigned failures = 0;
    duration retry_at{};

    bool fresh(duration now) const { return now < fresh_until && now < idle_at; }
    bool expired(duration now) const { return now >= expires_at || now >= idle_at; }
    void start_life(duration now) {
        fresh_until = kept.ttl == duration::max() ? kept.ttl : now + kept.ttl;
        expires_at = fresh_until == duration::max() ? fresh_until : fresh_until + kept.grace;
        idle_at = kept.idle == duration::max() ? kept.idle : now + kept.idle;
    }
};

struct run {
    std::uint64_t key;
    std::vector<std::string> tags;
    bool shared;
    bool standing = true;
    bool overdue = false;
};

class store {
public:
    store(leaving policy, memo::detail::memory_limits limits) : policy_{policy}, limits_{limits} {}

    /// Who leaves is not the model's to say but the store's that it follows.
    void follow(std::deque<std::uint64_t> victims) { told_ = std::move(victims); }

    std::optional<std::int64_t> get(std::uint64_t key, duration now) {
        drop_expired(key, now);
        auto const* const held = find(key);
        return held == nullptr || !held->fresh(now) ? std::nullopt : recall(key, now);
    }

    std::optional<std::int64_t> recall(std::uint64_t key, duration now) {
        drop_expired(key, now);
        auto* const held = find(key);
        if (held == nullptr) return std::nullopt;
        touch_order(*held);
        hits += held->fresh(now);
        if (held->kept.idle != duration::max()) held->idle_at = now + held->kept.idle;
        return held->result;
    }

    /// Fresh or stale.
    entry const* inspect(std::uint64_t key, duration now) {
        auto* const held = find(key);
        return held == nullptr || held->expired(now) ? nullptr : held;
    }

    /// Runs are numbered in the order in which they begin. Returns: the run that is joined, if one is.
    std::optional<std::size_t> begin(run fresh) {
        if (fresh.shared)
            for (std::size_t number = runs.size(); number-- != 0;)
                if (runs[number].standing && runs[number].shared && runs[number].key == fresh.key) return number;
        open(std::move(fresh));
        return std::nullopt;
    }

    void open(run fresh) { runs.push_back(std::move(fresh)); }

    bool renew(run fresh) {
        for (auto const& flying : runs)
            if (flying.standing && !flying.overdue && flying.key == fresh.key) return false;
        open(std::move(fresh));
        return true;
    }

    void relieve(std::size_t number) {
        runs[number].shared = false;
        runs[number].overdue = true;
    }

    void postpone(std::size_t number, duration until) {
        auto* const held = runs[number].standing ? find(runs[number].key) : nullptr;
        if (held == nullptr) return;
        ++held->failures;
        held->retry_at = until;
    }

    store_outcome commit(std::size_t number, std::int64_t result, terms kept) {
        if (!runs[number].standing) return store_outcome::fenced;
        auto const key = runs[number].key;
        auto const outcome = place(key, result, std::move(kept), number);
        runs[number].standing = false;
        return outcome;
    }

    void abandon(std::size_t number) { runs[number].standing = false; }

    store_outcome set(std::uint64_t key, std::int64_t result, terms kept) {
        return place(key, result, std::move(kept), runs.size());
    }

    template <class Pred>
    std::size_t erase_if(evict_cause cause, Pred chosen) {
        for (auto& flying : runs)
            if (chosen(flying)) flying.standing = false;
        std::size_t count = 0;
        for (std::size_t at = 0; at != entries.size();)
            if (chosen(entries[at])) {
                for (auto& flying : runs)
                    if (flying.key == entries[at].key) flying.standing = false;
                remove(at, cause);
                ++count;
            } else {
                ++at;
            }
        return count;
    }

    std::size_t erase(std::uint64_t key) {
        return erase_if(evict_cause::explicit_, [&](auto const& one) { return one.key == key; });
    }

    std::size_t erase_tag(std::string const& tag) {
        struct has {
            std::string const& tag;
            bool operator()(entry const& held) const { return std::ranges::count(held.kept.tags, tag) != 0; }
            bool operator()(run const& flying) const { return std::ranges::count(flying.tags, tag) != 0; }
        };
        return erase_if(evict_cause::tag, has{tag});
    }

    bool touch(std::uint64_t key, duration ttl, duration now) {
        drop_expired(key, now);
        auto* const held = find(key);
        if (held == nullptr || !held->fresh(now)) return false;
        if (ttl <= duration::zero()) {
            remove(*held, evict_cause::expired);
            return true;
        }
        held->kept.ttl = ttl;
        held->start_life(now);
        touch_order(*held);
        return true;
    }

    bool holds_expired(duration now) const {
        return std::ranges::any_of(entries, [&](entry const& held) { return held.expired(now); });
    }

    void drop_expired(std::uint64_t key, duration now) {
        if (auto* const held = find(key); held != nullptr && held->expired(now)) remove(*held, evict_cause::expired);
    }

    std::size_t weight() const {
        std::size_t sum = 0;
        for (auto const& held : entries) sum += held.kept.weight;
        return sum;
    }

    std::vector<entry> entries;
    std::vector<run> runs;
    std::vector<std::pair<std::uint64_t, evict_cause>> removed;
    std::uint64_t hits = 0;

private:
    entry* find(std::uint64_t key) {
        auto const at = std::ranges::find(entries, key, &entry::key);
        return at == entries.end() ? nullptr : &*at;
    }

    void remove(std::size_t at, evict_cause cause) {
        removed.emplace_back(entries[at].key, cause);
        entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at));
    }

    void remove(entry& held, evict_cause cause) { remove(static_cast<std::size_t>(&held - entries.data()), cause); }

    void touch_order(entry& held) {
        held.touched = ++stamp_;
        ++held.accesses;
    }

    entry& victim() {
        if (!told_.empty()) {
            auto* const told = find(told_.front());
            told_.pop_front();
            return *told;
        }
        auto const rank = [&](entry const& held) {
            return policy_ == leaving::fifo  ? std::pair{held.admitted, std::uint64_t{0}}
                   : policy_ == leaving::lru ? std::pair{held.touched, std::uint64_t{0}}
                                             : std::pair{held.accesses, held.touched};
        };
        return *std::ranges::min_element(entries, {}, rank);
    }

    store_outcome place(std::uint64_t key, std::int64_t result, terms kept, std::size_t before) {
        auto const now = kept.created;
        for (std::size_t number = 0; number != before; ++number)
            if (runs[number].key == key) runs[number].standing = false;
        drop_expired(key, now);
        if (kept.weight > limits_.weight) {
            if (auto* const old = find(key)) remove(*old, evict_cause::replaced);
            return store_outcome::too_heavy;
        }
        auto const fits = [&] {
            auto const* const old = find(key);
            auto const others = weight() - (old == nullptr ? 0 : old->kept.weight);
            return entries.size() + (old == nullptr ? 1 : 0) <= limits_.entries &&
                   others + kept.weight <= limits_.weight;
        };
        while (!fits()) {
            auto& leaves = victim();
            remove(leaves, leaves.expired(now) ? evict_cause::expired : evict_cause::capacity);
        }
        if (auto* const old = find(key)) {
            removed.emplace_back(key, evict_cause::replaced);
            old->result = result;
            old->kept = std::move(kept);
            old->start_life(now);
            old->failures = 0;
            old->retry_at = {};
            touch_order(*old);
        } else {
            ++stamp_;
            auto& fresh = entries.emplace_back(entry{key, result, std::move(kept), {}, {}, {}, stamp_, stamp_});
            fresh.start_life(now);
        }
        return store_outcome::stored;
    }

    leaving policy_;
    memo::detail::memory_limits limits_;
    std::deque<std::uint64_t> told_;
    std::uint64_t stamp_ = 0;
};

}  // namespace napkin
