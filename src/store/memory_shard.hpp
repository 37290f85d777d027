#pragma once

#include <memo/base/sync.hpp>
#include <memo/base/clock.hpp>
#include <memo/base/hash.hpp>
#include <memo/store/budget.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/graveyard.hpp>
#include <memo/store/lease_table.hpp>
#include <memo/store/limbo.hpp>
#include <memo/store/memory_engine.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace memo::detail {

/// The entries of one tag in one shard, as a list through their links, the last that joined first; it lives while it has members.
struct tag_group {
    std::string_view name;  // of the map's key
    tag_link* first = nullptr;
    tag_link* last = nullptr;
    std::size_t members = 0;
};

struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return place_of(text); }
};

/// Groups by tag.
class tag_groups {
public:
    /// Throws: bad_alloc, and then changes nothing.
    void join(entry& fresh) {
        try {
            auto const links = fresh.tag_links();
            for (std::size_t place = 0; place != links.size(); ++place) {
                auto const at = groups_.try_emplace(fresh.tags()[place]).first;
                at->second.name = at->first;
                enter(at->second, links[place], fresh);
            }
        } catch (...) {
            leave(fresh);
            throw;
        }
    }

    void leave(entry& gone) noexcept {
        for (auto& link : gone.tag_links()) {
            if (link.group == nullptr)
                continue;
            (link.previous != nullptr ? link.previous->next : link.group->first) = link.next;
            (link.next != nullptr ? link.next->previous : link.group->last) = link.previous;
            --link.group->members;
            auto* const group = std::exchange(link.group, nullptr);
            if (group->first == nullptr)
                groups_.erase(groups_.find(group->name));
        }
    }

    /// No entry has a tag any more; none is looked at.
    void clear() noexcept { groups_.clear(); }

    tag_group* find(std::string_view tag) {
        auto const at = groups_.find(tag);
        return at == groups_.end() ? nullptr : &at->second;
    }

    bool validate(std::size_t links) const {
        for (auto const& [name, group] : groups_) {
            if (group.first == nullptr || group.name != name)
                return false;
            std::size_t members = 0;
            for (auto const* link = group.first; link != nullptr; link = link->next, --links, ++members)
                if (links == 0 || link->group != &group || (link->next != nullptr ? link->next->previous : group.last) != link)
                    return false;
            if (members != group.members)
                return false;
        }
        return links == 0;
    }

private:
    static void enter(tag_group& group, tag_link& link, entry& owner) noexcept {
        link = {&owner, &group, nullptr, group.first};
        (link.next != nullptr ? link.next->previous : group.last) = &link;
        group.first = &link;
        ++group.members;
    }

    std::unordered_map<std::string, tag_group, text_hash, std::equal_to<>> groups_;
};

/// One part of the memory engine: entries, order, tags and leases of the places that fall to it, under one mutex.
struct memory_engine::shard : memory_engine::shelf {
    /// How many wait together for their end, of a shard among others and of the only one.
    static constexpr limbo::company few{32, 6'144};
    static constexpr limbo::company many{64, 32'768};

    /// One of how many shards it is.
    struct rank {
        std::size_t number;
        std::size_t of;
    };

    /// What this shard may hold of remembered exceptions.
    struct error_limits {
        std::size_t entries;
        std::size_t weight;
    };

    /// `room` is what all shards share.
    shard(rank among, shelf known, budget& room, error_limits errors, entry_end end)
        : shelf{std::move(known)}, sequence{among.number}, step{among.of},
          readers{end, among.of == 1 ? many : few}, all_room{room}, most_errors{errors} {}

    /// Of a run or a set that begins: above all before in this shard, and no other shard's.
    std::uint64_t next_in_sequence() noexcept { return sequence += step; }

    entry* locate(key_view const& key) const {
        return index->locate(key.place, [&](entry const& held) { return held.has(key); });
    }

    /// Takes an entry out of everything; it ends when the lock is gone.
    void bury(entry& leaving, evict_cause cause, graveyard& dead) noexcept {
        auto const weight = leaving.weight;
        remove(leaving, cause, dead);
        all_room.release(1, weight);
    }

    /// The same of an entry that makes way: its room is inherited.
    void bury_victim(entry& victim, duration now, allowance& room, graveyard& dead) noexcept {
        room.inherit(1, victim.weight);
        remove(victim, victim.expired(now) ? evict_cause::expired : evict_cause::capacity, dead);
    }

    /// Takes all entries out of everything: they are in `leaving`, or, without memory for that, buried. Returns: how many.
    std::size_t clear(evict_cause cause, std::vector<entry*>& leaving, graveyard& dead) noexcept {
        auto const count = index->size();
        if (count == 0)
            return 0;
        if (!order->clear())
            index->each([&](entry& held) { order->forget(held); });
        tags.clear();
        try {
            leaving.reserve(leaving.size() + all_room.entries());
            index->clear([&](entry& held) { leaving.push_back(&held); });
        } catch (std::bad_alloc const&) {
            index->clear([&](entry& held) { dead.bury(held, cause); });
        }
        all_room.release(count, total_weight);
        gone[static_cast<std::size_t>(cause)] += count;
        bytes = total_weight = error_weight = 0;
        return count;
    }

    /// Restarts its life.
    void revive(entry& held, duration now, duration ttl) noexcept {
        held.live(now, ttl);
        order->touch(held);
    }

    void count_in(entry const& fresh) noexcept {
        bytes += fresh.bytes;
        total_weight += fresh.weight;
        error_weight += weight_as_error(fresh);
    }
    void count_out(entry const& leaving) noexcept {
        bytes -= leaving.bytes;
        total_weight -= leaving.weight;
        error_weight -= weight_as_error(leaving);
    }
    static std::size_t weight_as_error(entry const& one) noexcept { return one.error() ? one.weight : 0; }

    /// The oldest remembered exceptions go when `fresh` would be too much beside them; `old` is what it replaces, if anything.
    void make_room_among_errors(entry const& fresh, entry const* old, graveyard& dead) noexcept {
        if (!fresh.error() || (old != nullptr && old->error()))
            return;
        for (auto* errors = tags.find(error_group); errors != nullptr; errors = tags.find(error_group)) {
            bool const fits = errors->members < most_errors.entries && error_weight <= most_errors.weight &&
                              fresh.weight <= most_errors.weight - error_weight;
            if (fits)
                return;
            bury(*errors->last->owner, evict_cause::capacity, dead);
        }
    }

    /// Puts in what there is room for, in place of `old`, if that is anything.
    ///
    /// Throws: bad_alloc, and then changes nothing.
    void put(entry_ptr& fresh, entry* old, graveyard& dead) {
        tags.join(*fresh);
        if (old == nullptr) {
            try {
                index->insert(*fresh);
            } catch (...) {
                tags.leave(*fresh);
                throw;
            }
            order->admit(*fresh);
            count_in(*fresh.release());
            return;
        }
        order->replace(*old, *fresh);
        index->replace(*old, *fresh);
        tags.leave(*old);
        count_out(*old);
        all_room.release(0, old->weight - std::min(old->weight, fresh->weight));
        count_in(*fresh.release());
        ++gone[static_cast<std::size_t>(evict_cause::replaced)];
        dead.bury(*old, evict_cause::replaced);
    }

    /// Takes what has expired out of some buckets, from `bucket` on. Returns: how many buckets and entries were looked at.
    std::size_t sweep(std::size_t& bucket, std::size_t most, duration now, graveyard& dead) noexcept {
        std::size_t looked = 0;
        for (; looked < most && bucket < index->buckets(); ++bucket, ++looked)
            index->each_in_bucket(bucket, [&](entry& held) {
                ++looked;
                if (held.expired(now))
                    bury(held, evict_cause::expired, dead);
            });
        return looked;
    }

    void count_into(stats& sum) const {
        sum.items += index->size();
        sum.bytes += bytes;
        for (std::size_t cause = 0; cause != evict_causes; ++cause)
            sum.evictions_by_cause[cause] += gone[cause];
    }

    /// What all shards hold together.
    struct census {
        std::size_t entries = 0;
        std::size_t weight = 0;
    };

    /// Whether every structural invariant holds in here; adds to the census. `at_home` says whether a place falls to this shard.
    template <class Pred>
    bool validate(census& all, Pred at_home) {
        std::size_t held_bytes = 0;
        std::size_t held_weight = 0;
        std::size_t links = 0;
        std::size_t errors = 0;
        bool sound = order->validate();
        index->each([&](entry& held) {
            sound = sound && at_home(held.place) && locate(held.key()) == &held;
            for (auto const& link : held.tag_links())
                sound = sound && link.owner == &held;
            all.entries += 1;
            held_weight += held.weight;
            held_bytes += held.bytes;
            errors += weight_as_error(held);
            links += held.tag_links().size();
        });
        all.weight += held_weight;
        return sound && held_bytes == bytes && held_weight == total_weight && errors == error_weight && tags.validate(links) &&
               leases.validate(at_home, [&](key_view const& key) { return locate(key) != nullptr; });
    }

    alignas(64) brief_mutex mutex;  // apart from what its holder reads
    std::uint64_t sequence;
    std::uint64_t step;
    lease_table leases;
    tag_groups tags;
    limbo readers;
    budget& all_room;
    error_limits most_errors;
    std::size_t error_weight = 0;
    std::size_t total_weight = 0;
    std::size_t bytes = 0;
    std::array<std::uint64_t, evict_causes> gone{};

private:
    void remove(entry& leaving, evict_cause cause, graveyard& dead) noexcept {
        index->fetch(leaving.place);
        order->forget(leaving);
        index->remove(leaving);
        tags.leave(leaving);
        count_out(leaving);
        ++gone[static_cast<std::size_t>(cause)];
        dead.bury(leaving, cause);
    }
};

/// One eviction while it goes through the shards: what is chosen leaves, and the runs for it end. When it is through, what waited in
/// these shards for readers ends as well, unless somebody reads.
struct memory_engine::eviction {
    eviction(evict_cause why, store_watcher* watcher, std::span<std::unique_ptr<shard> const> through)
        : cause{why}, in{through}, dead{watcher, through.front()->readers} {}
    ~eviction() {
        if (count != 0)
            for (auto const& home : in.subspan(1))
                home->readers.take(nullptr, limbo::haste::now);
    }

    evict_cause cause;
    std::span<std::unique_ptr<shard> const> in;
    graveyard dead;
    std::size_t count = 0;

    void erase(shard& home, entry& held, bool chosen) noexcept {
        if (!chosen)
            return;
        home.leases.revoke_at(held.place, [&](lease const& flying) { return flying.key() == held.key(); }, dead);
        home.bury(held, cause, dead);
        ++count;
    }
};

}  // namespace memo::detail
