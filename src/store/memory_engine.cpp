#include <memo/store/memory_engine.hpp>

#include "memory_shard.hpp"

#include <algorithm>
#include <numeric>
#include <thread>
#include <utility>

namespace memo::detail {

namespace {

constexpr std::size_t many_shards = 16;
constexpr std::size_t sweep_step = 1024;  // buckets and entries looked at by one call

}  // namespace

memory_engine::memory_engine(memory_limits limits, order_maker make_order, store_watcher* watcher)
    : budget_{limits.entries, limits.weight}, cleanup_interval_{limits.cleanup_interval}, watcher_{watcher} {
    auto const count = limits.exact_order ? 1 : many_shards;
    auto const errors = shard::error_limits{std::max<std::size_t>(limits.entries / 10 / count, 1), limits.weight / 10 / count};
    shards_.reserve(count);
    for (std::size_t made = 0; made != count; ++made)
        shards_.push_back(std::make_unique<shard>(make_order(), budget_, errors));
}

memory_engine::~memory_engine() {
    for (auto const& home : shards_) {
        home->index.each([&](entry& held) {
            home->order->forget(held);
            held.destroy();
        });
    }
}

memory_engine::shard& memory_engine::shard_of(std::uint64_t place) const noexcept {
    return *shards_[(place >> 48) & (shards_.size() - 1)];
}

memory_engine::found memory_engine::locate(shard& home, key_view const& key, duration now) {
    found at{graveyard{watcher_}, std::unique_lock{home.mutex}, home.locate(key)};
    if (at.held != nullptr && at.held->expired(now))
        home.bury(*std::exchange(at.held, nullptr), evict_cause::expired, at.dead);
    return at;
}

memory_engine::found memory_engine::read(key_view const& key, duration now, wanted what) {
    auto& home = shard_of(key.place);
    found at = locate(home, key, now);
    if (at.held == nullptr)
        return at;
    bool const fresh = at.held->fresh(now);
    if (!fresh && what == wanted::fresh) {
        at.held = nullptr;
        return at;
    }
    home.order->touch(*at.held);
    home.hits += fresh;
    if (at.held->idle_at != duration::max())
        at.held->idle_at = later(now, at.held->kept.idle);
    return at;
}

memory_engine::found memory_engine::peek(key_view const& key, duration now) {
    auto at = inspect(key, now);
    if (at.held != nullptr && !at.held->fresh(now))
        at.held = nullptr;
    return at;
}

memory_engine::found memory_engine::inspect(key_view const& key, duration now) {
    auto& home = shard_of(key.place);
    found at{graveyard{watcher_}, std::unique_lock{home.mutex}, home.locate(key)};
    if (at.held != nullptr && at.held->expired(now))
        at.held = nullptr;
    return at;
}

memory_engine::begun memory_engine::begin(std::shared_ptr<lease> const& mine, duration now, bool shares) {
    begun start{find(mine->key(), now), nullptr};
    if (start.hit.held != nullptr)
        return start;
    auto& home = shard_of(mine->place);
    if (shares)
        start.joined = home.leases.joinable(mine->key());
    if (start.joined == nullptr)
        home.leases.enter(mine, next_in_sequence(), shares);
    return start;
}

void memory_engine::open(std::shared_ptr<lease> const& mine, bool shares) {
    auto& home = shard_of(mine->place);
    std::lock_guard const lock{home.mutex};
    home.leases.enter(mine, next_in_sequence(), shares);
}

bool memory_engine::renew(std::shared_ptr<lease> const& mine, bool shares) {
    auto& home = shard_of(mine->place);
    std::lock_guard const lock{home.mutex};
    if (home.leases.in_flight(mine->key()))
        return false;
    home.leases.enter(mine, next_in_sequence(), shares);
    return true;
}

void memory_engine::relieve(lease& slow) noexcept {
    std::lock_guard const lock{shard_of(slow.place).mutex};
    lease_table::relieve(slow);
}

void memory_engine::postpone(lease const& mine, duration until) noexcept {
    auto& home = shard_of(mine.place);
    std::lock_guard const lock{home.mutex};
    if (auto* const held = mine.standing() ? home.locate(mine.key()) : nullptr) {
        ++held->failures;
        held->retry_at = until;
    }
}

store_outcome memory_engine::commit(lease& mine, entry_ptr fresh) {
    auto& home = shard_of(mine.place);
    graveyard dead{watcher_};
    std::unique_lock lock{home.mutex};
    fresh->sequence = mine.sequence();
    auto const outcome = place(home, lock, {.mine = &mine}, fresh, dead);
    home.leases.revoke(mine, dead);
    return outcome;
}

void memory_engine::abandon(lease& mine) noexcept {
    auto& home = shard_of(mine.place);
    graveyard dead{watcher_};
    std::unique_lock const lock{home.mutex};
    home.leases.revoke(mine, dead);
}

store_outcome memory_engine::set_if(entry_ptr fresh, held_check const& holds, earlier_runs runs) {
    auto& home = shard_of(fresh->place);
    graveyard dead{watcher_};
    std::unique_lock lock{home.mutex};
    fresh->sequence = next_in_sequence();
    return place(home, lock, {.holds = holds ? &holds : nullptr, .runs = runs}, fresh, dead);
}

bool memory_engine::discard_if(key_view const& key, duration now, held_check const& holds) {
    auto& home = shard_of(key.place);
    auto at = locate(home, key, now);
    if (at.held == nullptr || !holds(at.held))
        return false;
    home.bury(*at.held, evict_cause::explicit_, at.dead);
    return true;
}

store_outcome memory_engine::place(shard& home, std::unique_lock<mutex>& lock, claim const& by, entry_ptr& fresh,
                                   graveyard& dead) {
    auto const weight = fresh->kept.weight;
    entry* old = nullptr;
    std::size_t more_entries = 0;
    std::size_t more_weight = 0;
    for (;;) {
        if (by.mine != nullptr && !by.mine->standing())
            return store_outcome::fenced;
        old = home.locate(fresh->key());
        if (old != nullptr && old->expired(fresh->kept.created)) {
            home.bury(*old, evict_cause::expired, dead);
            old = nullptr;
        }
        if (by.holds != nullptr && !(*by.holds)(old))
            return store_outcome::fenced;
        if (by.runs == earlier_runs::end)
            home.leases.supersede(fresh->key(), fresh->sequence, dead);
        home.make_room_among_errors(*fresh, old, dead);
        if (!budget_.allows(weight)) {
            if (old != nullptr)
                home.bury(*old, evict_cause::replaced, dead);
            return store_outcome::too_heavy;
        }
        more_entries = old == nullptr ? 1 : 0;
        more_weight = old == nullptr ? weight : weight - std::min(old->kept.weight, weight);
        if (budget_.reserve(more_entries, more_weight))
            break;
        if (auto* const victim = home.order->victim()) {
            home.bury_victim(*victim, fresh->kept.created, dead);
        } else {
            lock.unlock();
            evict_elsewhere(home, fresh->kept.created, dead);
            lock.lock();
        }
    }
    mark_timed(*fresh);
    try {
        home.put(fresh, old, dead);
    } catch (...) {
        budget_.release(more_entries, more_weight);
        throw;
    }
    return store_outcome::stored;
}

void memory_engine::evict_elsewhere(shard const& home, duration now, graveyard& dead) noexcept {
    for (auto const& other : shards_) {
        if (other.get() == &home)
            continue;
        std::lock_guard const lock{other->mutex};
        if (auto* const victim = other->order->victim())
            return other->bury_victim(*victim, now, dead);
    }
    std::this_thread::yield();
}

evicted memory_engine::erase(key_view const& key) {
    return erase_at(key.place, [&](key_view const& held) { return held == key; });
}

evicted memory_engine::erase_text(std::uint64_t place, std::string_view text) {
    return erase_at(place, [&](key_view const& held) { return held.text == text; });
}

evicted memory_engine::erase_at(std::uint64_t place, std::function<bool(key_view const&)> const& chosen) {
    eviction all{evict_cause::explicit_, graveyard{watcher_}};
    auto& home = shard_of(place);
    std::lock_guard const lock{home.mutex};
    home.leases.revoke_at(place, [&](lease const& flying) { return chosen(flying.key()); }, all.dead);
    home.index.each_at(place, [&](entry& held) { all.erase(home, held, chosen(held.key())); });
    return evicted{all.count};
}

evicted memory_engine::erase_tag(std::string_view tag, evict_cause cause) {
    eviction all{cause, graveyard{watcher_}};
    for (auto const& home : shards_) {
        std::lock_guard const lock{home->mutex};
        auto const tagged = [&](lease const& flying) { return std::ranges::find(flying.tags(), tag) != flying.tags().end(); };
        home->leases.revoke_if(tagged, all.dead);
        while (auto* const group = home->tags.find(tag))
            all.erase(*home, *group->first->owner, true);
    }
    return evicted{all.count};
}

evicted memory_engine::erase_if(evict_cause cause, std::function<bool(key_view const&)> const& chosen) {
    eviction all{cause, graveyard{watcher_}};
    for (auto const& home : shards_) {
        std::lock_guard const lock{home->mutex};
        home->leases.revoke_if([&](lease const& flying) { return chosen(flying.key()); }, all.dead);
        home->index.each([&](entry& held) { all.erase(*home, held, chosen(held.key())); });
    }
    return evicted{all.count};
}

std::shared_ptr<lease> memory_engine::find_lease(key_view const& key, std::uint64_t sequence) const {
    auto& home = shard_of(key.place);
    std::lock_guard const lock{home.mutex};
    return home.leases.find(key, sequence);
}

void memory_engine::revoke_if(std::function<bool(lease const&)> const& chosen) noexcept {
    graveyard dead{watcher_};
    for (auto const& home : shards_) {
        std::lock_guard const lock{home->mutex};
        home->leases.revoke_if(chosen, dead);
    }
}

void memory_engine::each_in_shard(std::size_t number, std::function<void(entry const&)> const& seen) const {
    auto& home = *shards_[number];
    std::lock_guard const lock{home.mutex};
    home.index.each([&](entry const& held) { seen(held); });
}

bool memory_engine::touch(key_view const& key, duration ttl, duration now) {
    auto& home = shard_of(key.place);
    auto at = locate(home, key, now);
    if (at.held == nullptr || !at.held->fresh(now))
        return false;
    at.held->kept.ttl = std::max(ttl, duration::zero());
    at.held->start_life(now);
    home.order->touch(*at.held);
    mark_timed(*at.held);
    if (ttl <= duration::zero())
        home.bury(*at.held, evict_cause::expired, at.dead);
    return true;
}

void memory_engine::mark_timed(entry const& fresh) noexcept {
    if (fresh.kept.ttl == duration::max() && fresh.kept.idle == duration::max())
        return;
    timed_.store(true, std::memory_order_relaxed);
    auto unset = duration::max().count();
    next_sweep_.compare_exchange_strong(unset, later(fresh.kept.created, cleanup_interval_).count(),
                                        std::memory_order_relaxed);
}

void memory_engine::sweep(duration now) {
    if (now.count() < next_sweep_.load(std::memory_order_relaxed))
        return;
    graveyard dead{watcher_};
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
        if (sweep_bucket_ >= home.index.buckets())
            sweep_bucket_ = 0, ++sweep_shard_;
    }
}

void memory_engine::before_fork() noexcept {
    sweeping_.lock();
    for (auto const& home : shards_)
        home->mutex.lock();
}

void memory_engine::after_fork(fork_side side) noexcept {
    graveyard dead{nullptr};
    auto const lost = [&](lease& flying) { return side == fork_side::child && !flying.survive_fork(); };
    for (auto const& home : shards_) {
        home->leases.revoke_if(lost, dead);
        home->mutex.unlock();
    }
    sweeping_.unlock();
}

void memory_engine::count_into(stats& sum) const {
    for (auto const& home : shards_) {
        std::lock_guard const lock{home->mutex};
        home->count_into(sum);
    }
    sum.expirations = sum.evictions_by_cause[static_cast<std::size_t>(evict_cause::expired)];
    sum.evictions = std::accumulate(sum.evictions_by_cause.begin(), sum.evictions_by_cause.end(), std::uint64_t{}) - sum.expirations;
}

bool memory_engine::validate() const {
    shard::census all;
    bool const sound = std::ranges::all_of(shards_, [&](auto const& home) {
        std::lock_guard const lock{home->mutex};
        return home->validate(all, [&](std::uint64_t place) { return &shard_of(place) == home.get(); });
    });
    return sound && all.entries == budget_.entries() && all.weight == budget_.weight();
}

}  // namespace memo::detail
