#pragma once

#include "queue.hpp"

#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <utility>

/// Time, background work, a manager, and a function whose results are the numbers of its runs; it fails when told to.
struct scene {
    memo::manager m;
    memo::manual_clock time;
    work_queue later;
    int runs = 0;
    bool fails = false;
    std::function<void()> meanwhile;  // of the next run

    template <class... Options>
    auto wrapper(Options... options) {
        return memo::cached(
            [this](int) {
                int const run = ++runs;
                if (auto const act = std::exchange(meanwhile, nullptr))
                    act();
                return fails ? throw std::runtime_error{"no answer"} : run;
            },
            memo::key<"number:{0}">, memo::tags<"numbers">, memo::clock(time), memo::executor(later), memo::in(m),
            std::move(options)...);
    }

    /// Fresh for ten seconds, renewed from the eighth on; old until the fifteenth; until the thirtieth when nothing else comes.
    auto full() {
        using std::chrono::seconds;
        return wrapper(memo::ttl(seconds{10}), memo::refresh_ahead(0.8), memo::stale_while_revalidate(seconds{5}),
                       memo::stale_if_error(seconds{20}));
    }
};
