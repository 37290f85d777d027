#pragma once

#include <memo/policy/concept.hpp>
#include <memo/policy/partition_order.hpp>
#include <memo/policy/policy_duel.hpp>

#include <cstdint>

namespace memo {

/// Keeps what the requests themselves show to be worth keeping: recency, frequency, or a mixture of both. Small shadow caches
/// replay a sample of the requests under LRU, under W-TinyLFU with two small windows, and under a large window out of which
/// stays what was met four times, or oftener than who would leave for it: near to S3-FIFO, but not its queues. The order
/// follows whichever of them hits most, and changes over without evicting anything. It learns from the first victim on.
///
/// Cost:     32 bytes an entry, 16 more for its counts, and in each shard up to 130 kB for shadow caches; a touch writes one relaxed
///           atomic, or nothing. A miss takes about 750 instructions, and an eighth of 4,000 for the shadow caches on
///           the mean, all of them while these begin to learn; a hit that is sampled takes as many.
/// Source:   C. Waldspurger, T. Saemundsson, I. Ahmad, N. Park, "Cache modeling and optimization using miniature simulations",
///           USENIX ATC 2017 (shadow caches); G. Einziger, R. Friedman, B. Manes, "TinyLFU: a highly efficient cache admission
///           policy", ACM Transactions on Storage 13(4), 2017; J. Yang et al., "FIFO queues are all you need for cache
///           eviction", SOSP 2023.
class adaptive_order {
public:
    using hook = detail::partition_order::hook;
    static constexpr bool touches_unlocked = true;
    static constexpr std::size_t bytes_beside = 16;

    void admit(hook& entry) noexcept {
        duel_.admitted(entry.place);
        live_.admit(entry);
    }

    [[nodiscard, gnu::always_inline]] std::uint16_t touched(std::uint16_t reads) const noexcept { return live_.touched(reads); }
    [[gnu::always_inline]] void touch(hook& entry) noexcept { live_.touch(entry); }
    [[nodiscard]] bool settled(hook const& entry) const noexcept { return live_.settled(entry); }
    void forget(hook& entry) noexcept { live_.forget(entry); }
    void clear() noexcept { live_.clear(); }
    void replace(hook& old, hook& fresh) noexcept { live_.replace(old, fresh); }

    [[nodiscard]] hook* victim() noexcept {
        if (live_.size() > 0) duel_.fit(live_.size());
        live_.follow(duel_.leader());
        return live_.victim();
    }

    [[nodiscard]] bool watches(std::uint64_t place) const noexcept { return duel_.watches(place); }
    void watch(std::uint64_t place) noexcept { duel_.watch(place); }

    [[nodiscard]] bool validate() const noexcept { return live_.validate() && duel_.validate(); }

private:
    detail::policy_duel duel_;
    detail::partition_order live_{duel_.leader()};
};
static_assert(eviction_policy<adaptive_order> && detail::noting<adaptive_order>);
static_assert(detail::watchful<adaptive_order> && detail::clearing<adaptive_order>);

struct adaptive_policy {
    using order = adaptive_order;
};

/// `memo::policy(memo::adaptive)`: what the requests show to be worth keeping stays.
inline constexpr adaptive_policy adaptive{};

}  // namespace memo
