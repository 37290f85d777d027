#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

enum class counter { misses, joins, stores, skips, refreshes, stale, errors, runs, run_nanoseconds, samples, sample_nanoseconds };

/// Counters of one wrapper, striped so that threads rarely write to one line.
///
/// Threads: any.
/// Cost:    one atomic add to a line that is mostly the thread's own.
class counters {
public:
    void add(counter what, std::uint64_t more = 1) noexcept {
        stripes_[own_stripe()].counts[static_cast<std::size_t>(what)].fetch_add(more, std::memory_order_relaxed);
    }

    std::uint64_t sum(counter what) const noexcept {
        std::uint64_t total = 0;
        for (auto const& one : stripes_)
            total += one.counts[static_cast<std::size_t>(what)].load(std::memory_order_relaxed);
        return total;
    }

private:
    static constexpr std::size_t stripes = 4;
    static constexpr std::size_t kinds = 11;

    static std::size_t own_stripe() noexcept;

    struct alignas(64) stripe {
        std::array<std::atomic<std::uint64_t>, kinds> counts{};
    };
    std::array<stripe, stripes> stripes_;
};

}  // namespace memo::detail
