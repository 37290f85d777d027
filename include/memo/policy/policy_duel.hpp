#pragma once

#include <memo/policy/mark.hpp>
#include <memo/policy/partition_order.hpp>
#include <memo/policy/shadow_cache.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace memo::detail {

/// Which shares of a window suit what a cache is asked for: a sample of the places, chosen by their hashes, goes through a
/// shadow cache for each candidate, as much smaller than the cache as the sample is. Who leads stands until another had
/// more hits lately by more than chance explains.
///
/// Samples are paid for: each admission pays an eighth of one, and the first are free. Where more are taken, so in all but
/// large caches, the duel sleeps until enough is paid for a round.
///
/// Throws:   nothing; without memory there is no duel.
/// Threads:  `watches`: any; the rest under the caller's lock.
/// Cost:     a sampled access 1,000 to 4,000 instructions; each shadow cache holds 512 entries at most, 60 bytes each.
/// Source:   C. Waldspurger, N. Park, A. Garthwaite, I. Ahmad, "Efficient MRC construction with SHARDS", FAST 2015;
///           C. Waldspurger, T. Saemundsson, I. Ahmad, N. Park, "Cache modeling and optimization using miniature simulations",
///           USENIX ATC 2017.
class policy_duel {
public:
    static constexpr std::array<partition, 4> candidates{{{0.01F, 0}, {0.08F, 0}, {0.3F, 4}, {1, 0}}};

    [[nodiscard]] partition leader() const noexcept { return candidates[leader_]; }

    [[nodiscard]] bool watches(std::uint64_t place) const noexcept {
        return lot_of(place) < watched_.get();
    }

    /// An entry at a place that is watched was read.
    void watch(std::uint64_t place) noexcept;

    /// An entry was admitted, wherever.
    void admitted(std::uint64_t place) noexcept;

    /// Somebody must leave, of so many. Before that nobody can tell candidates apart, so nothing is watched.
    void fit(std::size_t entries) noexcept {
        if (entries > 2 * entries_ || 4 * entries < entries_) restart(entries);
    }

    [[nodiscard]] bool validate() const noexcept;

private:
    static constexpr std::size_t most_sampled = 512;

    struct rival {
        std::optional<shadow_cache> cache;
        float hits = 0;  // faded
    };

    /// The sample consists of the places of the lowest lots; hooks know but half of a place.
    static std::uint32_t lot_of(std::uint64_t place) noexcept { return static_cast<std::uint32_t>(place) * 0x9e37'79b1U; }

    void restart(std::size_t entries) noexcept;
    void remember(std::uint64_t place) noexcept;
    void judge() noexcept;
    void sleep() noexcept;
    void wake() noexcept;

    mark<std::uint32_t> watched_;      // lots below it
    std::size_t leader_ = 1;
    std::array<rival, candidates.size()> rivals_;
    float misses_ = 0;          // of the leader, faded
    std::size_t entries_ = 0;   // for which the sample was chosen
    std::size_t sampled_ = 0;   // entries of a shadow cache
    std::uint32_t share_ = 0;   // lots of the sample
    std::int64_t paid_ = 0;     // admissions that have not paid for a sample yet
    std::size_t warming_ = 0;   // misses until the duel counts again
    std::vector<std::uint64_t> first_;  // places of a sample of the entries that came before somebody had to leave
    int first_halvings_ = 0;
};

}  // namespace memo::detail
