#pragma once

#include <memo/base/clock.hpp>
#include <memo/call/flight.hpp>
#include <memo/call/freshness.hpp>

#include <memory>
#include <optional>

namespace memo::detail {

/// What is stored, and what its age makes of it.
template <class Held>
struct known {
    Held result;
    freshness age;
    duration fresh_until;
    duration answers_until;
    unsigned failures;
};

/// What asking the cache came to; with nothing set, the call just runs.
template <class Held>
struct lookup {
    std::optional<Held> hit{};
    std::shared_ptr<flight<Held>> mine{};    ///< the call leads
    std::shared_ptr<flight<Held>> joined{};  ///< the call waits
    std::optional<known<Held>> fallback{};   ///< the answer when the run throws
};

}  // namespace memo::detail
