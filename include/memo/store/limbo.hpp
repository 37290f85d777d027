#pragma once

#include <memo/base/sync.hpp>
#include <memo/store/entry.hpp>

#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// Where entries wait that nobody can find any more, for those who found them before.
///
/// Threads: any; entries end with no lock held.
/// Cost:    some 10 ns an entry. What may wait does so for the company of others, of which there are 63 or 64 KiB at most.
class limbo {
public:
    enum class haste { may_wait, now };

    explicit limbo(entry_end end) noexcept : end_{end} {}
    limbo(limbo const&) = delete;
    limbo& operator=(limbo const&) = delete;
    /// Requires: nobody reads any more.
    ~limbo() { end_all(first_); }

    /// Takes entries that hang together by `next_in_grave`. Those in haste end before it returns, unless somebody reads just now.
    void take(entry* gone, haste how) noexcept;

    void before_fork() noexcept { mutex_.lock(); }
    void after_fork() noexcept { mutex_.unlock(); }

private:
    void end_all(entry* gone) const noexcept;
    /// The first entries, for which nobody can be waiting.
    entry* ripe() noexcept;

    entry_end end_;
    mutex mutex_;
    entry* first_ = nullptr;
    entry* last_ = nullptr;
    entry* first_fresh_ = nullptr;  // from here on, no grace has begun
    std::size_t fresh_entries_ = 0;
    std::size_t fresh_bytes_ = 0;
};

}  // namespace memo::detail
