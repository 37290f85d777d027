#pragma once

#include <memo/base/sync.hpp>

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace memo::detail {

/// Finds nodes by their place, which are a member `place` of theirs; owns none of them. Readers need no lock.
///
/// A bucket is one cache line: a byte of each node's place, and six nodes; more lines hang behind it. The table grows by one
/// bucket at a time, and never stops to move all that it holds.
///
/// Threads: one changes at a time, while any number call `find` or `find_at_once` under a `pin`, and what was removed is freed
///          behind a `grace` only. Such a look may miss a node that is being moved; it never finds one that was removed before it began.
/// Cost:    two cache misses to find; about 21 bytes a node.
/// Source:  W. Litwin, Linear hashing: a new tool for file and table addressing, VLDB 1980.
template <class Node>
class place_table {
public:
    /// Throws: bad_alloc.
    place_table() {
        add_bucket();
        if (buckets() == 0)
            throw std::bad_alloc{};
    }
    place_table(place_table const&) = delete;
    place_table& operator=(place_table const&) = delete;
    ~place_table() {
        for (auto& segment : segments_)
            if (auto* const first = segment.load(std::memory_order_relaxed))
                ::operator delete(first, std::align_val_t{alignof(line)});
    }

    /// Throws: bad_alloc, and then changes nothing. Without memory to grow it lives with longer buckets.
    void insert(Node& node) {
        if (size_ >= nodes_a_bucket * buckets())
            add_bucket();
        put(bucket_of(node.place), node);
        ++size_;
    }

    /// Requires: the node is in the table.
    void remove(Node& node) noexcept {
        auto const at = whereabouts(node);
        at.in->clear(at.slot);
        --size_;
    }

    /// Puts `fresh` where `old` is, which has the same place.
    void replace(Node& old, Node& fresh) noexcept {
        auto const at = whereabouts(old);
        at.in->nodes[at.slot].store(&fresh, std::memory_order_release);
    }

    /// Returns: a node for which `matches` holds, else null. It is asked of all nodes at this place and a few others. What it captured
    /// by value need not be in memory.
    template <class Pred>
    [[gnu::always_inline]] Node* find(std::uint64_t place, Pred matches) const {
        auto const first = find_at_once(place, matches);
        return first.sure ? first.node : find_farther(place, matches);
    }

    /// What the first look tells; unless it is sure, ask `find`. It calls no function.
    struct first_look {
        Node* node;
        bool sure;  ///< `find` would return this
    };
    template <class Pred>
    [[gnu::always_inline]] first_look find_at_once(std::uint64_t place, Pred matches) const {
        auto const& first = bucket_of(place);
        auto const candidates = first.candidates(mark_of(place));
        if (auto* const node = first.node_of(candidates); node != nullptr && matches(*node)) [[likely]]
            return {node, true};
        return {nullptr, candidates == 0 && first.more.load(std::memory_order_acquire) == nullptr};
    }

    /// Calls `fn` with every node at this place, which `fn` may remove.
    template <class Fn>
    void each_at(std::uint64_t place, Fn const& fn) {
        each_in(bucket_of(place), [&](Node& node) {
            if (node.place == place)
                fn(node);
        });
    }
    /// Calls `fn` with every node of one bucket, which `fn` may remove.
    template <class Fn>
    void each_in_bucket(std::size_t bucket, Fn const& fn) {
        each_in(at(bucket), fn);
    }
    /// Calls `fn` with every node, which `fn` may remove.
    template <class Fn>
    void each(Fn const& fn) {
        for (std::size_t bucket = 0; bucket != buckets(); ++bucket)
            each_in(at(bucket), fn);
    }

    /// Takes all nodes out; `fn`, which may end them, is called with each.
    template <class Fn>
    void clear(Fn const& fn) {
        for (std::size_t bucket = 0; bucket != buckets(); ++bucket) {
            for (auto* in = &at(bucket); in != nullptr; in = in->more.load(std::memory_order_relaxed))
                in->clear(fn);
        }
        size_ = 0;
    }

    std::size_t size() const noexcept { return size_; }
    std::size_t buckets() const noexcept { return buckets_.load(std::memory_order_acquire); }
    /// What the table itself takes, in bytes.
    std::size_t bytes() const noexcept { return (buckets() + spilled_.size()) * sizeof(line); }

private:
    static constexpr std::size_t width = 6;           // nodes in a line
    static constexpr std::size_t nodes_a_bucket = 3;  // on the mean
    static constexpr std::size_t first_segment = 16;  // buckets

    struct alignas(64) line {
        atomic<std::uint64_t> marks{0};  // a byte for each node, 0 for none
        std::array<atomic<Node*>, width> nodes{};
        atomic<line*> more{nullptr};

        /// The first of the candidates; null where there is none.
        [[gnu::always_inline]] Node* node_of(std::uint64_t candidates) const noexcept {
            auto const slot = static_cast<unsigned>(std::countr_zero(candidates)) / 8U;
            return candidates == 0 ? nullptr : nodes[slot].load(std::memory_order_acquire);
        }

        /// The top bit of each byte that may be this mark; also of some that is not.
        [[gnu::always_inline]] std::uint64_t candidates(std::uint64_t mark) const noexcept {
            constexpr std::uint64_t ones = 0x0101'0101'0101;
            auto const differs = marks.load(std::memory_order_acquire) ^ (ones * mark);
            return (differs - ones) & ~differs & (ones << 7);
        }

        void set(std::size_t slot, Node& node) noexcept {
            nodes[slot].store(&node, std::memory_order_release);
            mark(slot, mark_of(node.place));
        }
        void clear(std::size_t slot) noexcept {
            mark(slot, 0);
            nodes[slot].store(nullptr, std::memory_order_release);
        }
        template <class Fn>
        void clear(Fn const& fn) {
            marks.store(0, std::memory_order_release);
            for (auto& one : nodes)
                if (auto* const node = one.load(std::memory_order_relaxed)) {
                    one.store(nullptr, std::memory_order_release);
                    fn(*node);
                }
        }
        void mark(std::size_t slot, std::uint64_t byte) noexcept {
            auto const others = marks.load(std::memory_order_relaxed) & ~(std::uint64_t{0xff} << (8 * slot));
            marks.store(others | byte << (8 * slot), std::memory_order_release);
        }
    };

    template <class Pred>
    [[gnu::noinline]] Node* find_farther(std::uint64_t place, Pred matches) const {
        for (auto const* in = &bucket_of(place); in != nullptr; in = in->more.load(std::memory_order_acquire))
            for (auto candidates = in->candidates(mark_of(place)); candidates != 0; candidates &= candidates - 1)
                if (auto* const node = in->node_of(candidates); node != nullptr && matches(*node))
                    return node;
        return nullptr;
    }

    struct position {
        line* in;
        std::size_t slot;
    };

    static std::uint64_t mark_of(std::uint64_t place) noexcept { return (place >> 40 & 0x7f) | 0x80; }

    /// Buckets are numbered by the low bits of the place: those beyond the last are still with the one they split from.
    static std::size_t number_of(std::uint64_t place, std::size_t mask, std::size_t buckets) noexcept {
        auto const number = place & mask;
        return number < buckets ? number : number & (mask >> 1);
    }
    /// A mask and a number of buckets of different moments lead to a bucket all the same.
    [[gnu::always_inline]] line& bucket_of(std::uint64_t place) const noexcept {
        auto const mask = mask_.load(std::memory_order_acquire);
        return at(number_of(place, mask, buckets()));
    }

    /// Segments of 16 buckets, 32, 64 ...
    line& at(std::size_t bucket) const noexcept {
        auto const place = bucket + first_segment;
        auto const top = top_bit(place);
        return segments_[top - top_bit(first_segment)].load(std::memory_order_acquire)[place ^ std::size_t{1} << top];
    }
    /// Requires: number is not 0.
    static constexpr unsigned top_bit(std::size_t number) noexcept {
        return 63U ^ static_cast<unsigned>(__builtin_clzll(number));
    }

    /// Throws: bad_alloc, and then changes nothing.
    void put(line& bucket, Node& node) {
        auto* last = &bucket;
        for (auto* in = last; in != nullptr; in = in->more.load(std::memory_order_relaxed)) {
            for (std::size_t slot = 0; slot != width; ++slot)
                if (in->nodes[slot].load(std::memory_order_relaxed) == nullptr)
                    return in->set(slot, node);
            last = in;
        }
        auto& spill = *spilled_.emplace_back(std::make_unique<line>());
        spill.set(0, node);
        last->more.store(&spill, std::memory_order_release);
    }

    position whereabouts(Node& node) const noexcept {
        for (auto* in = &bucket_of(node.place);; in = in->more.load(std::memory_order_relaxed))
            for (std::size_t slot = 0; slot != width; ++slot)
                if (in->nodes[slot].load(std::memory_order_relaxed) == &node)
                    return {in, slot};
    }

    template <class Fn>
    static void each_in(line& bucket, Fn const& fn) {
        for (auto* in = &bucket; in != nullptr; in = in->more.load(std::memory_order_relaxed))
            for (auto& one : in->nodes)
                if (auto* const node = one.load(std::memory_order_relaxed))
                    fn(*node);
    }

    /// Splits one bucket in two; without memory it does not.
    void add_bucket() noexcept {
        auto const number = buckets();
        auto* const fresh = room_for(number);
        if (fresh == nullptr)
            return;
        ::new (static_cast<void*>(fresh)) line;
        if (number == 0)
            return buckets_.store(1, std::memory_order_release);
        auto const mask = std::bit_ceil(number + 1) - 1;
        auto& split = at(number - std::bit_floor(number));
        auto const leaves = [&](Node const& node) { return number_of(node.place, mask, number + 1) == number; };
        try {
            each_in(split, [&](Node& node) {
                if (leaves(node))
                    put(*fresh, node);
            });
        } catch (std::bad_alloc const&) {
            return;
        }
        buckets_.store(number + 1, std::memory_order_release);
        mask_.store(mask, std::memory_order_release);
        for (auto* in = &split; in != nullptr; in = in->more.load(std::memory_order_relaxed))
            for (std::size_t slot = 0; slot != width; ++slot)
                if (auto const* const node = in->nodes[slot].load(std::memory_order_relaxed); node != nullptr && leaves(*node))
                    in->clear(slot);
    }

    /// Where a bucket with this number will stand; null without memory.
    line* room_for(std::size_t number) noexcept {
        auto const place = number + first_segment;
        auto& segment = segments_[top_bit(place) - top_bit(first_segment)];
        if (segment.load(std::memory_order_relaxed) == nullptr) {
            auto* const room = ::operator new(std::bit_floor(place) * sizeof(line), std::align_val_t{alignof(line)}, std::nothrow);
            if (room == nullptr)
                return nullptr;
            segment.store(static_cast<line*>(room), std::memory_order_release);
        }
        return &at(number);
    }

    atomic<std::size_t> mask_{0};
    atomic<std::size_t> buckets_{0};
    std::array<atomic<line*>, 64 - top_bit(first_segment)> segments_{};
    alignas(64) std::size_t size_ = 0;  // with what only changes need, apart from what readers read
    std::vector<std::unique_ptr<line>> spilled_;
};

}  // namespace memo::detail
