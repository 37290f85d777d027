#pragma once

#include <memo/base/sync.hpp>
#include <memo/store/entry.hpp>

#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// Where entries wait that nobody can find any more, for those who found them before.
///
/// Threads: any; entries end with no lock held.
/// Cost:    some 10 ns an entry. What may wait does so for the company of others, of which there are 63 at most, or so many bytes;
///          then one ends with each that comes, so that an allocator has its memory at hand, and nobody ends 64.
class limbo {
public:
    enum class haste { may_wait, now };

    limbo(entry_end end, std::size_t most_bytes) noexcept : end_{end}, most_bytes_{most_bytes}, company_{most_entries} {}
    limbo(limbo const&) = delete;
    limbo& operator=(limbo const&) = delete;
    /// Requires: nobody reads any more.
    ~limbo();

    /// Takes entries that hang together by `next_in_grave`. Those in haste end before it returns, unless somebody reads just now.
    void take(entry* gone, haste how) noexcept;

    void before_fork() noexcept { mutex_.lock(); }
    void after_fork() noexcept { mutex_.unlock(); }

private:
    /// Entries in the order in which they came, which hang together by `next_in_grave`.
    struct line {
        entry* first = nullptr;
        entry* last = nullptr;
        std::size_t entries = 0;
        std::size_t bytes = 0;

        void append(entry& one) noexcept;
        void append(line&& other) noexcept;
    };

    void end_all(entry* gone) const noexcept;
    /// Finds out whether a grace is over, and begins one for those who wait for company.
    void ripen() noexcept;
    bool grace_is_over() const noexcept;
    /// Some of the ripe, which hang together.
    entry* leaving(haste how) noexcept;

    static constexpr std::size_t most_entries = 64;

    entry_end end_;
    std::size_t most_bytes_;
    mutex mutex_;
    line fresh_;              // for these no grace has begun
    std::size_t company_;     // of so many it begins
    line graced_;             // for these it has
    std::uint64_t since_ = 0;
    line ripe_;               // nobody reads these
};

}  // namespace memo::detail
