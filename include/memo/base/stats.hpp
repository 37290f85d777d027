#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>

namespace memo {

/// A snapshot of what a wrapper, or a sum of wrappers, did so far. Each counter counts the events of its name.
struct stats {
    std::uint64_t hits = 0;         ///< calls that found a fresh result
    std::uint64_t misses = 0;       ///< calls that found nothing; those that joined another's run included, of which the event is `join`
    std::uint64_t stores = 0;       ///< results stored
    std::uint64_t skips = 0;        ///< results not stored: refused by an option, too large, or evicted while they were computed
    std::uint64_t evictions = 0;    ///< entries that went for any cause but age
    std::uint64_t expirations = 0;  ///< entries that went by age
    std::uint64_t joins = 0;        ///< calls that waited for another's run
    std::uint64_t stale = 0;        ///< calls answered with an old value; those whose own run failed are misses, too
    std::uint64_t refreshes = 0;    ///< runs asked for by `refresh`, before a result was old, or behind a call that an old one answered
    std::uint64_t errors = 0;       ///< runs that threw, and failures swallowed: of options, listeners, memory, stores
    std::uint64_t runs = 0;         ///< runs of the wrapped function through the cache
    std::uint64_t gets_sampled = 0; ///< lookups that `get_latency` is the mean of
    std::size_t items = 0;          ///< entries held
    std::size_t bytes = 0;          ///< memory held: keys, values and overhead
    duration run_time{};            ///< of all runs together
    duration get_latency{};         ///< of one lookup, mean over a sample of one in 256
    duration time_saved{};          ///< hits x mean run time
    std::array<std::uint64_t, evict_causes> evictions_by_cause{};  ///< indexed by `evict_cause`

    /// Hits among hits and misses, 0 to 1; 0 when there was neither.
    double hit_ratio() const noexcept;

    stats& operator+=(stats const& other) noexcept;
    friend stats operator+(stats left, stats const& right) noexcept { return left += right; }
    friend std::ostream& operator<<(std::ostream& out, stats const& snapshot);
};

}  // namespace memo
