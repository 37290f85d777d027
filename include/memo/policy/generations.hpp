#pragma once

#include <memo/policy/list.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace memo::detail {

/// Links by the generation of their last use, the oldest first; within a generation, in the order in which they were filed.
/// So the place of a late arrival is found at once, and a list that is tidied only when somebody must leave still is in
/// the order of last uses, but for those of one generation. What is older than all generations kept stands before them.
///
/// Generations are numbered by 14 bits: what was last used 16,384 of them ago counts as used now.
///
/// Threads:  the caller locks.
/// Cost:     constant, amortized over the generations begun, without allocation; `holds` walks.
class generations {
public:
    static constexpr std::uint32_t kept = 64;
    static constexpr std::uint32_t mask = (std::uint32_t{1} << 14) - 1;

    generations() noexcept { clear(); }
    generations(generations const&) = delete;
    generations& operator=(generations const&) = delete;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Lets all links go, and looks at none.
    void clear() noexcept {
        for (auto& ring : rings_) ring = {&ring, &ring};
        occupied_ = 0;
        size_ = 0;
    }

    /// `generation` follows that which was begun last.
    void begin(std::uint32_t generation) noexcept {
        now_ = generation;
        auto& reused = ring_of(now_);
        if (reused.next == &reused) return;
        auto& oldest = ring_of(now_ + 1);
        reused.previous->next = oldest.next;
        oldest.next->previous = reused.previous;
        oldest.next = reused.next;
        oldest.next->previous = &oldest;
        reused = {&reused, &reused};
        occupied_ |= bit_of(now_ + 1);
    }

    /// Puts `entry` behind all that were filed for its generation.
    void file(link& entry, std::uint32_t generation) noexcept {
        auto const at = ((now_ - generation) & mask) < kept - 1 ? generation : now_ + 1;
        link_list::insert_after(*ring_of(at).previous, entry);
        occupied_ |= bit_of(at);
        ++size_;
    }

    void erase(link& entry) noexcept {
        link_list::erase(entry);
        --size_;
    }

    /// Null when empty.
    [[nodiscard]] link* oldest() noexcept {
        while (occupied_ != 0) {
            auto const first = now_ + 1;
            auto const at = first + static_cast<std::uint32_t>(std::countr_zero(std::rotr(occupied_, static_cast<int>(first % kept))));
            auto& ring = ring_of(at);
            if (ring.next != &ring) return ring.next;
            occupied_ &= ~bit_of(at);
        }
        return nullptr;
    }

    /// Who stands behind an entry of its generation; null behind the last.
    [[nodiscard]] link* after(link const& entry) const noexcept {
        bool const is_ring = !std::less<>{}(entry.next, rings_.data()) && std::less<>{}(entry.next, rings_.data() + kept);
        return is_ring ? nullptr : entry.next;
    }

    /// Whether all neighbours agree, nothing stands where it is not looked for, and there are exactly `size` links.
    [[nodiscard]] bool holds(std::size_t size) const noexcept {
        std::size_t found = 0;
        for (std::uint32_t at = 0; at < kept; ++at) {
            auto const& ring = rings_[at];
            auto const* link = &ring;
            for (; link->next != &ring; link = link->next)
                if (link->next->previous != link || ++found > size) return false;
            if (ring.previous != link || (link != &ring && (occupied_ & bit_of(at)) == 0)) return false;
        }
        return found == size && size == size_;
    }

private:
    [[nodiscard]] link& ring_of(std::uint32_t generation) noexcept { return rings_[generation % kept]; }

    static std::uint64_t bit_of(std::uint32_t generation) noexcept { return std::uint64_t{1} << generation % kept; }

    std::array<link, kept> rings_;
    std::uint64_t occupied_ = 0;  // a ring whose bit is clear is empty
    std::size_t size_ = 0;
    std::uint32_t now_ = 0;
};

}  // namespace memo::detail
