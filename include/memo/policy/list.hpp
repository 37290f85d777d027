#pragma once

#include <cstddef>

namespace memo::detail {

/// A place in a `link_list`, embedded in what is ordered.
struct link {
    link* previous = nullptr;
    link* next = nullptr;
};

/// A circular list of links that others own; `ring_` stands between the last and the first.
///
/// Threads:  the caller locks.
/// Cost:     constant, without allocation; `has` and `holds` walk.
class link_list {
public:
    link_list() noexcept : ring_{&ring_, &ring_} {}
    link_list(link_list const&) = delete;
    link_list& operator=(link_list const&) = delete;

    [[nodiscard]] bool empty() const noexcept { return ring_.next == &ring_; }
    [[nodiscard]] bool single() const noexcept { return !empty() && ring_.next == ring_.previous; }

    /// Null when empty.
    [[nodiscard]] link* front() const noexcept { return after(ring_); }

    /// Null when empty.
    [[nodiscard]] link* back() const noexcept { return empty() ? nullptr : ring_.previous; }

    /// Null behind the last.
    [[nodiscard]] link* after(link const& entry) const noexcept { return entry.next == &ring_ ? nullptr : entry.next; }

    [[nodiscard]] bool has(link const& entry) const noexcept {
        auto const* at = front();
        while (at != nullptr && at != &entry) at = after(*at);
        return at != nullptr;
    }

    void push_front(link& entry) noexcept { insert_after(ring_, entry); }
    void push_back(link& entry) noexcept { insert_after(*ring_.previous, entry); }

    static void insert_after(link& position, link& entry) noexcept {
        entry = {&position, position.next};
        entry.next->previous = &entry;
        position.next = &entry;
    }

    /// Lets all entries go, and looks at none.
    void clear() noexcept { ring_ = {&ring_, &ring_}; }

    /// Takes the entry out of the list that it is in.
    static void erase(link& entry) noexcept {
        entry.previous->next = entry.next;
        entry.next->previous = entry.previous;
    }

    /// Puts `fresh` where `old` is.
    static void replace(link& old, link& fresh) noexcept {
        insert_after(old, fresh);
        erase(old);
    }

    /// Whether all neighbours agree and there are exactly `size` entries.
    [[nodiscard]] bool holds(std::size_t size) const noexcept {
        std::size_t found = 0;
        link const* at = &ring_;
        for (; at->next != &ring_; at = at->next) {
            if (at->next == nullptr || at->next->previous != at || ++found > size) return false;
        }
        return ring_.previous == at && found == size;
    }

private:
    link ring_;
};

}  // namespace memo::detail
