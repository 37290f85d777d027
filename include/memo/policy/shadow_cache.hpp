#pragma once

#include <memo/policy/partition_order.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace memo::detail {

/// A cache of places without results: what would be hit if a `partition_order` of these shares kept so many entries.
///
/// Throws:   nothing; without memory it holds no entry and misses.
/// Threads:  the caller locks.
/// Cost:     constant; 40 bytes an entry beside what the order takes.
class shadow_cache {
public:
    shadow_cache(partition shares, std::uint16_t entries) noexcept
        : order_{shares, partition_order::course::settled}, slots_{new (std::nothrow) slot[entries]},
          heads_{new (std::nothrow) std::uint16_t[bucket_count(entries)]()},
          entries_{slots_ && heads_ ? entries : std::uint16_t{0}}, buckets_{bucket_count(entries)} {}

    /// Returns: whether the place was held; it is now.
    bool access(std::uint32_t place) noexcept {
        if (entries_ == 0) return false;
        auto& head = head_of(place);
        for (auto at = head; at != none; at = slots_[at - 1].next) {
            if (slots_[at - 1].hook.place != place) continue;
            order_.touch(slots_[at - 1].hook);
            return true;
        }
        auto const number = order_.size() < entries_ ? static_cast<std::uint16_t>(order_.size() + 1) : evict();
        auto& fresh = slots_[number - 1];
        fresh.hook.place = place;
        fresh.next = head;
        head = number;
        order_.admit(fresh.hook);
        return false;
    }

    [[nodiscard]] bool validate() const noexcept { return order_.validate() && order_.size() <= entries_; }

private:
    static constexpr std::uint16_t none = 0;

    struct slot {
        partition_order::hook hook;
        std::uint16_t next = none;  // of the bucket; slots are numbered from 1
    };

    static std::size_t bucket_count(std::size_t entries) noexcept { return std::bit_ceil(entries); }

    [[nodiscard]] std::uint16_t& head_of(std::uint32_t place) noexcept {
        return heads_[(place * 0xd6e8'feb8'6659'fd93 >> 40) & (buckets_ - 1)];
    }

    std::uint16_t evict() noexcept {
        auto* const leaving = order_.victim();
        order_.forget(*leaving);
        auto* at = &head_of(leaving->place);
        while (&slots_[*at - 1].hook != leaving) at = &slots_[*at - 1].next;
        auto const number = *at;
        *at = slots_[number - 1].next;
        return number;
    }

    partition_order order_;
    std::unique_ptr<slot[]> slots_;
    std::unique_ptr<std::uint16_t[]> heads_;
    std::uint16_t entries_;
    std::size_t buckets_;
};

}  // namespace memo::detail
