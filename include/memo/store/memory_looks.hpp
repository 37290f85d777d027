#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/epoch.hpp>
#include <memo/base/key_view.hpp>
#include <memo/policy/concept.hpp>
#include <memo/policy/read_mark.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/loose_result.hpp>
#include <memo/store/memory_engine.hpp>
#include <memo/store/place_table.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace memo::detail {

/// Whether small results stand beside short keys in the index, too, for wrappers that ask by such keys for what lasts.
enum class copies { none, beside_keys };

/// What the typed memory has of types: its entries, who leaves, and the looks at them that take no lock.
template <class Held, eviction_policy Order, copies Copies>
class memory_looks {
public:
    /// Whether `glance` finds anything.
    static constexpr bool has_copies = Copies == copies::beside_keys && copied_out<Held> && touches_unlocked<Order>;

    /// A result where it stands, which stays as long as this does, whatever happens to the entry; or none.
    class sight {
    public:
        template <class Key>
        [[gnu::always_inline]] sight(memory_looks& in, Key const& key, duration now) noexcept {
            if (!pin_.stands())
                return;
            if (auto const* const found = in.look_unlocked(in.door_of(key.place), key, now, pin_.owner()))
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
        if constexpr (has_copies && std::same_as<Key, short_key>)
            return now == duration{} ? look_at_copies(key) : look_and_copy(key, now);  // who reads a clock asks the entries
        else if constexpr (copied_out<Held>)
            return look_and_copy(key, now);
        else
            return sight{*this, key, now};
    }

    /// What lasts and stands beside its key, if that is all that there is to do: no function is called before `found` or `lost` is.
    /// Returns: what `found` makes of a hit, else what `lost` makes of whether `look_closer` may find more.
    template <class Found, class Lost>
    [[gnu::always_inline]] auto glance(short_key const& key, Found const& found, Lost const& lost)
        requires has_copies
    {
        auto const& home = door_of(key.place);
        if (engine_.sizes().watches(key.place)) [[unlikely]]
            return lost(true);
        return home.index.find_copy_at_once(
            key,
            [&](typename directory::sighting const& copy) __attribute__((always_inline)) {
                auto* const by = epochs::mine;
                if (by == nullptr || !hear(home, key.place, copy, by)) [[unlikely]]
                    return lost(true);
                engine_.count_hit(by);
                return found(loose_result<Held>::of(copy.held));
            },
            lost);
    }
    /// What is left to do then.
    [[gnu::always_inline]] auto look_closer(short_key const& key) noexcept
        requires has_copies
    {
        return look_farther(key.place, key.words[0], key.words[1], key.size);
    }

protected:
    struct cell final : entry, Order::hook {
        cell(key_view const& key, terms&& stored, char* key_bytes, Held&& result)
            : entry{key, std::move(stored), key_bytes}, held{std::move(result)} {}

        Held const held;
    };

    static constexpr std::size_t copied_words = [] {
        if constexpr (has_copies)
            return loose_result<Held>::size;
        else
            return std::size_t{};
    }();
    using table = place_table<entry, copied_words>;
    using directory = typename table::directory;

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
        bool validate() const noexcept override { return order.validate(); }

        static typename Order::hook& hook_of(entry& held) noexcept { return static_cast<cell&>(held); }
        static typename Order::hook& introduced(entry& fresh) noexcept {
            auto const cost = std::max(fresh.cost, duration::zero()).count();
            introduce(hook_of(fresh), fresh.place, static_cast<std::uint64_t>(cost), fresh.bytes);
            return hook_of(fresh);
        }

        Order order;
    };

    memory_looks(memory_limits limits, store_watcher* watcher)
        : doors_{std::make_unique<door[]>(memory_engine::shards_within(limits))},
          engine_{limits, [this](std::size_t at) { return make_shelf(doors_[at]); }, &end, watcher} {}
    ~memory_looks() = default;

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

private:
    /// What a look needs of one shard. They stand side by side, at a power of two, so that the way from a place to its bucket is short.
    struct alignas(32) door {
        directory index;
        Order* order = nullptr;
    };
    std::unique_ptr<door[]> doors_;

protected:
    memory_engine engine_;

private:
    door const& door_of(std::uint64_t place) const noexcept { return doors_[engine_.number_of(place)]; }

    /// As most looks are done: calling no function, in so few instructions that the memory of one need not be there before the
    /// next begins. What asks for more is looked for once more, thoroughly.
    template <class Key>
    [[gnu::always_inline]] auto look_and_copy(Key const& key, duration now) noexcept {
        auto* const by = epochs::mine;
        auto const& home = door_of(key.place);
        if (by == nullptr || engine_.sizes().watches(key.place) || watched(home, key.place)) [[unlikely]]
            return look_thoroughly(key, now);
        loose_result<Held> seen;
        {
            pin const reading{by};
            auto const at = home.index.find_at_once(key.place, has_key(key));
            auto* const found = static_cast<cell*>(at.node);
            if (found == nullptr || !found->fresh_unlocked(now)) [[unlikely]]
                return at.sure ? seen : look_thoroughly(key, now);
            seen = loose_result<Held>{found->held};
            tell(*home.order, *found);
        }
        engine_.count_hit(by);
        return seen;
    }
    /// The same for what may stand beside its key.
    [[gnu::always_inline]] auto look_at_copies(short_key const& key) noexcept {
        return glance(
            key, [](loose_result<Held> const& seen) __attribute__((always_inline)) { return seen; },
            [&](bool unsure) __attribute__((always_inline)) { return unsure ? look_closer(key) : loose_result<Held>{}; });
    }
    /// By a key whose address is nobody's, so that it stays in registers.
    [[gnu::noinline]] auto look_farther(std::uint64_t place, std::uint64_t first, std::uint64_t second, std::size_t size) noexcept {
        short_key const key{place, {first, second}, size};
        auto* const by = epochs::mine;
        auto const& home = door_of(place);
        auto const thoroughly = [&] { return look_thoroughly(key, duration{}); };
        if (by == nullptr || engine_.sizes().watches(place))
            return thoroughly();
        return home.index.find_copy(
            key,
            [&](typename directory::sighting const& copy) __attribute__((always_inline)) {
                if (!hear(home, place, copy, by))
                    return thoroughly();
                engine_.count_hit(by);
                return loose_result<Held>::of(copy.held);
            },
            [&](bool unsure) __attribute__((always_inline)) { return unsure ? thoroughly() : loose_result<Held>{}; });
    }

    /// Tells the order of a read of what a copy was found of: beside it, if that is all the order needs.
    /// Returns: false where what was found has gone meanwhile, or the order wants to hear of every read there.
    [[gnu::always_inline]] static bool hear(door const& home, std::uint64_t place, typename directory::sighting const& copy, reader* by) noexcept {
        if constexpr (noting<Order>) {
            auto& reads = copy.reads();
            auto const before = reads.get();
            auto const after = home.order->touched(before);
            if (after == before) [[likely]]
                return true;
            if (watched(home, place)) [[unlikely]]
                return false;
            reads.set(after);
            return true;
        } else {
            pin const reading{by};
            auto* const found = watched(home, place) ? nullptr : static_cast<cell*>(copy.node());
            if (found != nullptr) [[likely]]
                tell(*home.order, *found);
            return found != nullptr;
        }
    }

    /// With the calls that a look may need.
    template <class Key>
    [[gnu::noinline]] auto look_thoroughly(Key key, duration now) noexcept {
        pin const reading;
        auto const* const found = reading.stands() ? look_unlocked(door_of(key.place), key, now, reading.owner()) : nullptr;
        return found == nullptr ? loose_result<Held>{} : loose_result<Held>{found->held};
    }

    /// The bytes of keys stand behind their entries.
    template <class Key>
    static auto has_key(Key const& key) noexcept {
        return [key](entry const& one) __attribute__((always_inline)) {
            return one.has(key, reinterpret_cast<char const*>(&one) + sizeof(cell));
        };
    }

    /// Whether the order wants to hear of reads there.
    static bool watched([[maybe_unused]] door const& home, [[maybe_unused]] std::uint64_t place) noexcept {
        if constexpr (watchful<Order>)
            return home.order->watches(place);
        else
            return false;
    }

    /// What surely is fresh; null when a read under the lock may find more.
    template <class Key>
    [[gnu::always_inline]] cell* look_unlocked(door const& home, Key const& key, duration now, reader const* by) noexcept {
        auto* const found = static_cast<cell*>(home.index.find(key.place, has_key(key)));
        if (found == nullptr || !found->fresh_unlocked(now))
            return nullptr;
        bool const heard = watched(home, key.place);
        tell(*home.order, *found);
        if (heard)
            engine_.watch(key.place);
        if (engine_.sizes().watches(key.place))
            engine_.sizes().read(key.place, found->entry::cost);
        engine_.count_hit(by);
        return found;
    }

    /// Tells the order of a read.
    [[gnu::always_inline]] static void tell(Order& order, cell& found) noexcept {
        if constexpr (settling<Order> && !noting<Order>)
            if (order.settled(found))
                return;
        order.touch(found);
    }

    static memory_engine::shelf make_shelf(door& at) {
        auto index = [&] {
            if constexpr (has_copies)
                return std::make_unique<table>(at.index, &copy_out);
            else
                return std::make_unique<table>(at.index);
        }();
        auto order = std::make_unique<typed_order>();
        at.order = &order->order;
        return {std::move(index), std::move(order)};
    }
    static void copy_out(entry& from, typename table::copy& to, read_mark::spot& reads) noexcept {
        if constexpr (noting<Order>)
            typed_order::hook_of(from).reads.move_to(reads);
        auto const key = from.brief_key();
        if (!key || key->size > short_key::most_counted || !from.lasting())
            return;
        to.key = key->counted();
        to.held = loose_result<Held>{static_cast<cell const&>(from).held}.bits();
    }
};

}  // namespace memo::detail
