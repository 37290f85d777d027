#pragma once

#include <memo/policy/mark.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace memo::detail {

/// What an LRU cache of another size would have hit of the same requests, up to eight times as large as the present one: the
/// stack distances of a sample of the places, chosen by their hashes, so that eight times the cache is at most 8192 of
/// them. Up to 1024 entries everything is sampled, and the curve is exact but for rounding to a 64th of the present size.
///
/// Throws:   nothing; without memory nothing is watched.
/// Threads:  `watches`: any; the rest under the caller's lock.
/// Cost:     an access that is watched some 14 steps of a Fenwick tree, amortized; 360 kB from `fit` on.
/// Source:   C. Waldspurger, N. Park, A. Garthwaite, I. Ahmad, "Efficient MRC construction with SHARDS", FAST 2015.
class curve {
public:
    static constexpr std::size_t most_times = 8;

    /// How many entries the cache holds at present. When that doubled or fell to a quarter, the curve begins anew.
    void fit(std::size_t entries) noexcept {
        if (entries > 2 * entries_ || 4 * entries < entries_) restart(entries);
    }

    [[nodiscard]] bool watches(std::uint64_t place) const noexcept { return lot_of(place) < watched_.get(); }

    /// A place that is watched was read, or admitted after a run of so many nanoseconds; a read costs what the run did.
    void access(std::uint64_t place, float cost = 0) noexcept;

    /// The share of hits, 0 to 1, in a cache of so many entries; 0 before the first access. Who knows how many requests there
    /// were since `fit` began, watched or not, says so: then popular places that the sample has or lacks by chance are made
    /// up for, which else costs several points.
    [[nodiscard]] double hit_ratio(std::size_t entries, double requests = 0) const noexcept;
    /// The share of the nanoseconds of all runs that such a cache saves; 0 where no run cost anything.
    [[nodiscard]] double saved_ratio(std::size_t entries) const noexcept;
    /// Accesses that the curve rests on.
    [[nodiscard]] double accesses() const noexcept;

    /// What was seen so far counts half; so do the requests.
    void fade() noexcept;

    [[nodiscard]] bool validate() const noexcept;

private:
    static constexpr std::uint16_t most_tracked = 8192;
    static constexpr std::uint16_t slot_count = 2 * most_tracked;
    static constexpr std::size_t bucket_count = 64 * most_times;
    static constexpr std::uint16_t none = slot_count;

    struct slot {
        std::uint64_t place = 0;
        float cost = 0;
        std::uint16_t next = none;  // in the bucket of the index
        bool taken = false;
    };
    struct sums {
        double hits = 0;
        double cost = 0;
    };
    struct memory {
        slot slots[slot_count];                  // in the order of last accesses
        std::uint16_t taken[slot_count + 1];     // a Fenwick tree over them
        std::uint16_t heads[slot_count];         // an index of places
        sums reached[bucket_count + 1];          // accesses by stack distance, in 64ths of the present size; the last missed
    };

    static std::uint32_t lot_of(std::uint64_t place) noexcept {
        return static_cast<std::uint32_t>(place * 0xd6e8'feb8'6659'fd93 >> 32);
    }

    [[nodiscard]] std::uint16_t& head_of(std::uint64_t place) noexcept;
    [[nodiscard]] std::uint16_t find(std::uint64_t place) noexcept;
    [[nodiscard]] std::uint16_t distance(std::uint16_t at) const noexcept;
    [[nodiscard]] sums up_to(std::size_t entries) const noexcept;
    [[nodiscard]] sums all() const noexcept;
    void restart(std::size_t entries) noexcept;
    void count(std::uint16_t at, int change) noexcept;
    void take(std::uint64_t place, float cost) noexcept;
    void leave(std::uint16_t at) noexcept;
    void leave_oldest() noexcept;
    void close_gaps() noexcept;

    mark<std::uint32_t> watched_;  // lots below it
    std::unique_ptr<memory> memory_;
    std::size_t entries_ = 0;
    double scale_ = 0;             // buckets for one place of the sample
    double rate_ = 0;              // of the sample
    std::uint16_t next_ = 0;       // slot
    std::uint16_t oldest_ = 0;     // slots before it are empty
    std::uint16_t tracked_ = 0;
};

}  // namespace memo::detail
