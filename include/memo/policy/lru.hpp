#pragma once

#include <memo/policy/concept.hpp>
#include <memo/policy/list.hpp>

#include <cstddef>

namespace memo {

/// The entry that was admitted or touched longest ago leaves first.
///
/// Cost:     16 bytes an entry; a touch writes six pointers.
/// Source:   R. L. Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal 9(2), 1970.
class lru_order {
public:
    struct hook : detail::link {};

    void admit(hook& entry) noexcept {
        entries_.push_back(entry);
        ++size_;
    }

    void touch(hook& entry) noexcept {
        detail::link_list::erase(entry);
        entries_.push_back(entry);
    }

    void replace(hook& old, hook& fresh) noexcept {
        detail::link_list::erase(old);
        entries_.push_back(fresh);
    }

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
    detail::link_list entries_;  // the longest untouched first
    std::size_t size_ = 0;
};
static_assert(eviction_policy<lru_order>);

struct lru_policy {
    using order = lru_order;
};

/// `memo::policy(memo::lru)`: what was read lately stays.
inline constexpr lru_policy lru{};

}  // namespace memo
