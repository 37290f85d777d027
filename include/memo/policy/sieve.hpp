#pragma once

#include <memo/policy/concept.hpp>
#include <memo/policy/list.hpp>
#include <memo/policy/mark.hpp>

#include <cstddef>

namespace memo {

/// A hand goes from the oldest entry to the newest, and round: an entry that was read since it last came by stays where it
/// is, the first one that was not leaves. New entries stand behind the newest, so what is read once goes soon.
///
/// Threads:  touches take no lock.
/// Cost:     17 bytes an entry; the hand goes round at most twice, one step for each entry read, constant on the mean.
/// Source:   Y. Zhang et al., "SIEVE is simpler than LRU: an efficient turn-key eviction algorithm for web caches",
///           NSDI 2024.
class sieve_order {
public:
    static constexpr bool touches_unlocked = true;

    struct hook : detail::link {
        detail::mark<bool> visited;
    };

    void admit(hook& entry) noexcept {
        entry.visited.set(false);
        entries_.push_back(entry);
        ++size_;
    }

    void touch(hook& entry) noexcept {
        entry.visited.set(true);
    }
    [[nodiscard]] bool settled(hook const& entry) const noexcept { return entry.visited.get(); }

    void replace(hook& old, hook& fresh) noexcept {
        fresh.visited.set(true);
        detail::link_list::replace(old, fresh);
        if (hand_ == &old) hand_ = &fresh;
    }

    void forget(hook& entry) noexcept {
        if (hand_ == &entry) hand_ = entries_.after(entry);
        detail::link_list::erase(entry);
        --size_;
    }

    void clear() noexcept {
        entries_.clear();
        hand_ = nullptr;
        size_ = 0;
    }

    [[nodiscard]] hook* victim() noexcept {
        if (hand_ == nullptr) hand_ = entries_.front();
        for (auto patience = 2 * size_; patience > 1 && is_visited(*hand_); --patience) {
            static_cast<hook*>(hand_)->visited.set(false);
            hand_ = entries_.after(*hand_);
            if (hand_ == nullptr) hand_ = entries_.front();
        }
        return static_cast<hook*>(hand_);
    }

    [[nodiscard]] bool validate() const noexcept {
        return entries_.holds(size_) && (hand_ == nullptr || entries_.has(*hand_));
    }

private:
    static bool is_visited(detail::link const& entry) noexcept {
        return static_cast<hook const&>(entry).visited.get();
    }

    detail::link_list entries_;     // the oldest first
    detail::link* hand_ = nullptr;  // null: at the oldest
    std::size_t size_ = 0;
};
static_assert(eviction_policy<sieve_order>);

struct sieve_policy {
    using order = sieve_order;
};

/// `memo::policy(memo::sieve)`: what was read since it came, or since the hand passed, stays.
inline constexpr sieve_policy sieve{};

}  // namespace memo
