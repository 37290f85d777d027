#pragma once

#include <memo/policy/concept.hpp>
#include <memo/policy/list.hpp>

#include <cstddef>
#include <cstdint>
#include <new>

namespace memo {

/// The entry with the fewest accesses since it was admitted leaves first; of several, the one untouched longest.
///
/// A new entry has the count 1, so forget the victim before admitting its successor. Hooks of equal count stand in one
/// group; the groups that touches may need are set aside when entries are admitted. Should that fail for want of
/// memory, a touch may leave the count as it is.
///
/// Cost:     24 bytes an entry, and 40 more for each of the most entries that were ever resident together.
/// Source:   K. Shah, A. Mitra, D. Matani, "An O(1) algorithm for implementing the LFU cache eviction scheme", 2010.
class lfu_order {
    struct group;

public:
    struct hook : detail::link {
        group* peers = nullptr;
    };

    lfu_order() noexcept { groups_.push_back(once_); }
    lfu_order(lfu_order const&) = delete;
    lfu_order& operator=(lfu_order const&) = delete;

    ~lfu_order() {
        detail::link_list::erase(once_);
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
    }

    void touch(hook& entry) noexcept {
        group& from = *entry.peers;
        group* to = group_after(from);
        if (to == nullptr || to->accesses != from.accesses + 1) {
            if (&from != &once_ && from.members.single()) {
                ++from.accesses;
                return;
            }
            to = open_after(from);
        }
        detail::link_list::erase(entry);
        join(*to, entry);
        close_if_empty(from);
    }

    void replace(hook& old, hook& fresh) noexcept {
        detail::link_list::replace(old, fresh);
        fresh.peers = old.peers;
        touch(fresh);
    }

    void forget(hook& entry) noexcept {
        detail::link_list::erase(entry);
        close_if_empty(*entry.peers);
        --size_;
    }

    [[nodiscard]] hook* victim() noexcept {
        group const* const least = once_.members.empty() ? group_after(once_) : &once_;
        return least == nullptr ? nullptr : static_cast<hook*>(least->members.front());
    }

    [[nodiscard]] bool validate() const noexcept {
        std::size_t members = 0;
        std::size_t groups = 0;
        std::uint64_t below = 0;
        for (auto const* at = static_cast<group const*>(groups_.front()); at != nullptr; at = group_after(*at)) {
            if (at->accesses <= below || (at->members.empty() && at != &once_)) return false;
            below = at->accesses;
            ++groups;
            std::size_t here = 0;
            for (auto const* entry = at->members.front(); entry != nullptr; entry = at->members.after(*entry)) {
                if (static_cast<hook const*>(entry)->peers != at || ++here > size_) return false;
            }
            if (!at->members.holds(here)) return false;
            members += here;
        }
        return members == size_ && groups_.front() == &once_ && once_.accesses == 1 && groups_.holds(groups) &&
               spare_.holds(set_aside_ + 1 - groups);
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

    /// The group for one access more than in `below`; `below` itself when none could be set aside.
    [[nodiscard]] group* open_after(group& below) noexcept {
        if (spare_.empty()) return &below;
        auto* const opened = static_cast<group*>(spare_.front());
        detail::link_list::erase(*opened);
        detail::link_list::insert_after(below, *opened);
        opened->accesses = below.accesses + 1;
        return opened;
    }

    void close_if_empty(group& left) noexcept {
        if (&left == &once_ || !left.members.empty()) return;
        detail::link_list::erase(left);
        spare_.push_back(left);
    }

    static void release(detail::link_list& groups) noexcept {
        while (auto* const first = static_cast<group*>(groups.front())) {
            detail::link_list::erase(*first);
            delete first;
        }
    }

    group once_;                // always first, may be empty
    detail::link_list groups_;  // by accesses, the fewest first
    detail::link_list spare_;
    std::size_t set_aside_ = 0;  // groups in use or spare, but for `once_`
    std::size_t size_ = 0;
};
static_assert(eviction_policy<lfu_order>);

struct lfu_policy {
    using order = lfu_order;
};

/// `memo::policy(memo::lfu)`: what was read most often stays.
inline constexpr lfu_policy lfu{};

}  // namespace memo
