#pragma once

#include <memo/base/key_view.hpp>
#include <memo/base/sync.hpp>
#include <memo/store/place_line.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// Where the buckets of a `place_table` are, and the looks that readers take at them. So small that those of many tables stand side by
/// side: a reader visits nothing else of a table.
///
/// It tells where a chunk of so many buckets is; one that has not split yet stands under both its numbers, so who looks need not know
/// how far the table has grown.
///
/// Threads: any read. `find` and `find_at_once` need a `pin`, `find_copy` needs none. A look may miss a node that is being moved or
///          copied anew, or stands behind a line that is given back; it never finds one that was removed before it began.
/// Source:  R. Fagin, J. Nievergelt, N. Pippenger, H. R. Strong, Extendible hashing: a fast access method for dynamic files, TODS 1979.
template <class Node, std::size_t Words = 0, std::size_t Chunk = 16>
class place_directory {
public:
    using line = place_line<Node, Words>;
    using sighting = typename line::sighting;
    using chunk = atomic<line*>;

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
        auto const marks = first.marks.load(std::memory_order_acquire);
        auto const candidates = line::candidates(marks, mark_of(place));
        if (auto* const node = first.node_of(candidates); node != nullptr && matches(*node)) [[likely]]
            return {node, true};
        return {nullptr, candidates == 0 && !line::goes_on(marks)};
    }

    /// Looks at the copies. Returns: what `found` makes of a `sighting`, else what `lost` makes of whether `find` may know more.
    template <class Found, class Lost>
    [[gnu::always_inline]] auto find_copy(short_key const& key, Found const& found, Lost const& lost) const
        requires(Words != 0)
    {
        bool strangers = false;
        std::uint64_t marks = 0;
        for (auto const* in = &bucket_of(key.place); in != nullptr; in = in->behind(marks)) {
            marks = in->marks.load(std::memory_order_acquire);
            for (auto candidates = line::candidates(marks, mark_of(key.place)); candidates != 0; candidates &= candidates - 1) {
                if (auto const seen = in->look(marks, candidates, key); seen.whole) [[likely]]
                    return found(seen);
                strangers = true;
            }
        }
        return lost(strangers);
    }
    /// The same of the first copy that this key may have, in the first line.
    template <class Found, class Lost>
    [[gnu::always_inline]] auto find_copy_at_once(short_key const& key, Found const& found, Lost const& lost) const
        requires(Words != 0)
    {
        auto const& in = bucket_of(key.place);
        __builtin_prefetch(&in.more);  // of one word, the third copy is there; and where who misses will insert
        auto const marks = in.marks.load(std::memory_order_acquire);
        auto const candidates = line::candidates(marks, mark_of(key.place));
        if (candidates == 0) [[unlikely]]
            return lost(line::goes_on(marks));
        auto const seen = in.look(marks, candidates, key);
        return seen.whole ? found(seen) : lost(true);
    }

    // for who changes the table, one at a time

    /// A directory that is younger than the mask leads to a bucket all the same.
    [[gnu::always_inline]] line& bucket_of(std::uint64_t place) const noexcept {
        auto const mask = mask_.load(std::memory_order_acquire);
        auto const* const chunks = chunks_.load(std::memory_order_acquire);
        return chunks[number_of(place, mask)].load(std::memory_order_acquire)[place % Chunk];
    }
    std::size_t number_of(std::uint64_t place) const noexcept { return number_of(place, mask_.load(std::memory_order_relaxed)); }
    static std::uint64_t mark_of(std::uint64_t place) noexcept { return place >> 57 | 0x80; }

    /// How many numbers of chunks there are.
    std::size_t size() const noexcept { return chunks_.load(std::memory_order_relaxed) == nullptr ? 0 : mask_.load(std::memory_order_relaxed) + 1; }
    chunk& operator[](std::size_t number) const noexcept { return chunks_.load(std::memory_order_relaxed)[number]; }
    /// From now on it is this one, of so many chunks, a power of two. Readers may still be in the one before.
    void become(chunk* wider, std::size_t size) noexcept {
        chunks_.store(wider, std::memory_order_release);
        mask_.store(size - 1, std::memory_order_release);
    }

private:
    [[gnu::always_inline]] static std::size_t number_of(std::uint64_t place, std::size_t mask) noexcept { return place / Chunk & mask; }

    template <class Pred>
    [[gnu::noinline]] Node* find_farther(std::uint64_t place, Pred matches) const {
        std::uint64_t marks = 0;
        for (auto const* in = &bucket_of(place); in != nullptr; in = in->behind(marks)) {
            marks = in->marks.load(std::memory_order_acquire);
            for (auto candidates = line::candidates(marks, mark_of(place)); candidates != 0; candidates &= candidates - 1)
                if (auto* const node = in->node_of(candidates); node != nullptr && matches(*node))
                    return node;
        }
        return nullptr;
    }

    atomic<std::size_t> mask_{0};  // of a chunk's number; who reads it first finds all such numbers among the chunks
    atomic<chunk*> chunks_{nullptr};
};

}  // namespace memo::detail
