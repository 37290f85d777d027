#include <memo/base/clock.hpp>

#include <ctime>

namespace memo::detail {

namespace {

#ifdef CLOCK_MONOTONIC_COARSE
duration span_of(timespec const& read) noexcept {
    return std::chrono::seconds{read.tv_sec} + std::chrono::nanoseconds{read.tv_nsec};
}

/// How far the coarse clock may be behind; twice what it says, for a tick may come late.
duration tick() noexcept {
    timespec resolution{};
    return clock_getres(CLOCK_MONOTONIC_COARSE, &resolution) == 0 ? 2 * span_of(resolution) : std::chrono::seconds{1};
}
#endif

}  // namespace

time_bounds real_time_bounds() noexcept {
#ifdef CLOCK_MONOTONIC_COARSE
    static duration const behind = tick();
    timespec read{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &read);
    return {span_of(read), span_of(read) + behind};
#else
    auto const now = real_time();
    return {now, now};
#endif
}

}  // namespace memo::detail
