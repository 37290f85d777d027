#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// How tests/bench/workloads measures: all who take part answer the same calls in turn, a slice of time each, round after round.
namespace contest {

/// `reference` is what the others are divided by; `unbounded` rivals never let anything go.
enum class role { reference, memo, bounded, unbounded };

inline char const* word(role of) {
    constexpr char const* words[] = {"reference", "memo", "bounded", "unbounded"};
    return words[static_cast<int>(of)];
}

/// The compiler must make `value`, and may assume nothing of memory after it.
template <class T>
[[gnu::always_inline]] inline void keep(T const& value) {
    asm volatile("" : : "m"(value) : "memory");
}

/// One cache that takes part. A block of calls is one function, so that what is inlined in it is what a program's loop would
/// have.
template <class Call>
struct participant {
    std::string name;
    role what;
    std::function<std::size_t(std::span<Call const>)> answer;  ///< Returns: how many were hits, where misses may be
};

struct figure {
    std::string name;
    role what;
    std::vector<double> rounds{};  ///< nanoseconds of a call, of one thread
    std::size_t calls = 0;
    std::size_t hits = 0;
};

inline double median(std::vector<double> of) {
    auto const middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
    std::nth_element(of.begin(), middle, of.end());
    return *middle;
}

/// One thread is timed by what it worked, so that a busy machine adds nothing; several by the clock on the wall, since waiting
/// counts.
class stopwatch {
public:
    explicit stopwatch(clockid_t clock) : clock_{clock}, begin_{now()} {}
    double nanoseconds() const { return now() - begin_; }

private:
    double now() const {
        timespec at{};
        clock_gettime(clock_, &at);
        return 1e9 * static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec);
    }

    clockid_t clock_;
    double begin_;
};

/// What one thread has in one slice; it goes on where its last slice ended.
template <class Call>
class runner {
public:
    runner(participant<Call> const& who, std::span<Call const> calls, std::size_t begin, clockid_t clock)
        : who_{who}, calls_{calls}, at_{begin}, clock_{clock} {}

    void run(double nanoseconds) {
        done = hits = 0;
        stopwatch const watch{clock_};
        for (took = 0; took < nanoseconds; took = watch.nanoseconds()) {
            auto const block = std::min(block_, calls_.size() - at_);
            hits += who_.answer(calls_.subspan(at_, block));
            done += block;
            at_ = (at_ + block) % calls_.size();
        }
        // reading the clock should be next to nothing of a block
        auto const wanted = 200'000.0 * static_cast<double>(done) / took;
        block_ = std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 64, calls_.size());
    }

    std::size_t at() const { return at_; }

    double took = 0;
    std::size_t done = 0;
    std::size_t hits = 0;

private:
    participant<Call> const& who_;
    std::span<Call const> calls_;
    std::size_t at_;
    std::size_t block_ = 64;
    clockid_t clock_;
};

struct plan {
    unsigned threads = 1;
    unsigned rounds = 7;
    double warm = 8e6;  ///< nanoseconds, before each slice: the others had the processor's caches meanwhile
    double slice = 2e7;
};

/// Whether so many entries are more than the processor's own caches hold.
inline bool large(std::size_t entries) { return entries > 65'536; }

/// Large caches have longer turns, or most of what is measured is how what the others left makes way.
inline plan turns(std::size_t entries, unsigned threads, unsigned rounds) {
    plan how{.threads = threads, .rounds = rounds};
    if (large(entries)) how.warm = how.slice = 2e8;
    return how;
}

/// One slice of one participant on all threads, which begin together.
template <class Call>
void run_slice(participant<Call> const& who, std::span<Call const> calls, plan const& how, std::vector<std::size_t>& at,
               figure& into) {
    auto const clock = how.threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
    std::atomic<unsigned> warm{0};
    std::vector<runner<Call>> runners;
    for (unsigned number = 0; number != how.threads; ++number) runners.emplace_back(who, calls, at[number], clock);
    auto const work = [&](runner<Call>& mine) {
        mine.run(how.warm);
        ++warm;
        while (warm != how.threads) {
        }
        mine.run(how.slice);
    };
    {
        std::vector<std::jthread> others;
        for (unsigned number = 1; number != how.threads; ++number) others.emplace_back(work, std::ref(runners[number]));
        work(runners[0]);
    }
    double took = 0;
    std::size_t done = 0;
    for (unsigned number = 0; number != how.threads; ++number) {
        at[number] = runners[number].at();
        took += runners[number].took;
        done += runners[number].done;
        into.hits += runners[number].hits;
    }
    into.calls += done;
    into.rounds.push_back(took / static_cast<double>(done));
}

template <class Call>
std::vector<figure> race(std::vector<participant<Call>> const& all, std::span<Call const> calls, plan const& how) {
    std::jthread{[] {}}.join();  // from here on, nobody in this process may think that it is alone and need not lock
    std::vector<figure> figures;
    for (auto const& who : all) figures.push_back({who.name, who.what});
    std::vector<std::size_t> begin;
    for (unsigned number = 0; number != how.threads; ++number) begin.push_back(calls.size() * number / how.threads);
    std::vector<std::vector<std::size_t>> at(all.size(), begin);
    for (unsigned round = 0; round != how.rounds; ++round)
        for (std::size_t turn = 0; turn != all.size(); ++turn) {
            auto const number = (turn + round) % all.size();
            run_slice(all[number], calls, how, at[number], figures[number]);
        }
    return figures;
}

/// Prints a line for each figure: workload, what, threads, name, role, nanoseconds, ratio to the reference, hit ratio or nothing.
/// Ratios are taken round by round, against the reference's slice of the same round.
inline void tell(std::string const& workload, std::string const& what, unsigned threads, std::vector<figure> const& figures,
                 bool with_hits = false) {
    auto const& reference =
        *std::find_if(figures.begin(), figures.end(), [](auto const& one) { return one.what == role::reference; });
    for (auto const& one : figures) {
        std::vector<double> ratios;
        for (std::size_t round = 0; round != one.rounds.size(); ++round)
            ratios.push_back(one.rounds[round] / reference.rounds[round]);
        std::printf("%s;%s;%u;%s;%s;%.2f;%.3f;", workload.c_str(), what.c_str(), threads, one.name.c_str(), word(one.what),
                    median(one.rounds), median(ratios));
        if (with_hits) std::printf("%.4f", static_cast<double>(one.hits) / static_cast<double>(one.calls));
        std::printf("\n");
    }
    std::fflush(stdout);
}

/// Numbers below `count`, all alike or by Zipf's law with exponent 0.99.
inline std::vector<std::uint32_t> draws(std::size_t count, bool zipf, std::size_t many, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    std::vector<std::uint32_t> drawn(many);
    if (!zipf) {
        std::uniform_int_distribution<std::uint32_t> any{0, static_cast<std::uint32_t>(count - 1)};
        for (auto& number : drawn) number = any(random);
        return drawn;
    }
    std::vector<double> below(count);
    double sum = 0;
    for (std::size_t rank = 0; rank != count; ++rank) below[rank] = sum += std::pow(static_cast<double>(rank + 1), -0.99);
    std::uniform_real_distribution<double> any{0, sum};
    for (auto& number : drawn)
        number = static_cast<std::uint32_t>(std::upper_bound(below.begin(), below.end() - 1, any(random)) - below.begin());
    return drawn;
}

/// A number without pattern for each number.
inline std::uint64_t scrambled(std::uint64_t number) {
    number += 0x9e3779b97f4a7c15;
    number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
    number = (number ^ number >> 27) * 0x94d049bb133111eb;
    return number ^ number >> 31;
}

}  // namespace contest
