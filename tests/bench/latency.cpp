// How long the slowest calls take while a table grows, and while all is let go. Run it with tests/bench/latency.

#include <memo/memo.hpp>

#include <sys/resource.h>

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

using clock_type = std::chrono::steady_clock;

/// Counts durations in steps of less than 2 %.
class histogram {
public:
    void add(std::uint64_t nanoseconds) {
        ++counts_[place(nanoseconds)];
        ++sum_;
        if (nanoseconds > most_) most_ = nanoseconds;
        if (nanoseconds > 1'000'000) ++over_;
    }

    std::uint64_t percentile(double percent) const {
        auto left = static_cast<std::uint64_t>(percent / 100 * static_cast<double>(sum_));
        for (std::size_t at = 0; at != counts_.size(); ++at) {
            if (counts_[at] > left) return value(at);
            left -= counts_[at];
        }
        return most_;
    }
    std::uint64_t sum() const { return sum_; }
    std::uint64_t most() const { return most_; }
    std::uint64_t over_a_millisecond() const { return over_; }

private:
    static constexpr unsigned fine = 6;

    static std::size_t place(std::uint64_t number) {
        if (number < 1U << fine) return number;
        auto const shift = static_cast<unsigned>(std::bit_width(number)) - fine - 1;
        return (static_cast<std::size_t>(shift + 1) << fine) + ((number >> shift) & ((1U << fine) - 1));
    }
    static std::uint64_t value(std::size_t place) {
        if (place < 1U << fine) return place;
        auto const shift = (place >> fine) - 1;
        return ((1U << fine) + (place & ((1U << fine) - 1))) << shift;
    }

    std::array<std::uint64_t, (64 - fine + 1) << fine> counts_{};
    std::uint64_t sum_ = 0;
    std::uint64_t most_ = 0;
    std::uint64_t over_ = 0;
};

/// Times calls one after the other, each from the end of the one before. A slow one during which the system took this thread from
/// its processor is counted apart: it tells of the system.
class timed_calls {
public:
    template <class Call>
    void time(Call const& call) {
        call();
        auto const end = clock_type::now();
        auto const took = static_cast<std::uint64_t>(std::chrono::nanoseconds{end - last_}.count());
        last_ = end;
        constexpr std::uint64_t slow = 10'000;
        if (took >= slow) {
            auto const before = preempted_;
            preempted_ = preemptions();
            last_ = clock_type::now();
            if (preempted_ != before) {
                interrupted.add(took);
                return;
            }
        }
        alone.add(took);
    }

    histogram alone;
    histogram interrupted;

private:
    static long preemptions() {
        rusage used{};
        getrusage(RUSAGE_THREAD, &used);
        return used.ru_nivcsw;
    }

    long preempted_ = preemptions();
    clock_type::time_point last_ = clock_type::now();
};

void tell(char const* what, timed_calls const& calls) {
    auto const& of = calls.alone;
    std::printf("%s;%llu", what, static_cast<unsigned long long>(of.sum()));
    for (double const percent : {50.0, 99.0, 99.9, 99.99})
        std::printf(";%llu", static_cast<unsigned long long>(of.percentile(percent)));
    std::printf(";%llu;%llu;%llu;%llu\n", static_cast<unsigned long long>(of.most()),
                static_cast<unsigned long long>(of.over_a_millisecond()),
                static_cast<unsigned long long>(calls.interrupted.sum()),
                static_cast<unsigned long long>(calls.interrupted.most()));
}

std::int64_t square(std::int64_t number) { return number * number; }

template <class T>
void keep(T const& value) {
    asm volatile("" : : "m"(value) : "memory");
}

/// What two threads see that call nothing.
void machine(std::uint64_t calls) {
    timed_calls here, there;
    {
        std::jthread const other{[&] {
            timed_calls mine;
            for (std::uint64_t number = 0; number != calls; ++number) mine.time([&] { keep(number); });
            there = mine;
        }};
        for (std::uint64_t number = 0; number != calls; ++number) here.time([&] { keep(number); });
    }
    tell("nothing", here);
    tell("nothing, the other thread", there);
}

template <class Cached>
void growth(Cached& cached, std::int64_t entries) {
    constexpr std::int64_t first = 1'000;
    for (std::int64_t number = 0; number != first; ++number) cached(number);
    std::atomic<std::int64_t> resident{first};
    std::atomic<bool> done{false};
    timed_calls hits, misses;
    {
        std::jthread const reader{[&] {
            timed_calls mine;
            std::uint64_t random = 1;
            while (!done.load(std::memory_order_relaxed)) {
                random = random * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
                auto const among = static_cast<std::uint64_t>(resident.load(std::memory_order_acquire));
                auto const number = static_cast<std::int64_t>((random >> 32) * among >> 32);
                mine.time([&] { keep(cached(number)); });
            }
            hits = mine;
        }};
        timed_calls mine;
        for (std::int64_t number = first; number != entries; ++number) {
            mine.time([&] { keep(cached(number)); });
            resident.store(number + 1, std::memory_order_release);
        }
        done = true;
        misses = mine;
    }
    auto const after = cached.stats();
    tell("hit, while the table grows", hits);
    tell("miss, run and stored", misses);
    if (after.items != static_cast<std::size_t>(entries))
        std::fprintf(stderr, "latency: %zu entries are held of %lld\n", after.items, static_cast<long long>(entries));
}

/// One thread lets all go at once, while another one calls.
template <class Cached>
void clearing(Cached& cached) {
    timed_calls clear, calls;
    {
        std::atomic<bool> done{false};
        std::jthread const caller{[&] {
            timed_calls mine;
            for (std::int64_t number = 0; !done.load(std::memory_order_relaxed); ++number)
                mine.time([&] { keep(cached(number % 1'000)); });
            calls = mine;
        }};
        auto const begin = clock_type::now();
        cached.clear();
        clear.alone.add(static_cast<std::uint64_t>(std::chrono::nanoseconds{clock_type::now() - begin}.count()));
        done = true;
    }
    tell("clear", clear);
    tell("call, while another thread clears", calls);
}

}  // namespace

int main(int count, char** words) {
    auto const entries = count > 1 ? std::strtoll(words[1], nullptr, 10) : 10'000'000;
    machine(static_cast<std::uint64_t>(entries));
    auto cached = memo::cached(square, memo::max_size(2 * static_cast<std::size_t>(entries)));
    growth(cached, entries);
    clearing(cached);
}
