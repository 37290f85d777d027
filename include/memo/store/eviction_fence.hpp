#pragma once

#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>
#include <memo/store/lease.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace memo::detail {

/// Stands at a wrapper, a manager or a store of bytes while an eviction goes through many of its entries.
///
/// Threads: any.
class eviction_fence {
public:
    bool is_raised() const noexcept {
        auto const now = state_.load(std::memory_order_acquire);
        return raised(now) != 0 && generation(now) == this_generation();
    }
    /// How often it was lowered.
    std::uint64_t lowered() const noexcept { return state_.load(std::memory_order_acquire) >> lowered_at; }

    /// What `evict` returns, for which it is raised.
    template <class Fn>
    auto raised_for(Fn const& evict);

private:
    friend class raised_fence;

    // how often it is raised now, in which process, and how often it was lowered
    static constexpr std::uint64_t one_raised = 1;
    static constexpr unsigned generation_at = 16;
    static constexpr unsigned lowered_at = 32;
    static constexpr std::uint64_t one_lowered = std::uint64_t{1} << lowered_at;

    static std::uint16_t raised(std::uint64_t state) noexcept { return static_cast<std::uint16_t>(state); }
    static std::uint16_t generation(std::uint64_t state) noexcept { return static_cast<std::uint16_t>(state >> generation_at); }
    static std::uint16_t this_generation() noexcept { return static_cast<std::uint16_t>(fork_generation()); }

    /// Those who raised it in the process that this one was forked from will not lower it here.
    std::uint16_t raise() noexcept {
        auto const mine = this_generation();
        auto now = state_.load(std::memory_order_relaxed);
        auto const above = [&] {
            auto const standing = generation(now) == mine ? raised(now) : std::uint64_t{0};
            return now >> lowered_at << lowered_at | std::uint64_t{mine} << generation_at | (standing + one_raised);
        };
        while (!state_.compare_exchange_weak(now, above())) {}
        return mine;
    }
    void lower(std::uint16_t raised_in) noexcept {
        auto now = state_.load(std::memory_order_relaxed);
        while (!state_.compare_exchange_weak(now, now + one_lowered - (generation(now) == raised_in ? one_raised : 0))) {}
    }

    atomic<std::uint64_t> state_{0};
};

/// Raises a fence for as long as it lives.
class raised_fence {
public:
    explicit raised_fence(eviction_fence& fence) noexcept : fence_{&fence}, in_{fence.raise()} {}
    raised_fence(raised_fence&& other) noexcept : fence_{std::exchange(other.fence_, nullptr)}, in_{other.in_} {}
    raised_fence& operator=(raised_fence&&) = delete;
    ~raised_fence() {
        if (fence_ != nullptr)
            fence_->lower(in_);
    }

private:
    eviction_fence* fence_;
    std::uint16_t in_;
};

template <class Fn>
auto eviction_fence::raised_for(Fn const& evict) {
    raised_fence const raised{*this};
    return evict();
}

/// Fences that an eviction in several steps has raised. All are lowered before the first of their owners is let go of.
class raised_fences {
public:
    /// `owner` keeps the fence. Throws: bad_alloc.
    void raise(eviction_fence& fence, std::shared_ptr<void const> owner) {
        owners_.push_back(std::move(owner));
        raised_.emplace_back(fence);
    }

private:
    std::vector<std::shared_ptr<void const>> owners_;
    std::vector<raised_fence> raised_;
};

/// The fences that stand in the way of one wrapper's runs: its own, its manager's, and that of its store of bytes. A run that begins
/// while one is raised may read what has yet to go, and its own place may have been passed already: its result is given, and not kept.
///
/// Threads: any. Cost: a load for each fence and run.
class fences {
public:
    /// The manager's, and where there is a store of bytes, that one's.
    fences(eviction_fence const& space, eviction_fence* store) noexcept : space_{&space}, store_{store} {}

    eviction_fence own;

    /// A run begins, and its lease stands: an eviction that comes later revokes it.
    void stop(lease& begun) const noexcept {
        if (own.is_raised() || space_->is_raised() || (store_ != nullptr && store_->is_raised())) [[unlikely]]
            begun.stopped_at = 1 + lowered();
    }
    /// Whether it was stopped, and an eviction has ended since: nobody who comes later may have what its run makes.
    bool outdates(lease const& flying) const noexcept {
        auto const then = flying.stopped_at.load();
        return then != 0 && then != 1 + lowered();
    }

    /// For an eviction of this wrapper's entries and of others.
    void raise_into(raised_fences& all, std::shared_ptr<void const> const& owner) {
        all.raise(own, owner);
        if (store_ != nullptr)
            all.raise(*store_, owner);
    }

private:
    std::uint64_t lowered() const noexcept { return own.lowered() + space_->lowered() + (store_ == nullptr ? 0 : store_->lowered()); }

    eviction_fence const* space_;
    eviction_fence* store_;
};

}  // namespace memo::detail
