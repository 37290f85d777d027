#pragma once

#include "call/shortage.hpp"

#include <memo/testing/faulty.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

/// The nth failure, for n = 1, 2, 3, ..., until nothing is left to fail.
namespace nth {

/// How many failures the tests of this program survived so far.
inline std::size_t survived = 0;

inline void tell() {
    MESSAGE("n-th failures survived: " << survived);
}

/// What can fail: `begin(nth)` says that the nth from now on does, `end()` whether it did.
struct failure {
    std::function<void(std::size_t)> begin;
    std::function<bool()> end;
};

/// `attempt(fails)` calls `fails.begin` and `fails.end` once each around what is to survive.
template <class Attempt>
void each(failure const& fails, Attempt const& attempt) {
    for (std::size_t nth = 1;; ++nth) {
        CAPTURE(nth);
        bool struck = false;
        attempt([&] { fails.begin(nth); }, [&] { return struck = fails.end(); });
        if (!struck)
            return;
        ++survived;
    }
}

inline failure allocations() {
    auto const scarce = std::make_shared<std::optional<shortage>>();
    return {[scarce](std::size_t nth) { scarce->emplace(nth); },
            [scarce] {
                bool const struck = (*scarce)->struck();
                scarce->reset();
                return struck;
            }};
}

inline failure store_operations(memo::testing::fault_plan& plan, memo::testing::fault when) {
    return {[&plan, when](std::size_t nth) { plan.fail_nth(nth, when); },
            [&plan] {
                bool const struck = plan.failed() != 0;
                plan.heal();
                return struck;
            }};
}

/// Throws on the nth call of any callback; 0 is never.
struct trap {
    std::size_t left = 0;
    bool struck = false;

    template <class Result>
    Result pass(Result result) {
        if (left != 0 && --left == 0) {
            struck = true;
            throw 42;
        }
        return result;
    }
};

inline failure callbacks(trap& at) {
    return {[&at](std::size_t nth) { at = {nth, false}; }, [&at] { return std::exchange(at, {}).struck; }};
}

/// A text whose copies go through a trap.
struct trapped_text {
    std::string text;
    trap* at;

    trapped_text(std::string made, trap* by) : text{std::move(made)}, at{by} {}
    trapped_text(trapped_text&&) = default;
    trapped_text(trapped_text const& other) : text{other.at->pass(other.text)}, at{other.at} {}

    friend bool operator==(trapped_text const& one, std::string const& other) { return one.text == other; }
};

/// The same time as `Clock`, through a trap.
template <class Clock>
struct trapped_clock {
    Clock time;
    trap* at;
    auto now() const { return at->pass(time.now()); }
};

/// The same work as `Executor` takes, through a trap.
template <class Executor>
struct trapped_executor {
    Executor& taker;
    trap* at;
    void execute(std::function<void()> work) { at->pass(0), taker.execute(std::move(work)); }
};

}  // namespace nth
