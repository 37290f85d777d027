#pragma once

#include <memo/base/epoch.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// A count that many threads add to.
///
/// Threads: any.
/// Cost:    to add, a load and a store to a line that is the thread's own; the threads beyond the first 15 share one, by an
///          atomic add. 1 KiB.
class tally {
public:
    void add() noexcept { add(this_reader()); }
    /// The same, for who knows its reader already.
    [[gnu::always_inline]] void add(reader const* mine) noexcept {
        if (mine != nullptr && mine->number < shared) [[likely]] {
            auto& own = lines_[mine->number].count;
            own.store(own.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        } else {
            lines_[shared].count.fetch_add(1, std::memory_order_relaxed);
        }
    }

    std::uint64_t sum() const noexcept {
        std::uint64_t total = 0;
        for (auto const& one : lines_)
            total += one.count.load(std::memory_order_relaxed);
        return total;
    }

private:
    static constexpr std::size_t shared = 15;

    struct alignas(64) line {
        std::atomic<std::uint64_t> count{0};
    };
    std::array<line, shared + 1> lines_{};
};

}  // namespace memo::detail
