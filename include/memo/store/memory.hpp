#pragma once

#include <memo/base/block_bytes.hpp>
#include <memo/base/epoch.hpp>
#include <memo/base/glob.hpp>
#include <memo/base/size_explanation.hpp>
#include <memo/policy/concept.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/copy_table.hpp>
#include <memo/store/memory_engine.hpp>

#include <algorithm>
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

/// Results in this process, typed. `Held` is what is copied out under the lock, so copying it runs no user code: a
/// trivially copyable result, or a `shared_ptr` to one that is not.
template <class Held, eviction_policy Order>
class memory_store {
    static_assert(std::is_nothrow_move_constructible_v<Held>);

    struct cell final : entry, Order::hook {
        cell(key_view const& key, terms&& stored, char* key_bytes, Held&& result)
            : entry{key, std::move(stored), key_bytes}, held{std::move(result)} {}

        Held const held;
    };

    struct no_copies {
        static bool fit(std::size_t) noexcept { return false; }
        static std::size_t bytes() noexcept { return 0; }
    };
    /// Whether results may be read where their entries are not.
    static constexpr bool copies_out = copied_out<Held> && settling<Order>;
    static auto made_copies() {
        if constexpr (copies_out)
            return std::type_identity<copy_table<Held>>{};
        else
            return std::type_identity<no_copies>{};
    }

    struct typed_order final : entry_order {
        void admit(entry& fresh) noexcept override { order.admit(introduced(fresh)); }
        void replace(entry& old, entry& fresh) noexcept override {
            auto& coming = introduced(fresh);
            if constexpr (replacing<Order>) {
                order.replace(hook_of(old), coming);
            } else {
                order.forget(hook_of(old));
                order.admit(coming);
            }
        }
        void touch(entry& held) noexcept override {
            order.touch(hook_of(held));
            if constexpr (watchful<Order>)
                if (order.watches(held.place))
                    order.watch(held.place);
        }
        void watch([[maybe_unused]] std::uint64_t place) noexcept override {
            if constexpr (watchful<Order>)
                order.watch(place);
        }
        void forget(entry& held) noexcept override { order.forget(hook_of(held)); }
        bool clear() noexcept override {
            if constexpr (clearing<Order>)
                order.clear();
            return clearing<Order>;
        }
        entry* victim() noexcept override { return static_cast<cell*>(order.victim()); }
        bool fit(std::size_t entries) noexcept override { return copies.fit(entries); }
        std::size_t bytes() const noexcept override { return copies.bytes(); }
        bool validate() const noexcept override { return order.validate(); }

        static typename Order::hook& hook_of(entry& held) noexcept { return static_cast<cell&>(held); }
        static typename Order::hook& introduced(entry& fresh) noexcept {
            auto const cost = std::max(fresh.cost, duration::zero()).count();
            introduce(hook_of(fresh), fresh.place, static_cast<std::uint64_t>(cost), fresh.bytes);
            return hook_of(fresh);
        }

        [[no_unique_address]] typename decltype(made_copies())::type copies;
        Order order;
    };

public:
    using value_type = Held;
    /// Whether a miss may be left to `begin`, which reads under the lock all the same.
    static constexpr bool begin_reads = touches_unlocked<Order>;

    explicit memory_store(memory_limits limits, store_watcher* watcher = nullptr)
        : engine_{limits, make_order, &end, watcher} {}
    template <std::same_as<store_plan> Plan>
    memory_store(Plan const& plan, store_watcher* watcher) : memory_store{plan.limits, watcher} {}

    /// A result where it stands, which stays as long as this does, whatever happens to the entry; or none.
    class sight {
    public:
        template <class Key>
        [[gnu::always_inline]] sight(memory_store& in, Key const& key, duration now) noexcept {
            if (!pin_.stands())
                return;
            if (auto const* const found = in.look_unlocked(in.engine_.shelf_of(key.place), key, now, pin_.owner()).found)
                held_ = &found->held;
        }
        sight(sight const&) = delete;
        sight& operator=(sight const&) = delete;

        explicit operator bool() const noexcept { return held_ != nullptr; }
        Held const& operator*() const noexcept { return *held_; }

    private:
        pin pin_;
        Held const* held_ = nullptr;
    };

    /// What is fresh, without a lock, where that can be had: a hit, which is counted and moves the order. None says nothing.
    template <class Key>
    [[gnu::always_inline]] auto look(Key const& key, duration now) noexcept
        requires touches_unlocked<Order>
    {
        if constexpr (copied_out<Held>)
            return look_and_copy(key, now);
        else
            return sight{*this, key, now};
    }

    /// Whether anything may be known by heart.
    [[gnu::always_inline]] bool learns() const noexcept { return engine_.learns(); }
    /// What lasts and was looked at so often that it need not be looked at to be known: a hit that nobody counted yet.
    [[gnu::always_inline]] auto recollect(short_key const& key) const noexcept
        requires copies_out
    {
        auto const& home = engine_.shelf_of(key.place);
        auto const known = order_of(home).copies.find(key, home.season());
        return engine_.sizes().watching() ? loose_result<Held>{} : known;
    }
    [[gnu::always_inline]] void count_hit(reader const* by) noexcept { engine_.count_hit(by); }

    std::optional<Held> get(key_view const& key, duration now) {
        if constexpr (touches_unlocked<Order>)
            if (auto const seen = look(key, now))
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

    /// Bytes of an entry: its block, with what the allocator adds, its tags, and what the result owns.
    static std::size_t footprint(key_view const& key, terms const& kept, std::size_t owned) noexcept {
        auto bytes = block_bytes(sizeof(cell) + entry::room_for(key)) + owned;
        if (!kept.tags.empty() || kept.idle != duration::max() || kept.grace != duration::zero() || kept.error)
            bytes += block_bytes(sizeof(entry_extras));
        for (auto const& tag : kept.tags)
            bytes += sizeof tag + sizeof(tag_link) + tag.capacity();
        return bytes;
    }

private:
    using shelf = memory_engine::shelf;
    static typed_order& order_of(shelf const& one) noexcept { return static_cast<typed_order&>(*one.order); }

    enum class next { answer, look_again, learn };

    /// As most looks are done: calling no function, in so few instructions that the memory of one need not be there before the
    /// next begins. What asks for more is looked for once more, thoroughly.
    template <class Key>
    [[gnu::always_inline]] auto look_and_copy(Key const& key, duration now) noexcept {
        auto* const by = epochs::mine;
        auto const& home = engine_.shelf_of(key.place);
        if (by == nullptr || engine_.sizes().watching() || watched(home, key.place)) [[unlikely]]
            return look_thoroughly(key, now, next::look_again);
        loose_result<Held> seen;
        auto then = next::answer;
        {
            pin const reading{by};
            auto const at = memory_engine::look_at_once<sizeof(cell)>(home, key);
            if (!at.sure) [[unlikely]] {
                then = by->one_in_eight() ? next::learn : next::look_again;
            } else if (auto* const found = static_cast<cell*>(at.node); found != nullptr && found->fresh_unlocked(now)) [[likely]] {
                seen = loose_result<Held>{found->held};
                if (tell(order_of(home).order, *found) && learns_by<Key> && by->one_in_eight() && engine_.learns() && found->lasting())
                    then = next::learn;
            } else {
                return seen;
            }
        }
        if (then != next::answer) [[unlikely]]
            return look_thoroughly(key, now, then);
        engine_.count_hit(by);
        return seen;
    }

    /// With the calls that a look may need; what is settled may be learnt by heart.
    template <class Key>
    [[gnu::noinline]] auto look_thoroughly(Key key, duration now, next to) noexcept {
        auto const& home = engine_.shelf_of(key.place);
        auto const season = home.season();
        pin const reading;
        auto const seen = reading.stands() ? look_unlocked(home, key, now, reading.owner()) : glimpse{};
        if (seen.found == nullptr)
            return loose_result<Held>{};
        if constexpr (learns_by<Key>)
            if (to == next::learn && seen.settled && seen.found->lasting())
                order_of(home).copies.keep(key, seen.found->held, season);
        return loose_result<Held>{seen.found->held};
    }

    template <class Key>
    static constexpr bool learns_by = copies_out && std::same_as<Key, short_key>;

    /// Whether the order wants to hear of reads there.
    static bool watched([[maybe_unused]] shelf const& home, [[maybe_unused]] std::uint64_t place) noexcept {
        if constexpr (watchful<Order>)
            return order_of(home).order.watches(place);
        else
            return false;
    }

    struct glimpse {
        cell* found = nullptr;
        bool settled = false;  ///< no read of it need be told to the order
    };

    template <class Key>
    [[gnu::always_inline]] glimpse look_unlocked(shelf const& home, Key const& key, duration now, reader const* by) noexcept {
        auto* const found = static_cast<cell*>(memory_engine::look<sizeof(cell)>(home, key, now));
        if (found == nullptr)
            return {};
        bool const heard = watched(home, key.place);
        bool const settled = tell(order_of(home).order, *found) && !heard;
        if (heard)
            engine_.watch(key.place);
        if (engine_.sizes().watches(key.place))
            engine_.sizes().read(key.place, found->entry::cost);
        engine_.count_hit(by);
        return {found, settled};
    }

    /// Tells the order of a read. Returns: whether it had nothing to learn.
    [[gnu::always_inline]] static bool tell(Order& order, cell& found) noexcept {
        if constexpr (settling<Order>)
            if (order.settled(found))
                return true;
        order.touch(found);
        return false;
    }

    static void end(entry* ended) noexcept {
        auto* const one = static_cast<cell*>(ended);
        one->~cell();
        give_back(one);
    }

    /// Allocators keep threads supplied with memory that is asked for without an alignment.
    static constexpr bool aligned_by_itself = alignof(cell) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__;
    static void* room_for(std::size_t bytes) {
        if constexpr (aligned_by_itself)
            return ::operator new(bytes);
        else
            return ::operator new(bytes, std::align_val_t{alignof(cell)});
    }
    static void give_back(void* block) noexcept {
        if constexpr (aligned_by_itself)
            ::operator delete(block);
        else
            ::operator delete(block, std::align_val_t{alignof(cell)});
    }

    static std::unique_ptr<entry_order> make_order() { return std::unique_ptr<entry_order>{new typed_order}; }

    static std::optional<Held> copy(memory_engine::found const& at) {
        return at.held == nullptr ? std::nullopt : std::optional<Held>{static_cast<cell const*>(at.held)->held};
    }

    template <class Check>
    static memory_engine::held_check on_cell(Check& holds) {
        return [&holds](entry const* at) { return holds(at == nullptr ? nullptr : &static_cast<cell const*>(at)->held); };
    }

    static entry_ptr make(key_view const& key, Held&& result, terms&& kept, std::size_t owned) {
        auto const bytes = footprint(key, kept, owned);
        auto* const block = static_cast<char*>(room_for(sizeof(cell) + entry::room_for(key)));
        try {
            entry_ptr fresh{new (block) cell{key, std::move(kept), block + sizeof(cell), std::move(result)}, &end};
            fresh->bytes = bytes;
            return fresh;
        } catch (...) {
            give_back(block);
            throw;
        }
    }

    memory_engine engine_;
};

}  // namespace memo::detail
