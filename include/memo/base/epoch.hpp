#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

// ThreadSanitizer does not see a fence that another thread was made to pass
#if defined(__SANITIZE_THREAD__)
inline constexpr bool fences_elsewhere = false;
#elif defined(__has_feature)
inline constexpr bool fences_elsewhere = !__has_feature(thread_sanitizer);
#else
inline constexpr bool fences_elsewhere = true;
#endif

/// One thread as one who reads without locks.
struct alignas(64) reader {
    std::atomic<std::uint64_t> since{0};  ///< the epoch in which it began to read; 0 while it reads nothing
    std::uint32_t number = 0;             ///< from 0, no other living thread's; numbers come back
    std::atomic<bool> taken{false};
};

/// What readers and those who wait for them agree on.
struct epochs {
    static constinit std::atomic<std::uint64_t> now;
    /// All readers passed a fence in it, or before.
    static constinit std::atomic<std::uint64_t> passed;
    /// Whether who waits makes all other threads pass a fence, so that readers need none.
    static constinit std::atomic<bool> asymmetric;
    static constinit thread_local reader* mine;  // not inline, or programs that load memo twice would mix theirs up

    /// The calling thread's; null when there is no memory for it.
    static reader* enroll() noexcept;
};

inline reader* this_reader() noexcept {
    auto* const mine = epochs::mine;
    return mine != nullptr ? mine : epochs::enroll();
}

/// While it stands, nothing that this thread can reach is freed by those who wait with `grace` first. Pins may stand in each
/// other; they end on the thread that made them, the inner before the outer.
///
/// Cost:     two stores to a line of the thread's own, and a fence where the system has no membarrier.
/// Source:   K. Fraser, Practical lock-freedom, 2004; the fence is the waiter's: membarrier(2).
class pin {
public:
    /// Of the calling thread; null makes one that does not stand.
    [[gnu::always_inline]] explicit pin(reader* mine = this_reader()) noexcept : reader_{mine} {
        if (reader_ != nullptr)
            begin();
    }
    pin(pin const&) = delete;
    pin& operator=(pin const&) = delete;
    [[gnu::always_inline]] ~pin() {
        if (reader_ != nullptr)
            reader_->since.store(before_, std::memory_order_release);
    }

    /// Whether it stands; it does not when there was no memory for it.
    bool stands() const noexcept { return reader_ != nullptr; }
    reader* owner() const noexcept { return reader_; }

private:
    [[gnu::always_inline]] void begin() noexcept {
        before_ = reader_->since.load(std::memory_order_relaxed);
        auto const since = before_ != 0 ? before_ : epochs::now.load(std::memory_order_acquire);
        if (fences_elsewhere && epochs::asymmetric.load(std::memory_order_relaxed)) {
            reader_->since.store(since, std::memory_order_release);
            std::atomic_signal_fence(std::memory_order_seq_cst);
        } else {
            reader_->since.exchange(since, std::memory_order_seq_cst);
        }
    }

    reader* reader_;
    std::uint64_t before_ = 0;  // what it read since, in another pin
};

/// The time until everybody who may have reached what was unlinked before it began has stopped reading.
///
/// Threads: any.
/// Cost:    to begin, about 0.2 us, and an interrupt of each core where this process runs, some microseconds; so who can wait
///          announces first, and finds later that others began meanwhile. To ask, a look at each thread.
class grace {
public:
    /// Returns: the number of a grace for what was unlinked before, which is still to begin.
    static std::uint64_t announce() noexcept;
    /// Whether somebody began one as late.
    static bool begun(std::uint64_t since) noexcept { return epochs::passed.load(std::memory_order_acquire) >= since; }
    /// What comes after this cannot reach what was unlinked before.
    static std::uint64_t begin() noexcept;
    /// Whether it began, and all who could reach what was unlinked before are gone.
    static bool over(std::uint64_t since) noexcept;
};

}  // namespace memo::detail
