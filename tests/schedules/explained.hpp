#pragma once

#include "linearizable.hpp"
#include "one_key.hpp"
#include "schedules/stage.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace schedules {

/// What an operation of a run is where a fence has stopped the run.
inline one_key::deed stopped(one_key::deed what) {
    using one_key::deed;
    switch (what) {
        case deed::begin: return deed::begin_stopped;
        case deed::open: return deed::open_stopped;
        case deed::commit: return deed::stop;
        case deed::fail: return deed::fail_stopped;
        default: return what;
    }
}

/// Whether one thread can explain what happened to a key. A run that began while a fence was raised may have been stopped, or not.
inline bool explained(one_key::model const& before, std::vector<linearizable::span_of<one_key::operation>> const& history,
                      std::vector<std::pair<stamp, stamp>> const& fences) {
    using one_key::deed;
    std::vector<one_key::number> stoppable;
    for (auto const& one : history)
        if ((one.what.what == deed::begin || one.what.what == deed::open) &&
            std::ranges::any_of(fences, [&](auto const& up) { return up.first < one.to && one.from < up.second; }))
            stoppable.push_back(one.what.result);
    for (unsigned chosen = 0; chosen >> stoppable.size() == 0; ++chosen) {
        auto tried = history;
        for (auto& one : tried)
            for (std::size_t at = 0; at != stoppable.size(); ++at)
                if ((chosen >> at & 1U) != 0 && one.what.result == stoppable[at])
                    one.what.what = stopped(one.what.what);
        if (linearizable::explains(before, tried))
            return true;
    }
    return false;
}

}  // namespace schedules
