#pragma once

#include <memo/base/key_view.hpp>
#include <memo/base/sync.hpp>
#include <memo/policy/read_mark.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

namespace memo::detail {

/// What a node holds, and the key it has, in words.
template <std::size_t Words>
struct node_copy {
    std::array<std::uint64_t, 2> key = short_key::counted_none();
    std::array<std::uint64_t, Words> held{};
};

/// Copies of what the nodes of one line hold, for readers, and what reads leave behind.
template <std::size_t Words>
struct line_copies {
    struct copy {
        std::array<atomic<std::uint64_t>, 2> key{};
        std::array<atomic<std::uint64_t>, Words> held{};
    };

    mutable std::array<read_mark::spot, 3> reads{};
    std::array<copy, 3> of{};
};
template <>
struct line_copies<0> {};

/// Some nodes of a bucket, with a byte of each one's place: six in one cache line, or three with copies of what they hold; more lines
/// hang behind. Copies of one word stand, but for the third, in the first of two cache lines.
///
/// Threads: one changes, any read.
template <class Node, std::size_t Words>
struct alignas(Words == 1 ? 128 : 64) place_line {
    static constexpr bool copies_nodes = Words != 0;
    static constexpr std::size_t width = copies_nodes ? 3 : 6;

    atomic<std::uint64_t> marks{0};  // a byte for each node, 0 for none; above three of them, how often these changed; at the top, whether it goes on
    [[no_unique_address]] line_copies<Words> copies{};
    std::array<atomic<Node*>, width> nodes{};
    atomic<place_line*> more{nullptr};

    /// The top bit of each byte that may be this mark; also of some that is not.
    [[gnu::always_inline]] static std::uint64_t candidates(std::uint64_t marks, std::uint64_t mark) noexcept {
        constexpr std::uint64_t ones = copies_nodes ? 0x01'0101 : 0x0101'0101'0101;
        auto const differs = marks ^ (ones * mark);
        return (differs - ones) & ~differs & (ones << 7);
    }
    /// Whether another line hangs behind one with these marks, which tells it without a look at `more`.
    static bool goes_on(std::uint64_t of_marks) noexcept { return (of_marks & top) != 0; }
    /// That line, or null.
    place_line* behind(std::uint64_t of_marks) const noexcept {
        return goes_on(of_marks) ? more.load(std::memory_order_acquire) : nullptr;
    }
    place_line* behind() const noexcept { return behind(marks.load(std::memory_order_acquire)); }
    static std::size_t first_of(std::uint64_t candidates) noexcept { return static_cast<unsigned>(std::countr_zero(candidates)) / 8U; }

    /// The first of the candidates; null where there is none.
    [[gnu::always_inline]] Node* node_of(std::uint64_t candidates) const noexcept {
        return candidates == 0 ? nullptr : nodes[first_of(candidates)].load(std::memory_order_acquire);
    }

    /// Where this node stands, or null does; `width` where neither.
    std::size_t slot_of(Node const* node) const noexcept {
        std::size_t slot = 0;
        while (slot != width && nodes[slot].load(std::memory_order_relaxed) != node)
            ++slot;
        return slot;
    }

    /// Requires: it is not empty.
    std::size_t first_held() const noexcept { return first_of(marks.load(std::memory_order_relaxed) & all_marks); }

    /// A copy as it was seen, at a time when the marks were these.
    struct sighting {
        place_line const& in;
        std::size_t bit;
        std::uint64_t marks;
        std::array<std::uint64_t, Words> held;
        bool whole;  ///< and of the key that was looked for

        /// Its node, which is null where something changed beside it meanwhile. Requires: a pin, for as long as the node is used.
        [[gnu::always_inline]] Node* node() const noexcept {
            auto* const node = beside(in.nodes, bit).load(std::memory_order_acquire);
            return in.marks.load(std::memory_order_relaxed) == marks ? node : nullptr;
        }
        /// Of whatever stands in the slot by now.
        read_mark::spot& reads() const noexcept
            requires copies_nodes
        {
            return beside(in.copies.reads, bit);
        }
    };
    /// What stands beside the first of the candidates.
    [[gnu::always_inline]] sighting look(std::uint64_t marks_before, std::uint64_t candidates, short_key const& key) const noexcept
        requires copies_nodes
    {
        auto const bit = std::size_t{static_cast<unsigned>(std::countr_zero(candidates))};
        auto const& copied = beside(copies.of, bit);
        auto const sought = key.counted();
        auto const differs = (copied.key[0].load(std::memory_order_acquire) ^ sought[0]) | (copied.key[1].load(std::memory_order_acquire) ^ sought[1]);
        std::array<std::uint64_t, Words> held;
        for (std::size_t word = 0; word != Words; ++word)
            held[word] = copied.held[word].load(std::memory_order_acquire);
        return {*this, bit, marks_before, held, differs == 0 && marks.load(std::memory_order_relaxed) == marks_before};
    }

    /// Puts a node in a slot, or another one in its place.
    void set(std::size_t slot, Node& node, std::uint64_t mark, node_copy<Words> const& copy) noexcept {
        if constexpr (copies_nodes) {
            put_mark(slot, 0);
            auto& to = copies.of[slot];
            for (std::size_t at = 0; at != copy.key.size(); ++at)
                to.key[at].store(copy.key[at], std::memory_order_release);
            for (std::size_t at = 0; at != Words; ++at)
                to.held[at].store(copy.held[at], std::memory_order_release);
        }
        nodes[slot].store(&node, std::memory_order_release);
        put_mark(slot, mark);
    }
    void clear(std::size_t slot) noexcept {
        put_mark(slot, 0);
        nodes[slot].store(nullptr, std::memory_order_release);
    }
    bool empty() const noexcept { return (marks.load(std::memory_order_relaxed) & all_marks) == 0; }
    /// Lets another line hang behind this one, or with null none.
    void hang(place_line* next) noexcept {
        if (next != nullptr)
            more.store(next, std::memory_order_release);
        auto const before = marks.load(std::memory_order_relaxed);
        put_marks(next != nullptr ? before | top : before & ~top);
    }
    /// Calls `fn` with each node that it takes out.
    template <class Fn>
    void clear_all(Fn const& fn) {
        put_marks(marks.load(std::memory_order_relaxed) & ~all_marks);
        for (auto& one : nodes)
            if (auto* const node = one.load(std::memory_order_relaxed)) {
                one.store(nullptr, std::memory_order_release);
                fn(*node);
            }
    }

private:
    /// What stands beside a mark, by the top bit of that: its number would take longer to find, and to multiply.
    template <class All>
    [[gnu::always_inline]] static auto& beside(All& all, std::size_t bit) noexcept {
        using bytes = std::conditional_t<std::is_const_v<All>, std::byte const*, std::byte*>;
        constexpr auto size = sizeof all[0];
        auto const offset = size % 8 == 0 ? (bit - 7) * (size / 8) : bit / 8 * size;
        return *reinterpret_cast<decltype(all.data())>(reinterpret_cast<bytes>(all.data()) + offset);
    }
    static constexpr auto all_marks = (std::uint64_t{1} << 8 * width) - 1;
    static constexpr auto top = std::uint64_t{1} << 63;

    void put_mark(std::size_t slot, std::uint64_t byte) noexcept {
        put_marks((marks.load(std::memory_order_relaxed) & ~(std::uint64_t{0xff} << (8 * slot))) | byte << (8 * slot));
    }
    void put_marks(std::uint64_t changed) noexcept {
        constexpr auto one = std::uint64_t{1} << 24;
        auto const counted = (changed & top) | ((changed + one) & ~top);
        marks.store(copies_nodes ? counted : changed, std::memory_order_release);
    }
};

/// The lines that hang behind others, which last as long as this: those that are not in use wait for the next.
template <class Line>
class line_stock {
public:
    /// Throws: bad_alloc.
    Line& take() {
        if (spare_.empty())
            return add();
        auto& again = *spare_.back();
        spare_.pop_back();
        again.hang(nullptr);
        return again;
    }
    void give_back(Line& one) noexcept { spare_.push_back(&one); }
    std::size_t size() const noexcept { return all_.size(); }

private:
    Line& add() {
        if (all_.size() == spare_.capacity()) {
            auto const most = std::max<std::size_t>(2 * all_.size(), 16);
            spare_.reserve(most);  // for all of them
            all_.reserve(most);
        }
        return *all_.emplace_back(std::make_unique<Line>());
    }

    std::vector<std::unique_ptr<Line>> all_;
    std::vector<Line*> spare_;
};

}  // namespace memo::detail
