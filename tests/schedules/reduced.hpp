#pragma once

#include "schedules/explore.hpp"
#include "schedules/stage.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace schedules {

/// By thread, before which step of a schedule everything it did is known.
struct past;

/// One schedule for each way in which moves that do not commute can follow each other: all that can be told apart. Moves commute
/// when they are done to different things, or are both loads; what is asked for after something else was answered does not
/// commute with that answer. What threads share must be under locks or atomic, or what they do with it is not seen.
///
/// Source: P. Abdulla, S. Aronsson, B. Jonsson, K. Sagonas, Optimal Dynamic Partial Order Reduction (source sets and sleep sets),
///         POPL 2014.
class reduced final : public explorer {
public:
    std::size_t choose(crossing const& at) override;
    bool advance(std::span<step const> performed) override;
    /// Schedules whose rest repeated another one.
    std::uint64_t repeated() const noexcept { return repeated_; }

private:
    struct fork {
        std::size_t chosen;
        crowd ready;
        crowd wanted;     ///< to be tried from here
        crowd tried;      ///< the chosen one included
        crowd asleep;     ///< whose move was tried before, and commutes with all that came since
        crowd answering;  ///< of those that were tried or are asleep, whose move ends with an answer
        crowd impatient;  ///< whose deadline may come
        std::size_t step = 0;
    };

    fork fresh(crossing const& at) const;
    struct deed_done;
    void find_races(std::span<step const> performed);
    void reverse(std::size_t earlier, deed_done const& later, std::span<deed_done const> done, past const& before_later);

    std::vector<fork> path_;
    std::size_t at_ = 0;
    bool repeats_ = false;
    bool strays_ = false;
    std::uint64_t repeated_ = 0;
};

}  // namespace schedules
