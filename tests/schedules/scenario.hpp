#pragma once

#include "schedules/explore.hpp"
#include "schedules/reduced.hpp"
#include "schedules/stage.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace schedules {

/// A scenario over a state that is made anew each time; `end` says what is wrong with it when all threads came to their ends.
template <class State>
staging scenario(std::vector<std::function<void(State&)>> threads, std::function<std::string(State&)> end) {
    return [=](chooser& order, performance& result) {
        auto state = std::make_unique<State>();
        std::vector<std::function<void()>> bodies;
        for (auto const& one : threads)
            bodies.emplace_back([&one, at = state.get()] { one(*at); });
        perform(bodies, order, result);
        if (result.stuck.empty())
            return end(*state);
        static_cast<void>(state.release());  // its threads stand in it
        return result.stuck;
    };
}

/// What comes of every order of what does not commute.
inline report all_orders(staging const& one, std::uint64_t most = ~std::uint64_t{0}) {
    reduced order;
    return explore(one, order, most);
}

/// What comes of every schedule with so many preemptions.
inline report all_preemptions(staging const& one, unsigned preemptions) {
    bounded order{preemptions};
    return explore(one, order, ~std::uint64_t{0});
}

}  // namespace schedules
