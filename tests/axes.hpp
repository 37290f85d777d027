#pragma once

#include <memo/options.hpp>
#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <ostream>
#include <tuple>
#include <utility>

/// The configurations that every sweep crosses. A new policy, lifetime or kind of wrapper is one word here.
namespace axes {

enum class order { lru, lfu, fifo };
enum class lifetime { none, ten_seconds, by_result };
enum class flights { coalesce, no_coalesce };
enum class kind { function, method, recursive, shared };

/// What is fixed when a wrapper is compiled.
struct configuration {
    order leaves;
    lifetime lives;
    flights equal_calls;
    kind wrapper;
};

/// Bounds in entries; the last is above everything that a sweep stores.
inline constexpr std::size_t full = 1'000;
inline constexpr std::array<std::size_t, 4> capacities{1, 2, 10, full};

/// How long a result lives with `lifetime::by_result`: 0 (not at all), 5, 10 or 15 seconds.
constexpr std::chrono::seconds lifetime_of(long result) {
    return std::chrono::seconds{result % 4 * 5};
}

/// The options that stand for a configuration.
template <configuration C>
constexpr auto options_of() {
    auto const policy = [] {
        if constexpr (C.leaves == order::lru)
            return memo::policy(memo::lru);
        else if constexpr (C.leaves == order::lfu)
            return memo::policy(memo::lfu);
        else
            return memo::policy(memo::fifo);
    }();
    auto const ttl = [] {
        if constexpr (C.lives == lifetime::none)
            return std::tuple{};
        else if constexpr (C.lives == lifetime::ten_seconds)
            return std::tuple{memo::ttl(std::chrono::seconds{10})};
        else
            return std::tuple{memo::ttl(lifetime_of)};
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
    return std::tuple_cat(std::tuple{policy, flight}, ttl, shared);
}

/// Calls `visit.template operator()<C>()` with every order, lifetime and kind of wrapper of one order. Whether equal calls
/// share a run alternates, so that each choice meets each other choice, in half of the wrappers to compile.
template <order Order, class Visit>
void each_configuration(Visit visit) {
    auto const with_flights = [&]<lifetime Life, kind Kind>() {
        constexpr bool odd = (static_cast<int>(Order) + static_cast<int>(Life) + static_cast<int>(Kind)) % 2 != 0;
        visit.template operator()<configuration{Order, Life, odd ? flights::no_coalesce : flights::coalesce, Kind}>();
    };
    auto const with_kinds = [&]<lifetime Life>() {
        with_flights.template operator()<Life, kind::function>();
        with_flights.template operator()<Life, kind::method>();
        with_flights.template operator()<Life, kind::recursive>();
        with_flights.template operator()<Life, kind::shared>();
    };
    with_kinds.template operator()<lifetime::none>();
    with_kinds.template operator()<lifetime::ten_seconds>();
    with_kinds.template operator()<lifetime::by_result>();
}

inline std::ostream& operator<<(std::ostream& out, configuration const& one) {
    constexpr std::array orders{"lru", "lfu", "fifo"};
    constexpr std::array lifetimes{"no ttl", "ttl 10 s", "ttl by result"};
    constexpr std::array both{"coalesce", "no_coalesce"};
    constexpr std::array kinds{"function", "method", "recursive", "shared"};
    return out << kinds[static_cast<std::size_t>(one.wrapper)] << ", " << orders[static_cast<std::size_t>(one.leaves)] << ", "
               << lifetimes[static_cast<std::size_t>(one.lives)] << ", " << both[static_cast<std::size_t>(one.equal_calls)];
}

}  // namespace axes
