#pragma once

#include <memo/policy/concept.hpp>
#include <memo/policy/list.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>

namespace memo {

/// The entry with the fewest accesses since it was admitted leaves first; of several, the one untouched longest.
///
/// Counts age: after `turn` accesses for each entry, or for each of `fewest`, all counts above 1 are halved, one entry with
/// each access that follows, the least counted first. So what was hot and is read no more is back at 1 after as many turns as
/// its count has bits; then what is read twice outlives it.
///
/// A new entry has the count 1, so forget the victim before admitting its successor. Hooks of equal count stand in one
/// group; the groups that touches may need are set aside when entries are admitted. Should that fail for want of
/// memory, a touch may leave the count as it is.
///
/// Cost:     24 bytes an entry, and 40 more for each of the most entries that were ever resident together.
/// Source:   K. Shah, A. Mitra, D. Matani, "An O(1) algorithm for implementing the LFU cache eviction scheme", 2010;
///           M. Arlitt et al., "Evaluating content management techniques for Web proxy caches", 2000 (counts that age).
class lfu_order {
    struct group;

public:
    static constexpr std::size_t turn = 64;
    static constexpr std::size_t fewest = 16;
    static constexpr std::size_t bytes_beside = 48;

    struct hook : detail::link {
        group* peers = nullptr;
    };

    lfu_order() noexcept {
        groups_.push_back(once_);
        groups_.push_back(border_);
        border_.accesses = std::numeric_limits<std::uint64_t>::max();
    }
    lfu_order(lfu_order const&) = delete;
    lfu_order& operator=(lfu_order const&) = delete;

    ~lfu_order() {
        detail::link_list::erase(once_);
        detail::link_list::erase(border_);
        release(groups_);
        release(spare_);
    }

    void admit(hook& entry) noexcept {
        if (++size_ > set_aside_) {
            if (auto* const fresh = new (std::nothrow) group) {
                spare_.push_back(*fresh);
                ++set_aside_;
            }
        }
        join(once_, entry);
        age();
    }

    void touch(hook& entry) noexcept {
        count(entry);
        age();
    }

    void replace(hook& old, hook& fresh) noexcept {
        detail::link_list::replace(old, fresh);
        fresh.peers = old.peers;
        touch(fresh);
    }

    void forget(hook& entry) noexcept {
        leave(entry);
        --size_;
    }

    [[nodiscard]] hook* victim() noexcept {
        group const* least = once_.members.empty() ? group_after(once_) : &once_;
        auto const* const unaged = group_after(border_);
        if (unaged != nullptr && unaged->accesses / 2 < least->accesses) least = unaged;
        return static_cast<hook*>(least->members.front());
    }

    [[nodiscard]] bool validate() const noexcept {
        std::size_t members = 0;
        std::size_t groups = 0;
        std::uint64_t below = 0;
        for (auto const* at = static_cast<group const*>(groups_.front()); at != nullptr; at = group_after(*at)) {
            if (at->accesses <= below || (at->members.empty() && at != &once_ && at != &border_)) return false;
            below = at == &border_ ? 1 : at->accesses;
            ++groups;
            std::size_t here = 0;
            for (auto const* entry = at->members.front(); entry != nullptr; entry = at->members.after(*entry)) {
                if (static_cast<hook const*>(entry)->peers != at || ++here > size_) return false;
            }
            if (!at->members.holds(here)) return false;
            members += here;
        }
        return members == size_ && groups_.front() == &once_ && once_.accesses == 1 && border_.members.empty() &&
               groups_.has(border_) && groups_.holds(groups) && groups_.has(*halved_) && spare_.holds(set_aside_ + 2 - groups);
    }

private:
    struct group : detail::link {
        std::uint64_t accesses = 1;
        detail::link_list members;  // the longest untouched first
    };

    [[nodiscard]] group* group_after(group const& at) const noexcept { return static_cast<group*>(groups_.after(at)); }

    static void join(group& peers, hook& entry) noexcept {
        peers.members.push_back(entry);
        entry.peers = &peers;
    }

    void leave(hook& entry) noexcept {
        detail::link_list::erase(entry);
        group& left = *entry.peers;
        if (&left == &once_ || !left.members.empty()) return;
        if (halved_ == &left) halved_ = static_cast<group*>(left.previous);
        detail::link_list::erase(left);
        spare_.push_back(left);
    }

    void count(hook& entry) noexcept {
        group& from = *entry.peers;
        auto const accesses = from.accesses + 1;
        group* to = group_after(from);
        if (to == nullptr || to->accesses != accesses) {
            if (&from != &once_ && from.members.single()) {
                from.accesses = accesses;
                return;
            }
            to = &open_after(from, accesses);
        }
        leave(entry);
        join(*to, entry);
    }

    /// The group for so many accesses, more than in `below`; `below` itself when none could be set aside.
    [[nodiscard]] group& open_after(group& below, std::uint64_t accesses) noexcept {
        if (spare_.empty()) return below;
        auto& opened = *static_cast<group*>(spare_.front());
        detail::link_list::erase(opened);
        detail::link_list::insert_after(below, opened);
        opened.accesses = accesses;
        return opened;
    }

    /// What stands behind the border is to be halved. When nothing does, and a turn is over, all that can be is put there.
    void age() noexcept {
        auto* const unaged = group_after(border_);
        if (unaged != nullptr) {
            halve(*static_cast<hook*>(unaged->members.front()));
        } else if (++accesses_ >= turn * std::max(size_, fewest)) {
            accesses_ = 0;
            halved_ = &once_;
            detail::link_list::erase(border_);
            detail::link_list::insert_after(once_, border_);
        }
    }

    void halve(hook& entry) noexcept {
        auto const half = entry.peers->accesses / 2;
        leave(entry);
        while (halved_->accesses > half) halved_ = static_cast<group*>(halved_->previous);
        while (group_after(*halved_)->accesses <= half) halved_ = group_after(*halved_);
        if (halved_->accesses < half) halved_ = &open_after(*halved_, half);
        join(*halved_, entry);
    }

    static void release(detail::link_list& groups) noexcept {
        while (auto* const first = static_cast<group*>(groups.front())) {
            detail::link_list::erase(*first);
            delete first;
        }
    }

    group once_;                // always first, may be empty
    group border_;              // always empty
    detail::link_list groups_;  // by accesses, the fewest first, up to the border, and from there again
    detail::link_list spare_;
    group* halved_ = &once_;     // where what was halved last was put, or before it
    std::size_t set_aside_ = 0;  // groups in use or spare, but for `once_` and `border_`
    std::size_t size_ = 0;
    std::size_t accesses_ = 0;  // since all were halved
};
static_assert(eviction_policy<lfu_order>);

struct lfu_policy {
    using order = lfu_order;
};

/// `memo::policy(memo::lfu)`: what was read most often stays.
inline constexpr lfu_policy lfu{};

}  // namespace memo
