#include <memo/store/memory_engine.hpp>

#include "memory_shard.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace memo::detail {

namespace {

constexpr std::size_t sweep_step = 1024;  // buckets and entries looked at by one call

}  // namespace

evicted memory_engine::erase(key_view const& key) {
    return erase_at(key.place, [&](key_view const& held) { return held == key; });
}

evicted memory_engine::erase_text(std::uint64_t place, std::string_view text) {
    return erase_at(place, [&](key_view const& held) { return held.text == text; });
}

evicted memory_engine::erase_at(std::uint64_t place, std::function<bool(key_view const&)> const& chosen) {
    auto const& own = shards_[number_of(place)];
    eviction all{evict_cause::explicit_, watcher_, {&own, 1}};
    auto& home = *own;
    std::lock_guard const lock{home.mutex};
    home.leases.revoke_at(place, [&](lease const& flying) { return chosen(flying.key()); }, all.dead);
    home.index->each_at(place, [&](entry& held) { all.erase(home, held, chosen(held.key())); });
    return evicted{all.count};
}

evicted memory_engine::erase_tag(std::string_view tag, evict_cause cause) {
    eviction all{cause, watcher_, shards_};
    for (auto const& home : shards_) {
        std::lock_guard const lock{home->mutex};
        auto const tagged = [&](lease const& flying) { return std::ranges::find(flying.tags(), tag) != flying.tags().end(); };
        home->leases.revoke_if(tagged, all.dead);
        while (auto* const group = home->tags.find(tag))
            all.erase(*home, *group->first->owner, true);
    }
    return evicted{all.count};
}

evicted memory_engine::clear(evict_cause cause) {
    eviction all{cause, watcher_, shards_};
    std::vector<entry*> leaving;
    for (auto const& home : shards_) {
        std::lock_guard const lock{home->mutex};
        home->leases.revoke_if([](lease const&) { return true; }, all.dead);
        all.count += home->clear(cause, leaving, all.dead);
    }
    std::ranges::sort(leaving);  // in the order in which an allocator takes them back soonest
    for (auto* const held : leaving)
        all.dead.bury(*held, cause);
    return evicted{all.count};
}

evicted memory_engine::erase_if(evict_cause cause, std::function<bool(key_view const&)> const& chosen) {
    eviction all{cause, watcher_, shards_};
    for (auto const& home : shards_) {
        std::lock_guard const lock{home->mutex};
        home->leases.revoke_if([&](lease const& flying) { return chosen(flying.key()); }, all.dead);
        home->index->each([&](entry& held) { all.erase(*home, held, chosen(held.key())); });
    }
    return evicted{all.count};
}

void memory_engine::revoke_if(std::function<bool(lease const&)> const& chosen) noexcept {
    graveyard dead;
    for (auto const& home : shards_) {
        std::lock_guard const lock{home->mutex};
        home->leases.revoke_if(chosen, dead);
    }
}

void memory_engine::sweep_due(duration now) {
    graveyard dead{watcher_, shards_.front()->readers};
    std::unique_lock const mine{sweeping_, std::try_to_lock};
    if (!mine.owns_lock())
        return;
    for (std::size_t looked = 0; looked < sweep_step;) {
        if (sweep_shard_ == shards_.size()) {
            sweep_shard_ = 0;
            next_sweep_.store(later(now, cleanup_interval_).count(), std::memory_order_relaxed);
            return;
        }
        auto& home = *shards_[sweep_shard_];
        std::lock_guard const lock{home.mutex};
        looked += home.sweep(sweep_bucket_, sweep_step - looked, now, dead);
        if (sweep_bucket_ >= home.index->buckets())
            sweep_bucket_ = 0, ++sweep_shard_;
    }
}

}  // namespace memo::detail
