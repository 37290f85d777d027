#include "process.hpp"

#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <thread>

#include <unistd.h>

using namespace std::chrono_literals;

namespace {

constexpr int well = 42;

/// Ends the process well, after everything that is younger.
struct last_word {
    ~last_word() { ::_exit(well); }
};

/// A program in which threads call static wrappers, with refreshes behind them, and which ends at some moment, in some thread.
[[noreturn]] void live_and_end(unsigned seed) {
    ::alarm(20);
    static last_word const at_the_end;
    static memo::manual_clock time;
    static std::atomic<bool> ends{false};
    static auto const text = memo::cached(
        [](int number) {
            if (ends && number == 3)
                std::exit(1);
            return std::to_string(number);
        },
        memo::ttl(1s), memo::stale_while_revalidate(1s), memo::max_size(5),
        memo::clock(memo::manual_clock{time}));  // a copy, since the static one ends while threads call
    std::minstd_rand chance{seed};
    for (int thread = 0; thread != 2; ++thread)
        std::thread{[thread] {
            for (int number = thread;; number = (number + 1) % 8)
                if (text(number) != std::to_string(number))
                    ::_exit(1);
        }}.detach();
    for (auto calls = chance() % 200; calls != 0; --calls) {
        static_cast<void>(text(static_cast<int>(chance() % 8)));
        if (chance() % 16 == 0)
            time.advance(1s);
    }
    ends = chance() % 2 == 0;  // then the function itself ends it, in whichever thread runs it
    if (!ends)
        std::exit(1);
    for (;;) {
        time.advance(2s);
        static_cast<void>(text(3));
    }
}

}  // namespace

/// torture_exits <processes>: so many processes that end at random moments. Exits 1 unless each of them ended well.
int main(int count, char** words) {
    if (count != 2 || std::atoi(words[1]) < 1) {
        std::cerr << "torture exits: how many processes? Write a number above 0\n";
        return 2;
    }
    int const processes = std::atoi(words[1]);
    int badly = 0;
    for (int seed = 1; seed <= processes; ++seed) {
        auto const child = ::fork();
        if (child == 0)
            live_and_end(static_cast<unsigned>(seed));
        if (!process::ends_with(child, well)) {
            std::cout << "process " << seed << " ended badly\n";
            ++badly;
        }
    }
    std::cout << processes << " processes ended, " << badly << " badly\n";
    return badly == 0 ? 0 : 1;
}
