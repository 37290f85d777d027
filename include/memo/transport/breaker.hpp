#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/sync.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>

namespace memo::detail {

/// Spares callers a server that is away: after some failures in a row nobody asks it, but for one caller now and then, whose
/// success lets all others in again.
///
/// Threads: any. It holds no lock, so a fork finds it whole.
/// Cost:    asking it is one or two atomic loads.
class breaker {
public:
    explicit breaker(unsigned threshold) noexcept : threshold_{threshold} {}

    /// Whether to try now; `now` is real time. Of those who ask while it is open, one is let through when a rest is over, which
    /// is then over again in a while, whatever becomes of that one.
    bool admits(duration now) noexcept;
    /// Whether `admits` would let nobody through now.
    bool rests(duration now) const noexcept { return open() && now.count() < next_try_.load(std::memory_order_acquire); }
    void succeeded() noexcept;
    /// `chance` is any number: rests are drawn from it, up to a quarter shorter.
    void failed(duration now, std::uint64_t chance) noexcept;

    bool open() const noexcept { return failures_.load(std::memory_order_relaxed) >= threshold_; }

    static constexpr duration longest_rest = std::chrono::seconds{1};

private:
    unsigned const threshold_;
    atomic<unsigned> failures_{0};
    atomic<duration::rep> next_try_{0};
};

}  // namespace memo::detail
