#pragma once

#include "laws/pairwise.hpp"

#include <memo/options.hpp>
#include <memo/policy/adaptive.hpp>
#include <memo/policy/cost_aware.hpp>
#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/policy/random.hpp>
#include <memo/policy/s3_fifo.hpp>
#include <memo/policy/sieve.hpp>
#include <memo/policy/w_tinylfu.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <ostream>
#include <tuple>
#include <utility>

/// The configurations that every sweep crosses. A new policy, lifetime or kind of wrapper is one word here.
namespace axes {

/// The first three meet all values of the other axes; each takes turns with the two that stand three and six behind it.
enum class order { lru, lfu, fifo, adaptive, cost_aware, sieve, w_tinylfu, random, s3_fifo };
enum class lifetime { none, ten_seconds, by_result };
/// What becomes of a result that is old, or soon will be.
enum class freshness { strict, revalidate, on_error, both, ahead };
enum class flights { coalesce, no_coalesce };
enum class kind { function, method, recursive, shared };
/// Where results are: in typed memory, as bytes in a store, or there with a typed tier in front.
enum class home { typed, bytes, near };

/// What is fixed when a wrapper is compiled.
struct configuration {
    order leaves;
    lifetime lives;
    freshness ages;
    flights equal_calls;
    kind wrapper;
    home lives_in = home::typed;
};

/// Bounds in entries; the last is above everything that a sweep stores.
inline constexpr std::size_t full = 1'000;
inline constexpr std::array<std::size_t, 4> capacities{1, 2, 10, full};

/// How long a result lives with `lifetime::by_result`: 0 (not at all), 5, 10 or 15 seconds.
constexpr std::chrono::seconds lifetime_of(long result) {
    return std::chrono::seconds{result % 4 * 5};
}

/// How long after its lifetime a result may be revalidated, or stand in for a run that fails; and after which part of its
/// lifetime a read renews it.
inline constexpr std::chrono::seconds revalidated_for{6};
inline constexpr std::chrono::seconds on_error_for{12};
inline constexpr double ahead_after = 0.5;

constexpr bool revalidates(freshness ages) { return ages == freshness::revalidate || ages == freshness::both; }
constexpr bool outlasts_errors(freshness ages) { return ages == freshness::on_error || ages == freshness::both; }
constexpr bool in_background(freshness ages) { return revalidates(ages) || ages == freshness::ahead; }

/// What never ends is never old, members do not run in the background, and who leaves a store of bytes is its own affair.
constexpr bool possible(configuration const& one) {
    return (one.ages == freshness::strict || one.lives != lifetime::none) &&
           !(one.wrapper == kind::method && in_background(one.ages)) && (one.lives_in != home::bytes || one.leaves == order::lru);
}

/// The options that stand for a configuration, but for its policy and its home.
template <configuration C>
constexpr auto options_of() {
    auto const ttl = [] {
        if constexpr (C.lives == lifetime::none)
            return std::tuple{};
        else if constexpr (C.lives == lifetime::ten_seconds)
            return std::tuple{memo::ttl(std::chrono::seconds{10})};
        else
            return std::tuple{memo::ttl(lifetime_of)};
    }();
    auto const revalidation = [] {
        if constexpr (revalidates(C.ages))
            return std::tuple{memo::stale_while_revalidate(revalidated_for)};
        else
            return std::tuple{};
    }();
    auto const rescue = [] {
        if constexpr (outlasts_errors(C.ages))
            return std::tuple{memo::stale_if_error(on_error_for)};
        else
            return std::tuple{};
    }();
    auto const renewal = [] {
        if constexpr (C.ages == freshness::ahead)
            return std::tuple{memo::refresh_ahead(ahead_after)};
        else
            return std::tuple{};
    }();
    auto const flight = [] {
        if constexpr (C.equal_calls == flights::coalesce)
            return memo::coalesce;
        else
            return memo::no_coalesce;
    }();
    auto const shared = [] {
        if constexpr (C.wrapper == kind::shared)
            return std::tuple{memo::shared};
        else
            return std::tuple{};
    }();
    return std::tuple_cat(std::tuple{flight}, ttl, revalidation, rescue, renewal, shared);
}

/// Who leaves.
template <configuration C>
constexpr auto policy_of() {
    if constexpr (C.leaves == order::lru)
        return memo::policy(memo::lru);
    else if constexpr (C.leaves == order::lfu)
        return memo::policy(memo::lfu);
    else if constexpr (C.leaves == order::fifo)
        return memo::policy(memo::fifo);
    else if constexpr (C.leaves == order::adaptive)
        return memo::policy(memo::adaptive);
    else if constexpr (C.leaves == order::cost_aware)
        return memo::cost_aware;
    else if constexpr (C.leaves == order::sieve)
        return memo::policy(memo::sieve);
    else if constexpr (C.leaves == order::w_tinylfu)
        return memo::policy(memo::w_tinylfu);
    else if constexpr (C.leaves == order::random)
        return memo::policy(memo::random);
    else
        return memo::policy(memo::s3_fifo);
}

/// How many values each axis has, in the order of `configuration`.
inline constexpr std::array lengths{3, 3, 5, 2, 4, 3};

constexpr configuration meaning(std::array<int, 6> const& at) {
    return {static_cast<order>(at[0]), static_cast<lifetime>(at[1]), static_cast<freshness>(at[2]),
            static_cast<flights>(at[3]), static_cast<kind>(at[4]), static_cast<home>(at[5])};
}

inline constexpr auto chosen = laws::pairwise<lengths>([](auto const& at) { return possible(meaning(at)); });

/// One of those chosen, with its turn of the policies that share a value.
constexpr configuration dealt(std::size_t number) {
    auto one = meaning(chosen.all[number]);
    if (one.lives_in == home::bytes) return one;
    int turn = 0;
    for (std::size_t before = 0; before != number; ++before) {
        auto const other = meaning(chosen.all[before]);
        if (other.lives_in != home::bytes && other.leaves == one.leaves) ++turn;
    }
    one.leaves = static_cast<order>(static_cast<int>(one.leaves) + 3 * (turn % 3));
    return one;
}

/// Calls `visit.template operator()<C>()` with configurations in which each pair of values meets.
template <class Visit>
void each_configuration(Visit visit) {
    [&]<std::size_t... Number>(std::index_sequence<Number...>) {
        (visit.template operator()<dealt(Number)>(), ...);
    }(std::make_index_sequence<chosen.count>{});
}

/// As the code that makes it, but for the bound.
inline std::ostream& operator<<(std::ostream& out, configuration const& one) {
    constexpr std::array orders{"policy(memo::lru)",       "policy(memo::lfu)",    "policy(memo::fifo)",
                                "policy(memo::adaptive)",  "cost_aware",           "policy(memo::sieve)",
                                "policy(memo::w_tinylfu)", "policy(memo::random)", "policy(memo::s3_fifo)"};
    constexpr std::array lifetimes{"", ", memo::ttl(10s)", ", memo::ttl(axes::lifetime_of)"};
    constexpr std::array ages{"", ", memo::stale_while_revalidate(6s)", ", memo::stale_if_error(12s)",
                              ", memo::stale_while_revalidate(6s), memo::stale_if_error(12s)", ", memo::refresh_ahead(0.5)"};
    constexpr std::array both{"coalesce", "no_coalesce"};
    constexpr std::array kinds{"cached(f", "cached_method(&host::f", "recursive<long(int, int)>(f", "cached(f, memo::shared"};
    constexpr std::array homes{"", ", memo::store(bytes)", ", memo::store(bytes), memo::near()"};
    return out << "memo::" << kinds[static_cast<std::size_t>(one.wrapper)] << ", memo::"
               << orders[static_cast<std::size_t>(one.leaves)] << lifetimes[static_cast<std::size_t>(one.lives)]
               << ages[static_cast<std::size_t>(one.ages)] << ", memo::" << both[static_cast<std::size_t>(one.equal_calls)]
               << homes[static_cast<std::size_t>(one.lives_in)];
}

}  // namespace axes
