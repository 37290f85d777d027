#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/size_explanation.hpp>
#include <memo/base/stats.hpp>
#include <memo/base/sync.hpp>
#include <memo/base/tally.hpp>
#include <memo/store/budget.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/graveyard.hpp>
#include <memo/store/lease.hpp>
#include <memo/store/node_table.hpp>
#include <memo/store/size_watch.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// Who leaves, as the engine sees it: a policy's order over hooks, without its type.
class entry_order {
public:
    virtual ~entry_order() = default;
    virtual void admit(entry& fresh) noexcept = 0;
    virtual void touch(entry& held) noexcept = 0;
    virtual void replace(entry& old, entry& fresh) noexcept = 0;
    virtual void forget(entry& held) noexcept = 0;
    /// Returns: whether all are forgotten; if not, each has to be.
    virtual bool clear() noexcept = 0;
    /// A read at a place that the order watches.
    virtual void watch(std::uint64_t place) noexcept = 0;
    virtual entry* victim() noexcept = 0;
    virtual bool validate() const noexcept = 0;
};

/// The memory store without its type: sharded index, order, exact bounds, expiry, tags and leases.
///
/// Threads: any. One mutex a shard, which a look does not take; no user code runs under it.
/// Cost:    constant per operation on the mean; by tag, by the entries of the tag; by predicate, by all. To clear takes a shard's mutex
///          for some 75 ns an entry of it, for more where each must be forgotten; what went ends afterwards.
class memory_engine final : fork_aware {
public:
    /// What a shard knows its entries by.
    struct shelf {
        std::unique_ptr<node_table<entry>> index;
        std::unique_ptr<entry_order> order;
    };
    /// By the number of its shard.
    using shelf_maker = std::function<shelf(std::size_t number)>;
    static std::size_t shards_within(memory_limits const& limits) noexcept { return limits.exact_order ? 1 : 16; }

    memory_engine(memory_limits limits, shelf_maker const& make, entry_end end, store_watcher* watcher);
    ~memory_engine();

    /// Which shard a place falls to.
    std::size_t number_of(std::uint64_t place) const noexcept { return (place >> 48) & last_shard_; }

    /// What was looked at was a hit.
    [[gnu::always_inline]] void count_hit(reader const* by) noexcept {
        if (counts_)
            hits_.add(by);
    }
    /// It was read at a place that the order watches.
    void watch(std::uint64_t place) noexcept;
    /// What the size is worth: hears of all reads without a lock.
    size_watch& sizes() noexcept { return sizes_; }
    size_watch const& sizes() const noexcept { return sizes_; }

    /// An entry that is held still while its result is read; null when there is none. Members end in reverse order, so that
    /// what expired on the way is buried after the lock is gone.
    struct found {
        graveyard dead;
        std::unique_lock<brief_mutex> lock;
        entry* held = nullptr;
    };

    /// A read of what is fresh: counts a hit and moves the order.
    found find(key_view const& key, duration now) { return read(key, now, wanted::fresh); }
    /// A read of what is fresh or stale: moves the order, and counts a hit when it is fresh.
    found recall(key_view const& key, duration now) { return read(key, now, wanted::stale_too); }
    /// A look at what is fresh: nothing moves.
    found peek(key_view const& key, duration now);
    /// A look at what is fresh or stale.
    found inspect(key_view const& key, duration now);

    struct begun {
        found hit;                      ///< the entry came meanwhile
        std::shared_ptr<lease> joined;  ///< or the run that is in flight for this key; null: `mine` stands, run
    };
    begun begin(std::shared_ptr<lease> const& mine, duration now, bool shares);
    /// A lease for a run that is wanted whatever is stored.
    void open(std::shared_ptr<lease> const& mine, bool shares);
    /// The same, unless a run for this key is in flight. Returns: whether the lease was handed out.
    bool renew(std::shared_ptr<lease> const& mine, bool shares);

    /// Stores the result of a run while its lease stands; the lease ends either way.
    store_outcome commit(lease& mine, entry_ptr fresh);
    /// The run has no result.
    void abandon(lease& mine) noexcept;
    /// No further call joins the run, nor counts on it.
    void relieve(lease& slow) noexcept;
    /// The run failed: its entry is not to be renewed before. Returns: whether the lease stood; if not, nothing is postponed.
    bool postpone(lease const& mine, duration until) noexcept;
    /// What an entry that is held, or null, has to be; runs under a lock and must not be user code.
    using held_check = std::function<bool(entry const*)>;
    enum class earlier_runs { end, stand };
    /// Stores where the check holds. Returns: `fenced` where it does not. An empty check always does.
    store_outcome set_if(entry_ptr fresh, held_check const& holds, earlier_runs runs);
    /// Stores a result that wins over all runs in flight for its key.
    store_outcome set(entry_ptr fresh) { return set_if(std::move(fresh), {}, earlier_runs::end); }
    /// Removes an entry for which the check holds; runs in flight stand on. Returns: whether it did.
    bool discard_if(key_view const& key, duration now, held_check const& holds);

    evicted erase(key_view const& key);
    /// By readable key; `place` is where that text stands.
    evicted erase_text(std::uint64_t place, std::string_view text);
    evicted erase_tag(std::string_view tag, evict_cause cause = evict_cause::tag);
    /// Of all entries and runs in flight.
    evicted clear(evict_cause cause);
    /// By key, of entries and runs in flight alike. `chosen` runs under a lock and must not be user code.
    evicted erase_if(evict_cause cause, std::function<bool(key_view const&)> const& chosen);
    /// The same, at one place.
    evicted erase_at(std::uint64_t place, std::function<bool(key_view const&)> const& chosen);

    /// The lease of the run for this key that began then, while it stands; else null.
    std::shared_ptr<lease> find_lease(key_view const& key, std::uint64_t sequence) const;
    void revoke_if(std::function<bool(lease const&)> const& chosen) noexcept;

    std::size_t shards() const noexcept { return shards_.size(); }
    /// Shows all that is held in one shard, under its lock.
    void each_in_shard(std::size_t number, std::function<void(entry const&)> const& seen) const;

    /// Restarts the life of a fresh entry; `ttl` of zero or less ends it.
    bool touch(key_view const& key, duration ttl, duration now);
    /// Removes expired entries when that is due; a small step a call.
    void sweep(duration now) {
        if (now.count() >= next_sweep_.load(std::memory_order_relaxed))
            sweep_due(now);
    }

    /// Whether anything held can expire: as long as not, nobody needs to read a clock.
    bool timed() const noexcept { return timed_.load(std::memory_order_relaxed); }
    std::size_t size() const noexcept { return budget_.entries(); }
    /// Adds hits, evictions by cause, expirations, items and bytes.
    void count_into(stats& sum) const;
    /// Whether every structural invariant holds; no other thread may be at work.
    bool validate() const;

private:
    struct shard;
    struct eviction;
    enum class wanted { fresh, stale_too };
    /// By what right an entry is stored.
    struct claim {
        lease* mine = nullptr;
        held_check const* holds = nullptr;
        earlier_runs runs = earlier_runs::end;
        std::uint64_t sequence = 0;
    };

    std::vector<std::unique_ptr<shard>> made_shards(memory_limits const& limits, shelf_maker const& make, entry_end end);
    shard& shard_of(std::uint64_t place) const noexcept;
    found locate(shard& home, key_view const& key, duration now);
    found read(key_view const& key, duration now, wanted what);
    /// What was found is read, if it is wanted; else null.
    entry* wake(shard& home, entry& held, duration now, wanted what) noexcept;
    store_outcome place(shard& home, std::unique_lock<brief_mutex>& lock, claim const& by, entry_ptr& fresh, graveyard& dead);
    void sweep_due(duration now);
    void evict_elsewhere(shard const& home, duration now, allowance& room, graveyard& dead) noexcept;
    void mark_timed(entry const& fresh) noexcept;
    void before_fork() noexcept override;
    void after_fork(fork_side side) noexcept override;

    std::uint64_t last_shard_;
    bool counts_;
    tally hits_;
    budget budget_;
    size_watch sizes_{budget_, hits_, counts_};
    duration cleanup_interval_;
    store_watcher* watcher_;
    std::vector<std::unique_ptr<shard>> shards_;
    atomic<bool> timed_{false};
    atomic<duration::rep> next_sweep_{duration::max().count()};
    mutex sweeping_;
    std::size_t sweep_shard_ = 0;
    std::size_t sweep_bucket_ = 0;
    fork_enrolment enrolment_{*this};
};

}  // namespace memo::detail
