#pragma once

#include <memo/base/sync.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <limits>
#include <utility>

namespace memo::detail {

/// Exact bounds in entries and in weight: what is reserved never exceeds them, at any instant. Weight without a bound is not added up.
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
        if (!weighs() || add_within(weight_, weight, most_weight_))
            return true;
        take_off(entries_, entries);
        return false;
    }

    void release(std::size_t entries, std::size_t weight) noexcept {
        take_off(entries_, entries);
        if (weighs())
            take_off(weight_, weight);
    }

    /// What is held is so much, whatever was reserved.
    void settle(std::size_t entries, std::size_t weight) noexcept {
        entries_.store(entries, std::memory_order_relaxed);
        if (weighs())
            weight_.store(weight, std::memory_order_relaxed);
    }

    bool weighs() const noexcept { return most_weight_ != std::numeric_limits<std::size_t>::max(); }

    /// Whether so much could ever fit.
    bool allows(std::size_t weight) const noexcept { return weight <= most_weight_; }

    std::size_t entries() const noexcept { return entries_.load(std::memory_order_relaxed); }
    std::size_t weight() const noexcept { return weight_.load(std::memory_order_relaxed); }

private:
    static bool add_within(atomic<std::size_t>& sum, std::size_t more, std::size_t most) noexcept {
        if (more == 0)
            return true;
        auto held = sum.load(std::memory_order_relaxed);
        do {
            if (most - held < more)
                return false;
        } while (!sum.compare_exchange_weak(held, held + more, std::memory_order_relaxed));
        return true;
    }
    static void take_off(atomic<std::size_t>& sum, std::size_t less) noexcept {
        if (less != 0)
            sum.fetch_sub(less, std::memory_order_relaxed);
    }

    std::size_t most_entries_;
    std::size_t most_weight_;
    atomic<std::size_t> entries_{0};
    atomic<std::size_t> weight_{0};
};

/// What somebody has reserved of a budget and not spent yet, such as the room of entries that made way; the rest goes back.
/// So where one comes for one that goes, the budget, which is everybody's, is not written to.
///
/// Threads: one.
class allowance {
public:
    explicit allowance(budget& of) noexcept : of_{of} {}
    allowance(allowance const&) = delete;
    allowance& operator=(allowance const&) = delete;
    ~allowance() { give_back(); }

    /// Takes over what was reserved for something that is gone.
    void inherit(std::size_t entries, std::size_t weight) noexcept {
        entries_ += entries;
        weight_ += weight;
    }
    /// Returns: whether there is so much to spend, reserved now or before.
    bool cover(std::size_t entries, std::size_t weight) noexcept {
        auto const more_entries = entries - std::min(entries, entries_);
        auto const more_weight = weight - std::min(weight, weight_);
        if (!of_.reserve(more_entries, more_weight))
            return false;
        inherit(more_entries, more_weight);
        return true;
    }
    /// Requires: it is covered.
    void spend(std::size_t entries, std::size_t weight) noexcept {
        entries_ -= entries;
        weight_ -= weight;
    }
    void give_back() noexcept { of_.release(std::exchange(entries_, 0), std::exchange(weight_, 0)); }

private:
    budget& of_;
    std::size_t entries_ = 0;
    std::size_t weight_ = 0;
};

}  // namespace memo::detail
