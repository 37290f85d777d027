#pragma once

#include "schedules/stage.hpp"
#include "schedules/turn.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace schedules {

/// A chooser for schedule after schedule, until there are no more. When a schedule that begins like an earlier one goes on in
/// another way, since something was done for the first time in this process, it begins anew.
class explorer : public chooser {
public:
    /// Learns from the schedule that was performed. Returns: whether there is another one.
    virtual bool advance(std::span<step const> performed) = 0;
};

/// Every schedule in which at most so many times a thread that could go on has to give way to another one, depth first.
/// No choice is made before `unlock`, which nobody notices, unless some thread tries locks; then it begins anew, with more
/// choices.
///
/// Source: M. Musuvathi, S. Qadeer, Iterative Context Bounding for Systematic Testing of Multithreaded Programs, PLDI 2007.
class bounded final : public explorer {
public:
    explicit bounded(unsigned preemptions) : bound_{preemptions} {}

    std::size_t choose(crossing const& at) override;
    bool advance(std::span<step const> performed) override;

private:
    struct fork {
        std::size_t chosen;
        crowd ready;
        crowd untried;
        unsigned preemptions;  ///< with the chosen one
        bool costs;            ///< to choose another one
    };

    unsigned bound_;
    bool tries_ = false;
    bool strays_ = false;
    std::vector<fork> path_;
    std::size_t at_ = 0;
};

/// Threads have priorities, and the first goes on, but for `depth - 1` moments at which the one that goes becomes the last.
/// A bug that needs `depth` orderings is found with a probability of at least 1 / (threads * steps ^ (depth - 1)).
///
/// Source: S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, A Randomized Scheduler with Probabilistic Guarantees of
///         Finding Bugs (PCT), ASPLOS 2010.
class prioritized final : public chooser {
public:
    /// `steps` is about how long a schedule is.
    prioritized(std::uint64_t seed, unsigned depth, std::size_t steps);

    std::size_t choose(crossing const& at) override;

private:
    std::array<int, most_actors> priorities_;
    std::vector<std::size_t> changes_;
    std::size_t at_ = 0;
    int lowest_ = 0;
};

/// Whoever, each time.
class dice final : public chooser {
public:
    explicit dice(std::uint64_t seed) : chance_{seed} {}

    std::size_t choose(crossing const& at) override;

private:
    std::mt19937_64 chance_;
};

/// The schedule that `written` tells.
class again final : public chooser {
public:
    explicit again(std::string_view schedule);

    std::size_t choose(crossing const& at) override;

private:
    std::vector<std::size_t> threads_;
    std::size_t at_ = 0;
};

/// Who was chosen, in order: `0*12 1 0*3`.
std::string written(std::span<step const> performed);

/// Sets a scenario up, performs it, and checks what came of it. Returns: what is wrong; empty when nothing is.
using staging = std::function<std::string(chooser&, performance&)>;

struct report {
    std::uint64_t schedules = 0;
    bool complete = false;  ///< there are no more
    std::string failure{};  ///< the first one, and how to see it again
};

/// Performs schedule after schedule until one fails, there are no more, or `most` were performed.
report explore(staging const& scenario, explorer& schedules, std::uint64_t most);
/// The schedule of a seed: by priorities, with a depth from 2 to 5, but each fifth by dice.
/// `steps` is about how long it is.
report perform_at_random(staging const& scenario, std::uint64_t seed, std::size_t steps);

}  // namespace schedules
