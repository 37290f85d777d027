#pragma once

#include <memo/base/key_view.hpp>
#include <memo/base/sync.hpp>
#include <memo/store/node_table.hpp>
#include <memo/store/place_directory.hpp>
#include <memo/store/place_line.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace memo::detail {

/// Finds nodes by their place, which are a member `place` of theirs; owns none of them. Readers need no lock: they look in its
/// `place_directory`, which lasts as long as it.
///
/// A bucket is one cache line: a byte of each node's place, and six nodes; more lines hang behind it. With copies, of so many words
/// each, it is two or three lines: three nodes, and beside each its key and what it holds, so that most reads need not visit the node.
/// The table grows by one chunk of so many buckets at a time, and never stops to move all that it holds.
///
/// Threads: one changes at a time, while any number look; what was removed is freed behind a `grace` only.
/// Cost:    two cache misses to find, one or two to find a copy, and one more among many for where a chunk is; about 21 bytes a node, with
///          copies of one word 128 among few, 73 among many. Whenever the buckets have doubled, one insertion makes a wider directory.
/// Source:  W. Litwin, Linear hashing: a new tool for file and table addressing, VLDB 1980; H.-J. Boehm, Can seqlocks get along with
///          programming language memory models?, MSPC 2012.
template <class Node, std::size_t Words = 0, std::size_t Chunk = 16>
class place_table : public node_table<Node> {
    using base = node_table<Node>;
    using line = place_line<Node, Words>;
    using chunk = atomic<line*>;
    static constexpr auto width = line::width;
    static_assert(std::is_trivially_destructible_v<line>, "slabs are let go of as they are");
    // what four buckets hold on the mean; fewer in small tables with copies, since what stands in a line behind takes longer to find
    static constexpr std::size_t few_in_four = Words == 0 ? 12 : 4;
    static constexpr std::size_t many_in_four = Words == 0 ? 12 : 7;

public:
    /// What a node takes of a small table, in bytes; of a large one less.
    static constexpr std::size_t bytes_a_node = 4 * sizeof(line) / few_in_four;

    using copy = node_copy<Words>;
    using directory = place_directory<Node, Words, Chunk>;
    /// Copies a node; the key stays as it is where nothing of that may be copied. Marks of its reads go to `reads` from now on.
    using copier = void (*)(Node& node, copy& to, read_mark::spot& reads) noexcept;

    /// Throws: bad_alloc.
    explicit place_table(directory& in)
        requires(Words == 0)
        : place_table{in, nullptr} {}
    place_table(directory& in, copier copies) : in_{in}, copies_{copies} {
        add_chunk();
        if (chunks_ == 0)
            throw std::bad_alloc{};
    }
    place_table(place_table const&) = delete;
    place_table& operator=(place_table const&) = delete;
    ~place_table() override {
        for (auto* const slab : slabs_)
            ::operator delete(slab, std::align_val_t{alignof(line)});
    }

    void insert(Node& node) override {
        if (4 * size_ >= nodes_in_four() * buckets())
            add_chunk();
        put(in_.bucket_of(node.place), node);
        ++size_;
    }
    void remove(Node& node) noexcept override {
        auto const at = whereabouts(node);
        at.in->clear(at.slot);
        close(at);
        --size_;
    }
    void replace(Node& old, Node& fresh) noexcept override {
        auto const at = whereabouts(old);
        set(*at.in, at.slot, fresh);
    }

    void fetch(std::uint64_t place) const noexcept override {
        constexpr int to_write = 1;
        auto const& at = in_.bucket_of(place);
        __builtin_prefetch(&at, to_write);
        __builtin_prefetch(&at.nodes, to_write);
    }

    std::size_t size() const noexcept override { return size_; }
    std::size_t buckets() const noexcept override { return chunks_ * Chunk; }
    /// What the table itself takes, in bytes.
    std::size_t bytes() const noexcept { return (buckets() + behind_.size()) * sizeof(line) + 2 * in_.size() * sizeof(chunk); }

private:
    using matcher = typename base::matcher;
    using visitor = typename base::visitor;
    static constexpr std::size_t few = 4'096;  // buckets

    std::size_t nodes_in_four() const noexcept { return buckets() < few ? few_in_four : many_in_four; }

    Node* found(std::uint64_t place, matcher const& matches) const override { return in_.find(place, std::cref(matches)); }
    void show_at(std::uint64_t place, visitor const& fn) override {
        each_in(in_.bucket_of(place), [&](Node& node) {
            if (node.place == place)
                fn(node);
        });
    }
    void show_bucket(std::size_t bucket, visitor const& fn) override { each_in(at(bucket), fn); }
    void show_out(visitor const& fn) override {
        for (std::size_t bucket = 0; bucket != buckets(); ++bucket)
            clear_all(at(bucket), fn);
        size_ = 0;
    }

    struct position {
        line* before;  // in the bucket; null for its first
        line* in;
        std::size_t slot;
    };

    line& at(std::size_t bucket) const noexcept { return in_[bucket / Chunk].load(std::memory_order_relaxed)[bucket % Chunk]; }

    /// Throws: bad_alloc, and then changes nothing.
    void put(line& bucket, Node& node) {
        auto* last = &bucket;
        for (auto* in = last; in != nullptr; in = in->behind()) {
            if (auto const slot = in->slot_of(nullptr); slot != width)
                return set(*in, slot, node);
            last = in;
        }
        auto& spill = behind_.take();
        set(spill, 0, node);
        last->hang(&spill);
    }

    /// Lines behind hold something, and the first has no room while there are any. Who reads one that is given back sees an empty line,
    /// or what stands in another bucket by then.
    void close(position gap) noexcept {
        if (gap.before == nullptr) {
            auto* const behind = gap.in->behind();
            if (behind == nullptr)
                return;
            move_up(*behind, *gap.in, gap.slot);
            gap = {gap.in, behind, gap.slot};
        }
        if (gap.in->empty())
            unhang(*gap.before, *gap.in);
    }
    /// The same for a bucket of which anything may have left.
    void tidy(line& first) noexcept {
        for (auto *before = &first, *in = before->behind(); in != nullptr; in = before->behind()) {
            for (auto to = first.slot_of(nullptr); to != width && !in->empty(); to = first.slot_of(nullptr))
                move_up(*in, first, to);
            if (in->empty())
                unhang(*before, *in);
            else
                before = in;
        }
    }
    void move_up(line& from, line& first, std::size_t to) noexcept {
        auto const slot = from.first_held();
        set(first, to, *from.nodes[slot].load(std::memory_order_relaxed));
        from.clear(slot);
    }
    void unhang(line& before, line& gone) noexcept {
        before.hang(gone.behind());
        behind_.give_back(gone);
    }

    void set(line& in, std::size_t slot, Node& node) noexcept {
        copy made;
        if constexpr (Words != 0)
            copies_(node, made, in.copies.reads[slot]);
        in.set(slot, node, directory::mark_of(node.place), made);
    }

    position whereabouts(Node& node) const noexcept {
        line* before = nullptr;
        for (auto* in = &in_.bucket_of(node.place);; before = std::exchange(in, in->behind()))
            if (auto const slot = in->slot_of(&node); slot != width)
                return {before, in, slot};
    }

    /// What is removed meanwhile may make way for a node from behind.
    template <class Fn>
    static void each_in(line& bucket, Fn const& fn) {
        for (auto* in = &bucket; in != nullptr; in = in->behind())
            for (auto& slot : in->nodes) {
                Node* last = nullptr;
                while (auto* const node = slot.load(std::memory_order_relaxed)) {
                    if (node == std::exchange(last, node))
                        break;
                    fn(*node);
                }
            }
    }

    template <class Fn>
    void clear_all(line& bucket, Fn const& fn) {
        for (auto* in = &bucket; in != nullptr; in = in->behind())
            in->clear_all(fn);
        tidy(bucket);
    }

    /// Splits one chunk in two; without memory it does not.
    void add_chunk() noexcept {
        if (!provide())
            return;
        auto& fresh = in_[chunks_];
        auto* const split = fresh.load(std::memory_order_relaxed);
        if (split == nullptr)
            return add(fresh);
        auto const leaves = [&, number = chunks_](Node const& node) { return in_.number_of(node.place) == number; };
        try {
            for (std::size_t bucket = 0; bucket != Chunk; ++bucket)
                each_in(split[bucket], [&](Node& node) {
                    if (leaves(node))
                        put(ready_[bucket], node);
                });
        } catch (std::bad_alloc const&) {
            for (std::size_t bucket = 0; bucket != Chunk; ++bucket) {
                each_in(split[bucket], [&](Node& node) { replace(node, node); });
                clear_all(ready_[bucket], [](Node&) {});
            }
            return;
        }
        add(fresh);
        for (auto& bucket : std::span{split, Chunk}) {
            for (auto* in = &bucket; in != nullptr; in = in->behind())
                for (std::size_t slot = 0; slot != width; ++slot)
                    if (auto const* const node = in->nodes[slot].load(std::memory_order_relaxed); node != nullptr && leaves(*node))
                        in->clear(slot);
            tidy(bucket);
        }
    }
    void add(chunk& fresh) noexcept {
        fresh.store(std::exchange(ready_, nullptr), std::memory_order_release);
        ++chunks_;
    }

    /// The next chunk, and a number for it. Returns: whether there was memory for that.
    bool provide() noexcept {
        try {
            if (chunks_ == in_.size())
                widen();
            if (ready_ == nullptr)
                ready_ = carve();
            return true;
        } catch (std::bad_alloc const&) {
            return false;
        }
    }
    /// Each chunk gets a second number.
    void widen() {
        auto const numbers = std::max<std::size_t>(2 * chunks_, 1);
        auto& wider = directories_.emplace_back(std::make_unique<chunk[]>(numbers));
        for (std::size_t one = 0; one != chunks_; ++one)
            for (auto const number : {one, one + chunks_})
                wider[number].store(in_[one].load(std::memory_order_relaxed), std::memory_order_relaxed);
        in_.become(wider.get(), numbers);
    }
    /// From slabs of one chunk, one, two, four ...
    line* carve() {
        if (uncut_.empty()) {
            auto const lines = std::max<std::size_t>(chunks_, 1) * Chunk;
            slabs_.reserve(slabs_.size() + 1);
            auto* const slab = static_cast<line*>(::operator new(lines * sizeof(line), std::align_val_t{alignof(line)}));
            slabs_.push_back(slab);
            uncut_ = {slab, lines};
        }
        auto* const carved = uncut_.data();
        uncut_ = uncut_.subspan(Chunk);
        std::uninitialized_default_construct_n(carved, Chunk);
        return carved;
    }

    directory& in_;
    copier copies_;
    std::size_t size_ = 0;
    std::size_t chunks_ = 0;
    line* ready_ = nullptr;  // the next chunk, which is empty
    std::span<line> uncut_;  // of the last slab
    std::vector<line*> slabs_;
    std::vector<std::unique_ptr<chunk[]>> directories_;  // the last is in use
    line_stock<line> behind_;
};

}  // namespace memo::detail
