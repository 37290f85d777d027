#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/concept.hpp>

#include <cstdint>

namespace memo::detail {

/// How an answer is renewed that is given.
enum class renewal {
    none,
    background,  ///< the call answers at once, a refresh runs behind it
    in_call,     ///< the call runs first, and answers so only when its run throws
};

/// What age makes of a stored result.
struct freshness {
    bool stale;
    renewal renews;

    friend bool operator==(freshness, freshness) = default;
};

/// The options of freshness in numbers.
///
/// | age                                   | options                    | the call                                                  |
/// |---------------------------------------|----------------------------|-----------------------------------------------------------|
/// | below `refresh_ahead` x ttl           | none                       | answers                                                   |
/// | below ttl                             | `refresh_ahead`            | answers, a refresh runs in the background                 |
/// | below ttl, drawn                      | `early_expiration`         | runs; when that throws, answers with what is still fresh  |
/// | ttl and above, within the window      | `stale_while_revalidate`   | answers with the old value, a refresh in the background   |
/// | ttl and above, within the window      | `stale_if_error`           | runs; when that throws, answers with the old value        |
/// | above both windows, or idle           | any                        | there is nothing to answer with: it runs, or joins a run  |
///
/// While a refresh is in flight there is no second one, and for a while after one failed (`backoff`) there is none at all.
struct freshness_rules {
    duration stale_while_revalidate{};
    duration stale_if_error{};
    double refresh_ahead = 1;       ///< fraction of the ttl; 1 is off
    double early_expiration = 0;    ///< beta; 0 is off

    /// How long an entry may answer beyond its ttl.
    duration grace() const noexcept;
    /// How long before the end of its ttl an entry may be renewed at the earliest; its run took `cost`.
    duration notice(duration ttl, duration cost) const noexcept;

    /// Requires: `now` is before `made.gone_at`; `chance` is above 0 and at most 1, drawn evenly.
    /// Source:   XFetch, of A. Vattani, F. Chierichetti, K. Lowenstein, Optimal Probabilistic Cache Stampede Prevention, VLDB 2015.
    freshness judge(vintage const& made, duration now, double chance) const noexcept;

private:
    duration early(duration cost, double chance) const noexcept;
    duration ahead(duration ttl) const noexcept;
};

/// How long to wait after so many failures in a row, 1 or more, before the next attempt: 100 ms doubled each time, at most 60 s,
/// less up to a half of it by chance (as above), so that keys that failed together do not try together.
duration backoff(unsigned failures, double chance) noexcept;

/// The least that is drawn.
inline constexpr double least_chance = 0x1p-53;

/// A number from `least_chance` to 1, evenly; of its own in every thread and process.
///
/// Source: SplitMix64, of G. L. Steele, D. Lea, C. H. Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
double draw_chance() noexcept;

}  // namespace memo::detail
