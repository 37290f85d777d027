#pragma once

#include <memo/policy/segments.hpp>

#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// Fingerprints of keys whose entries went, the last so many of them: of places, of which 32 bits are kept.
///
/// Threads:  the caller locks.
/// Cost:     constant on the mean, without a pause where it grows; 20 bytes for each of the most that were ever held.
///           Where memory is short, the longest held makes room.
class ghost_list {
public:
    ghost_list() noexcept = default;

    /// Remembers a place as the last that went, and forgets the first until there are no more than `most`.
    void push(std::uint64_t place, std::size_t most) noexcept {
        auto const print = print_of(place);
        remove(print);
        while (size_ > 0 && size_ >= most) drop(first_);
        if (most == 0) return;
        if (free_ == none && !grow() && size_ > 0) drop(first_);
        if (free_ == none) return;
        auto const at = free_;
        free_ = ghosts_[at].newer;
        auto& bucket = bucket_of(print);
        ghosts_[at] = {print, bucket, last_, none};
        bucket = at;
        (last_ == none ? first_ : ghosts_[last_].newer) = at;
        last_ = at;
        ++size_;
    }

    /// Forgets a place. Returns: whether it was held.
    [[nodiscard]] bool take(std::uint64_t place) noexcept { return remove(print_of(place)); }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    [[nodiscard]] bool validate() const noexcept {
        std::size_t found = 0;
        auto before = none;
        for (auto at = first_; at != none; at = ghosts_[at].newer) {
            if (ghosts_[at].older != before || ++found > size_ || find(ghosts_[at].print) != at) return false;
            before = at;
        }
        for (auto at = free_; at != none; at = ghosts_[at].newer)
            if (++found > ghosts_.size()) return false;
        return last_ == before && found == ghosts_.size() && buckets_.size() == ghosts_.size();
    }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    struct ghost {
        std::uint32_t print = 0;
        std::uint32_t next = none;  // in the bucket
        std::uint32_t older = none;
        std::uint32_t newer = none;  // or the next free one
    };
    struct head {
        std::uint32_t first = none;
    };

    /// Entries of one order share bits of their places, so all of them count.
    static std::uint32_t print_of(std::uint64_t place) noexcept {
        return static_cast<std::uint32_t>((place ^ place >> 32) * 0x9e37'79b9'7f4a'7c15 >> 32);
    }

    [[nodiscard]] std::uint32_t& bucket_of(std::uint32_t print) noexcept { return buckets_[fold(print, buckets_.size())].first; }

    [[nodiscard]] std::uint32_t find(std::uint32_t print) const noexcept {
        if (buckets_.size() == 0) return none;
        auto at = buckets_[fold(print, buckets_.size())].first;
        while (at != none && ghosts_[at].print != print) at = ghosts_[at].next;
        return at;
    }

    bool remove(std::uint32_t print) noexcept {
        auto const at = find(print);
        if (at == none) return false;
        drop(at);
        return true;
    }

    void drop(std::uint32_t at) noexcept {
        auto& gone = ghosts_[at];
        auto* from = &bucket_of(gone.print);
        while (*from != at) from = &ghosts_[*from].next;
        *from = gone.next;
        (gone.older == none ? first_ : ghosts_[gone.older].newer) = gone.newer;
        (gone.newer == none ? last_ : ghosts_[gone.newer].older) = gone.older;
        gone.newer = free_;
        free_ = at;
        --size_;
    }

    /// One more free ghost, and one more bucket, which takes over its part of another.
    [[nodiscard]] bool grow() noexcept {
        if (ghosts_.size() == none || !buckets_.push_back()) return false;
        if (!ghosts_.push_back()) {
            buckets_.pop_back();
            return false;
        }
        auto const opened = buckets_.size() - 1;
        ghosts_[opened].newer = free_;
        free_ = static_cast<std::uint32_t>(opened);
        if (opened == 0) return true;
        auto* from = &buckets_[fold(opened, opened)].first;
        auto* to = &buckets_[opened].first;
        while (*from != none) {
            auto& moved = ghosts_[*from];
            if (fold(moved.print, buckets_.size()) == opened) {
                *to = *from;
                *from = moved.next;
                to = &moved.next;
                *to = none;
            } else {
                from = &moved.next;
            }
        }
        return true;
    }

    segments<ghost> ghosts_;
    segments<head> buckets_;
    std::uint32_t first_ = none;  // the longest held
    std::uint32_t last_ = none;
    std::uint32_t free_ = none;
    std::size_t size_ = 0;
};

}  // namespace memo::detail
