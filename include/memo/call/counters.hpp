#pragma once

#include <memo/base/epoch.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

enum class counter { misses, joins, stores, skips, refreshes, stale, errors, runs, run_nanoseconds, samples, sample_nanoseconds };

/// Counters of one wrapper.
///
/// Threads: any.
/// Cost:    to add, a load and a store to a line that is the thread's own; the threads beyond the first 7 share one, by an atomic
///          add. 1 KiB.
class counters {
public:
    void add(counter what, std::uint64_t more = 1) noexcept {
        add_each([&](auto const& add_one) { add_one(what, more); });
    }
    /// Once more of the one, and so many more of the other.
    void add_with(counter what, counter sum, std::uint64_t more) noexcept {
        add_each([&](auto const& add_one) { add_one(what, std::uint64_t{1}), add_one(sum, more); });
    }

    std::uint64_t sum(counter what) const noexcept {
        std::uint64_t total = 0;
        for (auto const& one : stripes_)
            total += one.counts[static_cast<std::size_t>(what)].load(std::memory_order_relaxed);
        return total;
    }

private:
    template <class Fn>
    [[gnu::always_inline]] void add_each(Fn const& fn) noexcept {
        auto const* const mine = this_reader();
        auto const number = mine != nullptr && mine->number < shared ? mine->number : shared;
        auto& counts = stripes_[number].counts;
        if (number != shared)
            fn([&](counter what, std::uint64_t more) {
                auto& own = counts[static_cast<std::size_t>(what)];
                own.store(own.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
            });
        else
            fn([&](counter what, std::uint64_t more) {
                counts[static_cast<std::size_t>(what)].fetch_add(more, std::memory_order_relaxed);
            });
    }

    static constexpr std::size_t shared = 7;
    static constexpr std::size_t kinds = 11;

    struct alignas(64) stripe {
        std::array<std::atomic<std::uint64_t>, kinds> counts{};
    };
    std::array<stripe, shared + 1> stripes_;
};

}  // namespace memo::detail
