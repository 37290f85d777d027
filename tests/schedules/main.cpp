#define DOCTEST_CONFIG_IMPLEMENT
#include "schedules/explore.hpp"
#include "schedules/program.hpp"
#include "schedules/reduced.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <string>

#include <sched.h>

namespace {

/// Who goes on is told by handing over, which costs least where nobody else can run meanwhile.
void stay_on_this_processor() {
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(static_cast<unsigned>(sched_getcpu()), &here);
    sched_setaffinity(0, sizeof here, &here);
}

schedules::report random_schedule(schedules::program const& played, std::uint64_t seed) {
    return schedules::perform_at_random(schedules::staging_of(played), seed, played.steps());
}

/// What is done for the first time in a process is done now, so that schedules of a seed are the same whatever came before.
void rehearse() {
    for (std::uint64_t seed = 1; seed != 200; ++seed)
        static_cast<void>(random_schedule(schedules::any_program(seed), seed));
}

int tell(schedules::program const& played, schedules::report const& told) {
    std::cout << played.text() << "\n  " << told.schedules << " schedules" << (told.complete ? ", all there are" : "") << "\n";
    if (!told.failure.empty())
        std::cout << "  FAILED: " << told.failure << "\n";
    return told.failure.empty() ? 0 : 1;
}

void tell_speed(std::uint64_t count, std::string const& of, std::chrono::steady_clock::time_point begun) {
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begun;
    std::cout << count << " schedules of " << of << ", " << static_cast<std::uint64_t>(static_cast<double>(count) / took.count())
              << " per second: all well\n";
}

/// So many programs, each on the schedule of its seed.
int run_at_random(std::uint64_t first, std::uint64_t count) {
    auto const begun = std::chrono::steady_clock::now();
    for (auto seed = first; seed != first + count; ++seed) {
        auto const played = schedules::any_program(seed);
        if (auto told = random_schedule(played, seed); !told.failure.empty()) {
            told.schedules = seed - first + 1;
            std::cout << "see it again: schedules --seed " << seed << " --program \"" << played.text() << "\"\n";
            return tell(played, told);
        }
    }
    tell_speed(count, "as many programs by chance, from seed " + std::to_string(first), begun);
    return 0;
}

/// Programs of three threads with four requests each, on all schedules with at most two preemptions, until these are so many.
int run_thoroughly(std::uint64_t first, std::uint64_t count) {
    auto const begun = std::chrono::steady_clock::now();
    std::uint64_t performed = 0;
    auto seed = first;
    for (; performed < count; ++seed) {
        auto const played = schedules::three_by_four(seed);
        schedules::bounded order{2};
        auto const told = explore(schedules::staging_of(played), order, count - performed);
        performed += told.schedules;
        if (!told.failure.empty())
            return tell(played, told);
    }
    tell_speed(performed,
               std::to_string(seed - first) + " programs, all with at most two preemptions (but of the last), from seed " +
                   std::to_string(first),
               begun);
    return 0;
}

constexpr char const* usage = R"(usage:
  schedules                                      the tests (doctest's options hold)
  schedules --random N [--seed S]                N programs, each on one schedule, from seed S on
  schedules --thorough N [--seed S]              N schedules: all with two preemptions, of programs of three threads
                                                 with four requests
  schedules --program "plain: call 1 | evict 1"  all schedules of a program that differ in what can be told apart
            --most N                             not more than these
            --preemptions N                      instead: all with at most N preemptions
            --seed S                             instead: the one of this seed
            --schedule "0*3 1*2"                 instead: this one
)";

int run(std::map<std::string, std::string> said) {
    auto const number = [&](char const* name, std::uint64_t otherwise) {
        return said.contains(name) ? std::stoull(said[name]) : otherwise;
    };
    if (said.contains("--random"))
        return run_at_random(number("--seed", 1), number("--random", 0));
    if (said.contains("--thorough"))
        return run_thoroughly(number("--seed", 1), number("--thorough", 0));
    schedules::program const played{said.at("--program")};
    auto const scenario = schedules::staging_of(played);
    auto const most = number("--most", ~std::uint64_t{0});
    if (said.contains("--schedule")) {
        schedules::again order{said["--schedule"]};
        schedules::performance performed;
        return tell(played, {1, false, scenario(order, performed)});
    }
    if (said.contains("--seed"))
        return tell(played, random_schedule(played, number("--seed", 0)));
    if (said.contains("--preemptions")) {
        schedules::bounded order{static_cast<unsigned>(number("--preemptions", 0))};
        return tell(played, schedules::explore(scenario, order, most));
    }
    schedules::reduced order;
    auto const told = schedules::explore(scenario, order, most);
    std::cout << order.repeated() << " of them repeated another one\n";
    return tell(played, told);
}

}  // namespace

int main(int count, char** words) {
    stay_on_this_processor();
    rehearse();
    std::map<std::string, std::string> said;
    for (int at = 1; at + 1 < count; at += 2)
        said[words[at]] = words[at + 1];
    if (!said.contains("--random") && !said.contains("--thorough") && !said.contains("--program"))
        return doctest::Context{count, words}.run();
    try {
        return run(said);
    } catch (std::exception const& wrong) {
        std::cerr << "schedules: " << wrong.what() << "\n" << usage;
        return 2;
    }
}
