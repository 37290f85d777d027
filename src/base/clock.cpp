#include <memo/base/clock.hpp>

#include <ctime>

namespace memo::detail {

namespace {

#ifdef CLOCK_MONOTONIC_COARSE
duration span_of(timespec const& read) noexcept {
    return std::chrono::seconds{read.tv_sec} + std::chrono::nanoseconds{read.tv_nsec};
}

/// How far the coarse clock may be behind. It says a tick, but ticks of a guest come late: 10 ms were seen where it says 4.
constexpr duration behind = std::chrono::milliseconds{250};
#endif

}  // namespace

time_bounds real_time_bounds() noexcept {
#ifdef CLOCK_MONOTONIC_COARSE
    timespec read{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &read);
    return {span_of(read), span_of(read) + behind};
#else
    auto const now = real_time();
    return {now, now};
#endif
}

}  // namespace memo::detail
