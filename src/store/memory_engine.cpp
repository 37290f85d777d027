#include <memo/store/memory_engine.hpp>

#include "last_check.hpp"
#include "memory_shard.hpp"

#include <algorithm>
#include <numeric>
#include <thread>
#include <utility>

namespace memo::detail {

memory_engine::memory_engine(memory_limits limits, shelf_maker const& make, entry_end end, store_watcher* watcher)
    : last_shard_{shards_within(limits) - 1}, counts_{limits.counted}, budget_{limits.entries, limits.weight},
      cleanup_interval_{limits.cleanup_interval}, watcher_{watcher}, shards_{made_shards(limits, make, end)} {}

/// All there are, before anybody is asked at a fork.
auto memory_engine::made_shards(memory_limits const& limits, shelf_maker const& make, entry_end end) -> std::vector<std::unique_ptr<shard>> {
    auto const count = static_cast<std::size_t>(last_shard_ + 1);
    auto const errors = shard::error_limits{std::max<std::size_t>(limits.entries / 10 / count, 1), limits.weight / 10 / count};
    std::vector<std::unique_ptr<shard>> all;
    all.reserve(count);
    while (all.size() != count)
        all.push_back(std::make_unique<shard>(shard::rank{all.size(), count}, make(all.size()), budget_, errors, end));
    return all;
}

memory_engine::~memory_engine() {
    check_at_end(*this);
    for (auto const& home : shards_) {
        graveyard left{nullptr, home->readers};
        home->index->each([&](entry& held) {
            home->order->forget(held);
            left.bury(held, evict_cause::capacity);
        });
    }
}

memory_engine::shard& memory_engine::shard_of(std::uint64_t place) const noexcept {
    return *shards_[number_of(place)];
}

void memory_engine::watch(std::uint64_t place) noexcept {
    auto& home = shard_of(place);
    std::unique_lock const lock{home.mutex, std::try_to_lock};
    if (lock.owns_lock())
        home.order->watch(place);
}

memory_engine::found memory_engine::locate(shard& home, key_view const& key, duration now) {
    found at{graveyard{watcher_, home.readers}, std::unique_lock{home.mutex}, home.locate(key)};
    if (at.held != nullptr && at.held->expired(now))
        home.bury(*std::exchange(at.held, nullptr), evict_cause::expired, at.dead);
    return at;
}

memory_engine::found memory_engine::read(key_view const& key, duration now, wanted what) {
    auto& home = shard_of(key.place);
    auto at = locate(home, key, now);
    if (at.held != nullptr)
        at.held = wake(home, *at.held, now, what);
    return at;
}

entry* memory_engine::wake(shard& home, entry& held, duration now, wanted what) noexcept {
    bool const fresh = held.fresh(now);
    if (!fresh && what == wanted::fresh)
        return nullptr;
    home.order->touch(held);
    if (fresh) {
        count_hit(this_reader());
        if (sizes_.watches(held.place))
            sizes_.read(held.place, held.cost);
    }
    held.read(now);
    return &held;
}

memory_engine::found memory_engine::peek(key_view const& key, duration now) {
    auto at = inspect(key, now);
    if (at.held != nullptr && !at.held->fresh(now))
        at.held = nullptr;
    return at;
}

memory_engine::found memory_engine::inspect(key_view const& key, duration now) {
    auto& home = shard_of(key.place);
    found at{graveyard{watcher_, home.readers}, std::unique_lock{home.mutex}, home.locate(key)};
    if (at.held != nullptr && at.held->expired(now))
        at.held = nullptr;
    return at;
}

memory_engine::begun memory_engine::begin(std::shared_ptr<lease> const& mine, duration now, bool shares) {
    auto const key = mine->key();
    auto& home = shard_of(key.place);
    begun start{locate(home, key, now), nullptr};
    bool const alone = start.hit.held == nullptr;
    if (!alone)
        start.hit.held = wake(home, *start.hit.held, now, wanted::fresh);
    if (start.hit.held != nullptr)
        return start;
    if (shares && !home.leases.empty())
        start.joined = home.leases.joinable(key);
    if (start.joined != nullptr)
        return start;
    home.leases.enter(mine, home.next_in_sequence(), shares);
    if (alone)
        lease_table::leave_alone(*mine);
    return start;
}

void memory_engine::open(std::shared_ptr<lease> const& mine, bool shares) {
    auto& home = shard_of(mine->place);
    std::lock_guard const lock{home.mutex};
    home.leases.enter(mine, home.next_in_sequence(), shares);
}

bool memory_engine::renew(std::shared_ptr<lease> const& mine, bool shares) {
    auto& home = shard_of(mine->place);
    std::lock_guard const lock{home.mutex};
    if (home.leases.in_flight(mine->key()))
        return false;
    home.leases.enter(mine, home.next_in_sequence(), shares);
    return true;
}

void memory_engine::relieve(lease& slow) noexcept {
    std::lock_guard const lock{shard_of(slow.place).mutex};
    lease_table::relieve(slow);
}

bool memory_engine::postpone(lease const& mine, duration until) noexcept {
    auto& home = shard_of(mine.place);
    std::lock_guard const lock{home.mutex};
    if (!mine.standing())
        return false;
    if (auto* const held = home.locate(mine.key()))
        held->fail(until);
    return true;
}

store_outcome memory_engine::commit(lease& mine, entry_ptr fresh) {
    auto& home = shard_of(mine.place);
    graveyard dead{watcher_, home.readers};
    std::unique_lock lock{home.mutex};
    auto const outcome = place(home, lock, {.mine = &mine, .sequence = mine.sequence()}, fresh, dead);
    home.leases.revoke(mine, dead);
    return outcome;
}

void memory_engine::abandon(lease& mine) noexcept {
    auto& home = shard_of(mine.place);
    graveyard dead{watcher_, home.readers};
    std::unique_lock const lock{home.mutex};
    home.leases.revoke(mine, dead);
}

store_outcome memory_engine::set_if(entry_ptr fresh, held_check const& holds, earlier_runs runs) {
    auto& home = shard_of(fresh->place);
    graveyard dead{watcher_, home.readers};
    std::unique_lock lock{home.mutex};
    claim const by{.holds = holds ? &holds : nullptr, .runs = runs, .sequence = home.next_in_sequence()};
    return place(home, lock, by, fresh, dead);
}

bool memory_engine::discard_if(key_view const& key, duration now, held_check const& holds) {
    auto& home = shard_of(key.place);
    auto at = locate(home, key, now);
    if (at.held == nullptr || !holds(at.held))
        return false;
    home.bury(*at.held, evict_cause::explicit_, at.dead);
    return true;
}

store_outcome memory_engine::place(shard& home, std::unique_lock<brief_mutex>& lock, claim const& by, entry_ptr& fresh,
                                   graveyard& dead) {
    auto const weight = fresh->weight;
    allowance room{budget_};
    for (;;) {
        if (by.mine != nullptr && !by.mine->standing())
            return store_outcome::fenced;
        auto const key = fresh->key();
        auto* old = by.mine != nullptr && lease_table::is_alone(*by.mine) ? nullptr : home.locate(key);
        if (old != nullptr && old->expired(fresh->created))
            home.bury(*std::exchange(old, nullptr), evict_cause::expired, dead);
        if (by.holds != nullptr && !(*by.holds)(old))
            return store_outcome::fenced;
        if (by.mine == nullptr || !home.leases.has_only(*by.mine))
            home.leases.supersede(key, by.runs == earlier_runs::end ? by.sequence : 0, dead);
        if (by.mine != nullptr && by.mine->stopped_at != 0) {
            if (old != nullptr)
                home.bury(*old, evict_cause::replaced, dead);
            return store_outcome::fenced;
        }
        home.make_room_among_errors(*fresh, old, dead);
        if (!budget_.allows(weight)) {
            if (old != nullptr)
                home.bury(*old, evict_cause::replaced, dead);
            return store_outcome::too_heavy;
        }
        entry* victim = nullptr;
        do {
            auto const entries = std::size_t{old == nullptr};
            auto const more = old == nullptr ? weight : weight - std::min(old->weight, weight);
            if (room.cover(entries, more)) {
                mark_timed(*fresh);
                sizes_.stored(fresh->place, fresh->cost);
                home.put(fresh, old, dead);
                room.spend(entries, more);
                return store_outcome::stored;
            }
            victim = home.order->victim();
            if (victim != nullptr)
                home.bury_victim(*victim, fresh->created, room, dead);
            if (victim == old)
                old = nullptr;
        } while (victim != nullptr);
        lock.unlock();
        evict_elsewhere(home, fresh->created, room, dead);
        lock.lock();
    }
}

void memory_engine::evict_elsewhere(shard const& home, duration now, allowance& room, graveyard& dead) noexcept {
    for (auto const& other : shards_) {
        if (other.get() == &home)
            continue;
        std::lock_guard const lock{other->mutex};
        if (auto* const victim = other->order->victim())
            return other->bury_victim(*victim, now, room, dead);
    }
    room.give_back();  // to whoever has gathered more
    std::this_thread::yield();
}

std::shared_ptr<lease> memory_engine::find_lease(key_view const& key, std::uint64_t sequence) const {
    auto& home = shard_of(key.place);
    std::lock_guard const lock{home.mutex};
    return home.leases.find(key, sequence);
}

void memory_engine::each_in_shard(std::size_t number, std::function<void(entry const&)> const& seen) const {
    auto& home = *shards_[number];
    std::lock_guard const lock{home.mutex};
    home.index->each([&](entry const& held) { seen(held); });
}

bool memory_engine::touch(key_view const& key, duration ttl, duration now) {
    auto& home = shard_of(key.place);
    auto at = locate(home, key, now);
    if (at.held == nullptr || !at.held->fresh(now))
        return false;
    home.revive(*at.held, now, std::max(ttl, duration::zero()));
    mark_timed(*at.held);
    if (ttl <= duration::zero())
        home.bury(*at.held, evict_cause::expired, at.dead);
    return true;
}

void memory_engine::mark_timed(entry const& fresh) noexcept {
    if (!fresh.timed())
        return;
    timed_.store(true, std::memory_order_relaxed);
    auto unset = duration::max().count();
    next_sweep_.compare_exchange_strong(unset, later(fresh.created, cleanup_interval_).count(),
                                        std::memory_order_relaxed);
}

void memory_engine::before_fork() noexcept {
    sweeping_.lock();
    for (auto const& home : shards_) {
        home->mutex.lock();
        home->readers.before_fork();
    }
    sizes_.before_fork();
}

/// What a thread had reserved that is no more, nobody will give back.
void memory_engine::after_fork(fork_side side) noexcept {
    if (side == fork_side::child) {
        std::size_t entries = 0;
        std::size_t weight = 0;
        for (auto const& home : shards_) {
            entries += home->index->size();
            weight += home->total_weight;
        }
        budget_.settle(entries, weight);
    }
    sizes_.after_fork();
    graveyard dead;
    auto const lost = [&](lease& flying) { return side == fork_side::child && !flying.survive_fork(); };
    for (auto const& home : shards_) {
        home->readers.after_fork();
        home->leases.revoke_if(lost, dead);
        home->mutex.unlock();
    }
    sweeping_.unlock();
}

void memory_engine::count_into(stats& sum) const {
    sum.hits += hits_.sum();
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
    return sound && sizes_.validate() && all.entries == budget_.entries() && (!budget_.weighs() || all.weight == budget_.weight());
}

}  // namespace memo::detail
