#pragma once

#include "schedules/turn.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace schedules {

/// A set of threads of a scenario, by number.
using crowd = std::uint32_t;
inline constexpr std::size_t most_actors = 8;

constexpr bool holds(crowd all, std::size_t who) noexcept { return (all >> who & 1) != 0; }
constexpr crowd only(std::size_t who) noexcept { return crowd{1} << who; }

/// One move of a schedule.
struct step {
    std::size_t who;
    crowd ready;  ///< who could have gone instead
    move made;
};

/// Where somebody has to go next.
struct crossing {
    std::span<step const> so_far;
    std::span<move const> next;  ///< by thread, what each that is not at its end is about to do
    crowd ready;                 ///< who can go; not empty
    std::size_t current;         ///< who went last; at the beginning, nobody: `most_actors`

    bool goes_on() const noexcept { return current != most_actors && holds(ready, current); }
};

/// Decides who goes next: what makes a schedule.
class chooser {
public:
    virtual ~chooser() = default;
    /// Returns: one of those that are ready.
    virtual std::size_t choose(crossing const& at) = 0;
};

/// What became of a scenario on one schedule.
struct performance {
    std::vector<step> steps;
    std::string stuck;  ///< empty when all threads came to their ends, else who waits where
};

/// Runs every body in a thread of its own, one at a time, as `order` says. Threads that are stuck are left where they are,
/// with all that they hold, for the rest of the process.
///
/// Threads: one stage at a time.
/// Cost:    about two microseconds whenever another thread goes on; pin the process to one processor.
void perform(std::span<std::function<void()> const> bodies, chooser& order, performance& result);

/// A number that grows; what happened earlier has a smaller one.
using stamp = std::uint32_t;
/// The stamp of the next move of this thread, which begins what is asked for: written when it is made.
void invoke(stamp& at) noexcept;
/// The stamp of the end of what was asked for.
stamp respond() noexcept;

std::string to_string(deed what);

}  // namespace schedules
