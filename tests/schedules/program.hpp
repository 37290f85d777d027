#pragma once

#include "schedules/explore.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace schedules {

/// What a wrapper is asked for.
enum class verb : unsigned char { call, refresh, set, evict, evict_key, evict_tag, clear, peek, touch };
inline constexpr std::size_t verbs = 9;

struct request {
    verb what = verb::call;
    int key = 1;
};

/// What is called.
enum class subject : unsigned char {
    plain,        ///< a function of a small number
    apart,        ///< without coalescing
    text,         ///< results that are held behind pointers
    breaking,     ///< every other run throws, the first one too
    remembering,  ///< the same, and what they throw is remembered
    refusing,     ///< the results of every other run may not be stored, that of the first one neither
    hasty,        ///< who waits for another's run may run out of patience at any time
    property,     ///< `once`, which has no keys: requests mean its one value, and there is no account
    chain,        ///< the run of key 1 calls key 2
    cycle,        ///< and that of key 2 calls key 1
};
inline constexpr std::size_t subjects = 10;

/// A small program of several threads over one wrapper: `plain: call 1, evict 1 | call 1 | set 1`.
struct program {
    subject over = subject::plain;
    std::vector<std::vector<request>> threads;

    /// Throws: std::invalid_argument.
    explicit program(std::string_view text);
    program() = default;
    std::string text() const;
    std::size_t requests() const noexcept;
    /// About how many steps its schedules have.
    std::size_t steps() const noexcept { return 12 * requests(); }
};

/// A program of 2 to 6 threads, the more the shorter.
program any_program(std::uint64_t seed);

/// A program of 3 threads with 4 requests each.
program three_by_four(std::uint64_t seed);

/// Performs a program on a wrapper of its own, and holds what everybody saw against `one_key::model`: every result is one that
/// this key may give at that time, at most one run of those that could be joined is in flight, what was evicted or overwritten
/// never comes back, nobody hangs, a call that would wait for itself throws and no other does. Then the account must agree with
/// what happened, and `validate()` must hold.
staging staging_of(program const& played);

}  // namespace schedules
