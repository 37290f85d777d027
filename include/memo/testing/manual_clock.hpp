#pragma once

#include <atomic>
#include <chrono>
#include <memory>

namespace memo {

/// Time that passes when a test says so. All copies tell the same time, so `memo::clock(c)` takes it by value or by
/// reference, and the copy at hand moves them all.
///
/// Threads:  any.
class manual_clock {
public:
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<manual_clock, duration>;
    static constexpr bool is_steady = false;

    /// Begins at no particular time, which is not the epoch.
    manual_clock() : time_{std::make_shared<std::atomic<rep>>(duration{std::chrono::hours{1'000}}.count())} {}

    /// Copies only: a clock that was moved from goes on.
    manual_clock(manual_clock const&) = default;
    manual_clock& operator=(manual_clock const&) = default;
    ~manual_clock() = default;

    [[nodiscard]] time_point now() const noexcept { return time_point{duration{time_->load()}}; }

    /// Back, too, when `by` is negative.
    void advance(duration by) noexcept { time_->fetch_add(by.count()); }

    void set(time_point to) noexcept { time_->store(to.time_since_epoch().count()); }

private:
    std::shared_ptr<std::atomic<rep>> time_;
};

}  // namespace memo
