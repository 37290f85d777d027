#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace memo::detail {

/// What LRU caches of other sizes would have hit of the same requests: the stack distances of a sample of the places, chosen
/// by their hashes. Distances and sizes are counted in places of the sample.
///
/// Requests come in spells. Of a place that is met for the first time in its spell only so much is known: since its last
/// request at least as many others came as the spell has met. Such requests are censored, not missed, so that no spell
/// needs to warm up; where too few are left to judge by, the curve is level.
///
/// Throws:   nothing; without memory nothing is entered.
/// Threads:  the caller locks.
/// Cost:     an access some log2(2 * most) steps of a Fenwick tree, amortized; 64 bytes a place.
/// Source:   C. Waldspurger, N. Park, A. Garthwaite, I. Ahmad, "Efficient MRC construction with SHARDS", FAST 2015;
///           E. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", JASA 53, 1958.
class curve {
public:
    /// Nothing is known yet; from now on distances up to `most` are told apart.
    void restart(std::uint16_t most) noexcept;

    /// Places of the sample that are told apart; 0 before the first `restart`, and without memory.
    [[nodiscard]] std::uint16_t most() const noexcept { return most_; }

    /// A place was read, or admitted; to make its result took so many nanoseconds.
    void access(std::uint64_t place, float cost) noexcept;

    /// A spell is over: nobody knows what is accessed until the next.
    void end_spell() noexcept;

    /// What was seen so far counts half.
    void fade() noexcept;

    struct amounts {
        double accesses = 0;
        double cost = 0;
    };
    /// What the curve rests on.
    [[nodiscard]] amounts seen() const noexcept { return seen_; }

    /// The shares of accesses, and of their costs, that a cache of so many places hits: 0 to 1. So many accesses more than
    /// were seen are taken for hits of any cache: a sample has or lacks the most popular places by chance.
    [[nodiscard]] amounts hit(double size, double more = 0) const noexcept;

    [[nodiscard]] bool validate() const noexcept;

private:
    static constexpr std::uint16_t none = 0xffff;
    static constexpr double fewest = 32;  // accesses to judge by

    struct slot {
        std::uint64_t place = 0;
        float cost = 0;
        std::uint16_t next = none;  // in the bucket of the index
        bool taken = false;
    };
    struct sums {
        float accesses = 0;
        float cost = 0;
    };

    [[nodiscard]] std::uint16_t slot_count() const noexcept { return static_cast<std::uint16_t>(2 * most_); }
    [[nodiscard]] std::uint16_t& head_of(std::uint64_t place) noexcept;
    [[nodiscard]] std::uint16_t find(std::uint64_t place) noexcept;
    [[nodiscard]] std::uint16_t distance(std::uint16_t at) const noexcept;
    void count(std::uint16_t at, int change) noexcept;
    void take(std::uint64_t place, float cost) noexcept;
    void leave(std::uint16_t at) noexcept;
    void leave_oldest() noexcept;
    void close_gaps() noexcept;

    std::unique_ptr<slot[]> slots_;           // in the order of last accesses
    std::unique_ptr<std::uint16_t[]> taken_;  // a Fenwick tree over them
    std::unique_ptr<std::uint16_t[]> heads_;  // an index of places
    std::unique_ptr<sums[]> met_;             // by distance
    std::unique_ptr<sums[]> censored_;        // by what the distance is above
    amounts seen_;
    std::uint16_t most_ = 0;
    std::uint16_t next_ = 0;    // slot
    std::uint16_t oldest_ = 0;  // slots before it are empty
    std::uint16_t tracked_ = 0;
};

}  // namespace memo::detail
