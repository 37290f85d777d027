#include <memo/transport/breaker.hpp>

#include <memo/base/clock.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>

namespace memo::detail {

bool breaker::admits(duration now) noexcept {
    if (!open())
        return true;
    auto due = next_try_.load(std::memory_order_acquire);
    return now.count() >= due &&
           next_try_.compare_exchange_strong(due, later(now, longest_rest).count(), std::memory_order_acq_rel);
}

void breaker::succeeded() noexcept {
    if (failures_.load(std::memory_order_relaxed) != 0)
        failures_.store(0, std::memory_order_relaxed);
}

/// Rests double from an eighth of the longest on.
void breaker::failed(duration now, std::uint64_t chance) noexcept {
    auto so_far = failures_.load(std::memory_order_relaxed);
    while (so_far != std::numeric_limits<unsigned>::max() && !failures_.compare_exchange_weak(so_far, so_far + 1)) {
    }
    if (so_far < threshold_ - 1)
        return;
    auto const doublings = std::min(so_far - (threshold_ - 1), 3U);
    auto const whole = longest_rest / 8 * (1U << doublings);
    auto const less = duration{static_cast<duration::rep>(chance % static_cast<std::uint64_t>(whole.count() / 4))};
    next_try_.store(later(now, whole - less).count(), std::memory_order_release);
}

}  // namespace memo::detail
