#pragma once

#include <memo/base/sync.hpp>
#include <memo/store/entry.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// Where entries wait that nobody can find any more, for those who found them before.
///
/// Threads: any; entries end with no lock held.
/// Cost:    some 10 ns an entry. What may wait does so until a company is together, and then for another, in whose time somebody,
///          here or elsewhere, mostly begins a grace that serves both. Then one ends with each that comes, so that an allocator has
///          its memory at hand, and nobody ends a company. What is as heavy as one waits for nobody.
class limbo {
public:
    enum class haste { may_wait, now };

    /// It is together when there are so many entries, or so many bytes of them.
    struct company {
        std::size_t entries;
        std::size_t bytes;
    };

    limbo(entry_end end, company size) noexcept : end_{end}, size_{size}, next_{size} {}
    limbo(limbo const&) = delete;
    limbo& operator=(limbo const&) = delete;
    /// Requires: nobody reads any more.
    ~limbo();

    /// Takes entries that hang together by `next_in_grave`. Those in haste end before it returns, unless somebody reads just now.
    void take(entry* gone, haste how) noexcept;
    /// Whether some in haste are still here, since somebody read.
    bool owes() const noexcept { return owes_.load(std::memory_order_relaxed); }

    void before_fork() noexcept { mutex_.lock(); }
    void after_fork() noexcept { mutex_.unlock(); }

private:
    /// Entries in the order in which they came, which hang together by `next_in_grave`.
    struct line {
        entry* first = nullptr;
        entry* last = nullptr;
        std::size_t entries = 0;
        std::size_t bytes = 0;

        bool reaches(company const& size) const noexcept { return entries >= size.entries || bytes >= size.bytes; }
        void append(entry& one) noexcept;
        void append(line&& other) noexcept;
    };

    void end_all(entry* gone) const noexcept;
    /// Finds out whether a grace is over, and announces or begins one for those who came since.
    void ripen(haste how) noexcept;
    bool grace_is_over() const noexcept;
    /// Some of the ripe, which hang together.
    entry* leaving(haste how) noexcept;

    entry_end end_;
    company size_;
    brief_mutex mutex_;
    line fresh_;              // for these no grace is announced
    company next_;            // of so many it is
    line graced_;             // for these it is
    std::uint64_t since_ = 0;
    line ripe_;               // nobody reads these
    atomic<bool> owes_{false};
};

}  // namespace memo::detail
