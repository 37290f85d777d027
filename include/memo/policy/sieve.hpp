#pragma once

#include <memo/policy/concept.hpp>
#include <memo/policy/list.hpp>
#include <memo/policy/read_mark.hpp>

#include <cstddef>
#include <cstdint>

namespace memo {

/// A hand goes from the oldest entry to the newest, and round: an entry that was read since it last came by stays where it
/// is, the first one that was not leaves. New entries stand behind the newest, so what is read once goes soon.
///
/// Threads:  touches take no lock.
/// Cost:     24 bytes an entry; the hand goes round at most twice, one step for each entry read, constant on the mean.
/// Source:   Y. Zhang et al., "SIEVE is simpler than LRU: an efficient turn-key eviction algorithm for web caches",
///           NSDI 2024.
class sieve_order {
public:
    static constexpr bool touches_unlocked = true;

    struct hook : detail::link {
        detail::read_mark reads;
    };

    void admit(hook& entry) noexcept {
        entry.reads.set(0);
        entries_.push_back(entry);
        ++size_;
    }

    [[nodiscard]] std::uint16_t touched(std::uint16_t) const noexcept { return 1; }
    void touch(hook& entry) noexcept { entry.reads.set(touched(entry.reads.get())); }
    [[nodiscard]] bool settled(hook const& entry) const noexcept { return was_read(entry); }

    void replace(hook& old, hook& fresh) noexcept {
        fresh.reads.set(1);
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
        for (auto patience = 2 * size_; patience > 1 && was_read(*hand_); --patience) {
            static_cast<hook*>(hand_)->reads.set(0);
            hand_ = entries_.after(*hand_);
            if (hand_ == nullptr) hand_ = entries_.front();
        }
        return static_cast<hook*>(hand_);
    }

    [[nodiscard]] bool validate() const noexcept {
        return entries_.holds(size_) && (hand_ == nullptr || entries_.has(*hand_));
    }

private:
    static bool was_read(detail::link const& entry) noexcept { return static_cast<hook const&>(entry).reads.get() != 0; }

    detail::link_list entries_;     // the oldest first
    detail::link* hand_ = nullptr;  // null: at the oldest
    std::size_t size_ = 0;
};
static_assert(eviction_policy<sieve_order> && detail::noting<sieve_order>);

struct sieve_policy {
    using order = sieve_order;
};

/// `memo::policy(memo::sieve)`: what was read since it came, or since the hand passed, stays.
inline constexpr sieve_policy sieve{};

}  // namespace memo
