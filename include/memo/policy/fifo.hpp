#pragma once

#include <memo/policy/concept.hpp>
#include <memo/policy/list.hpp>
#include <memo/policy/read_mark.hpp>

#include <cstddef>
#include <cstdint>

namespace memo {

/// The entry that was admitted longest ago leaves first; reads change nothing.
///
/// Threads:  touches take no lock; they change nothing.
/// Cost:     16 bytes an entry; a touch is free.
/// Source:   L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal
///           5(2), 1966.
class fifo_order {
public:
    static constexpr bool touches_unlocked = true;

    struct hook : detail::link {
        [[no_unique_address]] detail::no_reads reads{};
    };

    void admit(hook& entry) noexcept {
        entries_.push_back(entry);
        ++size_;
    }

    [[nodiscard]] std::uint16_t touched(std::uint16_t reads) const noexcept { return reads; }
    void touch(hook&) noexcept {}
    [[nodiscard]] bool settled(hook const&) const noexcept { return true; }

    void replace(hook& old, hook& fresh) noexcept { detail::link_list::replace(old, fresh); }

    void forget(hook& entry) noexcept {
        detail::link_list::erase(entry);
        --size_;
    }

    void clear() noexcept {
        entries_.clear();
        size_ = 0;
    }

    [[nodiscard]] hook* victim() noexcept { return static_cast<hook*>(entries_.front()); }

    [[nodiscard]] bool validate() const noexcept { return entries_.holds(size_); }

private:
    detail::link_list entries_;  // the oldest first
    std::size_t size_ = 0;
};
static_assert(eviction_policy<fifo_order> && detail::noting<fifo_order>);

struct fifo_policy {
    using order = fifo_order;
};

/// `memo::policy(memo::fifo)`: entries leave in the order in which they came, and a hit costs least.
inline constexpr fifo_policy fifo{};

}  // namespace memo
