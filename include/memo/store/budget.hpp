#pragma once

#include <memo/base/sync.hpp>

#include <atomic>
#include <cstddef>

namespace memo::detail {

/// Exact bounds in entries and in weight: what is reserved never exceeds them, at any instant.
///
/// Threads: any.
class budget {
public:
    budget(std::size_t most_entries, std::size_t most_weight) noexcept
        : most_entries_{most_entries}, most_weight_{most_weight} {}

    /// Returns: whether both fit; if not, nothing is reserved.
    bool reserve(std::size_t entries, std::size_t weight) noexcept {
        if (!add_within(entries_, entries, most_entries_))
            return false;
        if (add_within(weight_, weight, most_weight_))
            return true;
        entries_.fetch_sub(entries, std::memory_order_relaxed);
        return false;
    }

    void release(std::size_t entries, std::size_t weight) noexcept {
        entries_.fetch_sub(entries, std::memory_order_relaxed);
        weight_.fetch_sub(weight, std::memory_order_relaxed);
    }

    /// Whether so much could ever fit.
    bool allows(std::size_t weight) const noexcept { return weight <= most_weight_; }

    std::size_t entries() const noexcept { return entries_.load(std::memory_order_relaxed); }
    std::size_t weight() const noexcept { return weight_.load(std::memory_order_relaxed); }

private:
    static bool add_within(atomic<std::size_t>& sum, std::size_t more, std::size_t most) noexcept {
        auto held = sum.load(std::memory_order_relaxed);
        do {
            if (most - held < more)
                return false;
        } while (!sum.compare_exchange_weak(held, held + more, std::memory_order_relaxed));
        return true;
    }

    std::size_t most_entries_;
    std::size_t most_weight_;
    atomic<std::size_t> entries_{0};
    atomic<std::size_t> weight_{0};
};

}  // namespace memo::detail
