#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/size_explanation.hpp>
#include <memo/base/sync.hpp>
#include <memo/base/tally.hpp>
#include <memo/policy/curve.hpp>
#include <memo/store/budget.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// Watches a store for what its size is worth: a sample of the requests goes into a curve, in spells, each with a sample of
/// places of its own. Nothing is watched before somebody asks.
///
/// What is watched is paid for: a spell begins when there were 256 requests for each that it may watch, beside 65,536 that
/// come first and are lent. Where nobody counts hits, only what is stored counts as a request.
///
/// Requests that come while another thread enters one are lost, and counted so that their share is known: which ones, is
/// chance. A result that is asked for again after its time, or after it was evicted by name, counts as one that a cache of
/// that size would have held; the curve is held to the hits that the store had, so it tells what size changes, and no more.
///
/// Throws:   nothing, but for the text of what is told; without memory nothing is watched.
/// Threads:  any.
/// Cost:     while nothing is watched, a relaxed load and a comparison. Else 1 to 2 ns a request on the mean, and some 10 ms for what is lent. 4 to 600 kB from
///           the first question on.
class alignas(64) size_watch {
public:
    /// What the store holds, and how many hits it had, if that is counted.
    size_watch(budget const& held, tally const& hits, bool counts) noexcept : held_{held}, hits_{hits}, counts_{counts} {}

    [[nodiscard, gnu::always_inline]] bool watches(std::uint64_t place) const noexcept {
        auto const width = width_.load(std::memory_order_relaxed);
        return width != 0 && lot_of(place) - first_.load(std::memory_order_relaxed) < width;
    }

    /// At a place that is watched a result was read that took so long to make.
    void read(std::uint64_t place, duration cost) noexcept;

    /// A result that took so long to make was stored, wherever.
    void stored(std::uint64_t place, duration cost) noexcept {
        if (begun_.load(std::memory_order_relaxed))
            store_watched(place, cost);
    }

    /// Begins a spell when that is due; asked now and then.
    void beat() noexcept {
        if (begun_.load(std::memory_order_relaxed) && width_.load(std::memory_order_relaxed) == 0)
            wake_if_due();
    }

    /// The first call begins to watch.
    [[nodiscard]] size_explanation explain(duration now);

    /// Requests that were watched.
    [[nodiscard]] std::uint64_t spent() const noexcept { return spent_.load(std::memory_order_relaxed); }

    void before_fork() noexcept { mutex_.lock(); }
    void after_fork() noexcept { mutex_.unlock(); }

    [[nodiscard]] bool validate() const noexcept { return curve_.validate(); }

    static constexpr std::uint64_t requests_for_one = 256;
    static constexpr std::uint64_t lent = 65'536;

private:
    /// Of all bits of a place. The adaptive order's duel has lots of its own, of half of them.
    static std::uint32_t lot_of(std::uint64_t place) noexcept {
        return static_cast<std::uint32_t>(place * 0x9e37'79b9'7f4a'7c15 >> 32);
    }

    [[nodiscard]] std::uint64_t requests() const noexcept;
    void store_watched(std::uint64_t place, duration cost) noexcept;
    void wake_if_due() noexcept;
    void begin() noexcept;
    void wake() noexcept;
    void sleep() noexcept;
    void fit() noexcept;
    void fade() noexcept;
    [[nodiscard]] double unseen() const noexcept;
    void draw(size_explanation& told) const noexcept;

    budget const& held_;
    tally const& hits_;
    bool counts_;

    // no order of anything hangs on these: std's own, which multiply no schedules
    std::atomic<bool> begun_{false};
    std::atomic<std::uint32_t> width_{0};  // lots from `first_` on are watched; none between spells
    std::atomic<std::uint32_t> first_{0};

    alignas(64) std::atomic<std::uint64_t> lost_{0};  // not beside what every hit reads
    std::atomic<std::uint64_t> stored_{0};
    std::atomic<std::uint64_t> spent_{0};

    mutex mutex_;                     // of all that follows
    curve curve_;
    std::size_t entries_ = 0;         // that the curve is fit to
    std::uint32_t share_ = 0;         // lots of a sample
    std::uint64_t left_ = 0;          // of the spell, to be watched
    double rate_ = 0;                 // of the sample
    double spells_ = 0;               // requests in earlier ones, faded
    std::uint64_t spell_began_ = 0;   // after so many requests
    std::uint64_t hits_before_ = 0;   // from which on they count, faded
    std::uint64_t requests_before_ = 0;
    std::uint64_t requests_at_first_ = 0;
    std::uint64_t requests_asked_ = 0;
    duration asked_{};
    double a_minute_ = 0;             // requests
};

}  // namespace memo::detail
