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
    bool hit = false;                 ///< the call would be answered from the cache
    std::string tier;                 ///< where the entry is: `memory`
    std::string why;                  ///< of a miss
    duration age{};
    duration remaining{};             ///< `duration::max()` is forever
    duration cost{};                  ///< of the run that made it
    std::vector<std::string> tags;

    friend std::ostream& operator<<(std::ostream& out, explanation const& told);
};

}  // namespace memo
