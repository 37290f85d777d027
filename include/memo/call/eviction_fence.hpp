#pragma once

#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>
#include <memo/store/concept.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace memo::detail {

/// Stands at a wrapper while an eviction goes through many entries, of it and of others. A run that begins meanwhile may read what has
/// yet to go, and its own place may have been passed already: its result is given, and not kept.
///
/// Threads: any. Cost: one load a run.
class eviction_fence {
public:
    /// A run begins, and its lease stands: an eviction that comes later revokes it.
    void stop(lease& begun) const noexcept {
        auto const now = state_.load(std::memory_order_acquire);
        if (raised(now) != 0 && generation(now) == this_generation()) [[unlikely]]
            begun.stopped_at = now;
    }
    /// Whether it was stopped, and an eviction has ended since: nobody who comes later may have what its run makes.
    bool outdates(lease const& flying) const noexcept {
        auto const then = flying.stopped_at.load();
        return then != 0 && ended(then) != ended(state_.load(std::memory_order_acquire));
    }

    /// What `evict` returns, which the fence is raised for.
    template <class Fn>
    auto raised_for(Fn const& evict);

private:
    friend class raised_fence;

    // how often it is raised now, in which process, and how often it was lowered
    static constexpr std::uint64_t one_raised = 1;
    static constexpr unsigned generation_at = 16;
    static constexpr unsigned ended_at = 32;
    static constexpr std::uint64_t one_ended = std::uint64_t{1} << ended_at;

    static std::uint16_t raised(std::uint64_t state) noexcept { return static_cast<std::uint16_t>(state); }
    static std::uint16_t generation(std::uint64_t state) noexcept { return static_cast<std::uint16_t>(state >> generation_at); }
    static std::uint64_t ended(std::uint64_t state) noexcept { return state >> ended_at; }
    static std::uint16_t this_generation() noexcept { return static_cast<std::uint16_t>(fork_generation()); }

    /// Those who raised it in the process that this one was forked from will not lower it here.
    std::uint16_t raise() noexcept {
        auto const mine = this_generation();
        auto now = state_.load(std::memory_order_relaxed);
        auto const above = [&] {
            return generation(now) == mine ? now + one_raised : ended(now) << ended_at | std::uint64_t{mine} << generation_at | one_raised;
        };
        while (!state_.compare_exchange_weak(now, above())) {}
        return mine;
    }
    void lower(std::uint16_t raised_in) noexcept {
        auto now = state_.load(std::memory_order_relaxed);
        while (!state_.compare_exchange_weak(now, now + one_ended - (generation(now) == raised_in ? one_raised : 0))) {}
    }

    atomic<std::uint64_t> state_{0};
};

/// Raises a fence for as long as it lives.
class raised_fence {
public:
    /// `owner` keeps the fence.
    explicit raised_fence(eviction_fence& fence, std::shared_ptr<void const> owner = nullptr) noexcept
        : owner_{std::move(owner)}, fence_{&fence}, in_{fence.raise()} {}
    raised_fence(raised_fence&& other) noexcept : owner_{std::move(other.owner_)}, fence_{std::exchange(other.fence_, nullptr)}, in_{other.in_} {}
    raised_fence& operator=(raised_fence&&) = delete;
    ~raised_fence() {
        if (fence_ != nullptr)
            fence_->lower(in_);
    }

private:
    std::shared_ptr<void const> owner_;
    eviction_fence* fence_;
    std::uint16_t in_;
};

using raised_fences = std::vector<raised_fence>;

template <class Fn>
auto eviction_fence::raised_for(Fn const& evict) {
    raised_fence const raised{*this};
    return evict();
}

}  // namespace memo::detail
