#pragma once

#include <memo/base/block_bytes.hpp>
#include <memo/base/glob.hpp>
#include <memo/base/size_explanation.hpp>
#include <memo/policy/concept.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/memory_engine.hpp>
#include <memo/store/memory_looks.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// Results in this process, typed. `Held` is what is copied out where a read takes the lock, so copying it runs no user code: a
/// small result that copies trivially, or what shares another: a `shared_ptr`, a `shared_text`. Most hits take none: they copy the result under a pin.
template <class Held, eviction_policy Order, copies Copies = copies::none>
class memory_store : public memory_looks<Held, Order, Copies> {
    static_assert(std::is_nothrow_move_constructible_v<Held>);
    using base = memory_looks<Held, Order, Copies>;
    using typename base::cell;
    using typename base::table;
    using base::engine_;

public:
    using value_type = Held;
    /// Whether a miss may be left to `begin`, which reads under the lock all the same.
    static constexpr bool begin_reads = touches_unlocked<Order>;

    explicit memory_store(memory_limits limits, store_watcher* watcher = nullptr) : base{limits, watcher} {}
    template <std::same_as<store_plan> Plan>
    memory_store(Plan const& plan, store_watcher* watcher) : memory_store{plan.limits, watcher} {}

    std::optional<Held> get(key_view const& key, duration now) {
        if constexpr (touches_unlocked<Order>)
            if (auto const seen = this->look(key, now))
                return *seen;
        return copy(engine_.find(key, now));
    }
    std::optional<Held> peek(key_view const& key, duration now) { return copy(engine_.peek(key, now)); }

    std::optional<recalled<Held>> recall(key_view const& key, duration now) {
        auto const at = engine_.recall(key, now);
        return at.held == nullptr ? std::nullopt
                                  : std::optional{recalled<Held>{static_cast<cell const*>(at.held)->held, at.held->stands()}};
    }

    std::optional<entry_facts> facts(key_view const& key, duration now) {
        auto const at = engine_.inspect(key, now);
        return at.held == nullptr ? std::nullopt : std::optional{entry_facts{at.held->stands(), at.held->tags()}};
    }

    /// A lease for a run that is wanted whatever is stored.
    void open(std::shared_ptr<lease> const& mine, bool shares) { engine_.open(mine, shares); }
    /// A lease for a run that is wanted whatever is stored, unless one is in flight.
    bool renew(std::shared_ptr<lease> const& mine, bool shares) { return engine_.renew(mine, shares); }

    started<Held> begin(std::shared_ptr<lease> const& mine, duration now, bool shares) {
        auto start = engine_.begin(mine, now, shares);
        return {copy(start.hit), std::move(start.joined)};
    }

    /// `owned` is what the result owns beyond itself, in bytes.
    store_outcome commit(lease& mine, Held result, terms kept, std::size_t owned) {
        return engine_.commit(mine, make(mine.key(), std::move(result), std::move(kept), owned));
    }

    void abandon(lease& mine) noexcept { engine_.abandon(mine); }
    /// No further call joins the run; its result is stored all the same, unless a later one was.
    void relieve(lease& slow) noexcept { engine_.relieve(slow); }
    /// The run failed: what it was to renew should not be tried again before. Returns: whether the lease stood; if not, nothing is postponed.
    bool postpone(lease const& mine, duration until) noexcept { return engine_.postpone(mine, until); }

    store_outcome set(key_view const& key, Held result, terms kept, std::size_t owned) {
        return engine_.set(make(key, std::move(result), std::move(kept), owned));
    }

    using earlier_runs = memory_engine::earlier_runs;

    /// Stores where `holds(Held const*)` does, of what is held, or null. Returns: `fenced` where it does not.
    template <class Check>
    store_outcome set_if(key_view const& key, Held result, terms kept, std::size_t owned, earlier_runs runs, Check holds) {
        return engine_.set_if(make(key, std::move(result), std::move(kept), owned), on_cell(holds), runs);
    }
    /// Removes a result for which `holds(Held const*)` does; runs in flight stand on. Returns: whether it did.
    template <class Check>
    bool discard_if(key_view const& key, duration now, Check holds) {
        return engine_.discard_if(key, now, on_cell(holds));
    }

    evicted erase(key_view const& key) { return engine_.erase(key); }
    evicted erase_text(std::uint64_t place, std::string_view text, reach = reach::everywhere) {
        return engine_.erase_text(place, text);
    }
    evicted erase_tag(std::string_view tag, reach = reach::everywhere) { return engine_.erase_tag(tag); }
    evicted erase_pattern(std::string_view glob, reach = reach::everywhere) {
        return erase_if(evict_cause::pattern, [glob](key_view const& key) { return glob_match(glob, key.text); });
    }
    evicted erase_all(reach = reach::everywhere) {
        return engine_.clear(evict_cause::cleared);
    }
    /// By a tag that is no user's.
    evicted erase_group(std::string_view group) { return engine_.erase_tag(group, evict_cause::cleared); }
    /// `chosen` runs under a lock.
    evicted erase_if(evict_cause cause, std::function<bool(key_view const&)> const& chosen) {
        return engine_.erase_if(cause, chosen);
    }
    evicted erase_at(std::uint64_t place, std::function<bool(key_view const&)> const& chosen) {
        return engine_.erase_at(place, chosen);
    }

    std::shared_ptr<lease> find_lease(key_view const& key, std::uint64_t sequence) const {
        return engine_.find_lease(key, sequence);
    }
    void revoke_if(std::function<bool(lease const&)> const& chosen) noexcept { engine_.revoke_if(chosen); }

    std::size_t shards() const noexcept { return engine_.shards(); }
    void each_in_shard(std::size_t number, std::function<void(entry const&)> const& seen) const {
        engine_.each_in_shard(number, seen);
    }

    bool touch(key_view const& key, duration ttl, duration now) { return engine_.touch(key, ttl, now); }
    void sweep(duration now) { engine_.sweep(now); }
    bool timed() const noexcept { return engine_.timed(); }
    std::size_t size() const noexcept { return engine_.size(); }
    void count_into(stats& sum) const { engine_.count_into(sum); }
    /// What the size is worth; the first call begins to watch.
    size_explanation explain_size(duration now) { return engine_.sizes().explain(now); }
    /// Asked now and then, lets what is watched for `explain_size` go on.
    void beat() noexcept { engine_.sizes().beat(); }
    bool validate() const { return engine_.validate(); }

    /// Bytes of an entry: its block, with what the allocator adds, its tags, what the result owns, and its share of the index and
    /// of what the order keeps beside.
    static std::size_t footprint(key_view const& key, terms const& kept, std::size_t owned) noexcept {
        auto bytes = block_bytes(sizeof(cell) + entry::room_for(key)) + owned + table::bytes_a_node + bytes_beside<Order>;
        if (kept.are_rare())
            bytes += block_bytes(sizeof(entry_extras));
        for (auto const& tag : kept.tags)
            bytes += sizeof tag + sizeof(tag_link) + tag.capacity();
        return bytes;
    }

private:
    static std::optional<Held> copy(memory_engine::found const& at) {
        return at.held == nullptr ? std::nullopt : std::optional<Held>{static_cast<cell const*>(at.held)->held};
    }

    template <class Check>
    static memory_engine::held_check on_cell(Check& holds) {
        return [&holds](entry const* at) { return holds(at == nullptr ? nullptr : &static_cast<cell const*>(at)->held); };
    }

    static entry_ptr make(key_view const& key, Held&& result, terms&& kept, std::size_t owned) {
        auto const bytes = footprint(key, kept, owned);
        auto* const block = static_cast<char*>(base::room_for(sizeof(cell) + entry::room_for(key)));
        try {
            entry_ptr fresh{new (block) cell{key, std::move(kept), block + sizeof(cell), std::move(result)}, &base::end};
            fresh->bytes = bytes;
            return fresh;
        } catch (...) {
            base::give_back(block);
            throw;
        }
    }
};

}  // namespace memo::detail
