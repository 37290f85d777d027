#pragma once

#include <memo/base/cache_key.hpp>
#include <memo/base/clock.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace memo {

/// What is known of one call's entry, or why there is none; printable.
struct explanation {
    cache_key key;
    bool hit = false;                 ///< what is stored is fresh
    bool error = false;               ///< what is stored is a remembered exception
    std::string tier;                 ///< where the entry is, `memory`; empty where there is none
    std::string why;                  ///< it is no hit
    duration age{};
    duration remaining{};             ///< `duration::max()` is forever; below zero for a stale one
    unsigned failures = 0;            ///< runs in a row that failed to renew it
    duration cost{};                  ///< of the run that made it
    std::vector<std::string> tags;

    friend std::ostream& operator<<(std::ostream& out, explanation const& told);
};

}  // namespace memo
