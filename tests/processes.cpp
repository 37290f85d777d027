#include "process.hpp"

#include <memo/cached.hpp>
#include <memo/cached_property.hpp>
#include <memo/key/scalar.hpp>
#include <memo/options.hpp>
#include <memo/policy/adaptive.hpp>
#include <memo/store/memory.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <latch>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

/// What becomes of wrappers when a process forks or ends. None of it is in a suite named concurrent: ThreadSanitizer starts no thread
/// after a fork of several.
using namespace std::chrono_literals;

namespace {

/// A run that says it has begun and goes on until it may end.
struct hung_run {
    std::latch begun{1};
    std::latch may_end{1};
    std::atomic<int> runs{0};

    int operator()(int number) {
        if (++runs == 1) {
            begun.count_down();
            may_end.wait();
        }
        return number;
    }
};

class shop {
public:
    hung_run* count;

private:
    int counted() const { return (*count)(7); }

public:
    memo::cached_property<&shop::counted> goods{this};
    explicit shop(hung_run& how) : count{&how} {}
};

/// Ends the process well when everything younger is gone.
struct last_word {
    bool (*well)();
    ~last_word() { ::_exit(well() ? 42 : 1); }
};

}  // namespace

TEST_CASE("F35 processes: in the child nobody waits for a run that another thread led, and the parent's goes on") {
    hung_run run;
    auto g = memo::cached(std::ref(run), memo::signature<int(int)>);
    std::jthread const leader{[&] { CHECK(g(7) == 7); }};
    run.begun.wait();
    CHECK(process::holds_in_child([&] { return g(7) == 7 && run.runs == 2 && g(7) == 7 && run.runs == 2 && g.inside()->validate(); }));
    run.may_end.count_down();
}

TEST_CASE("F35 processes: a run whose own thread forks goes on in both, and may be joined in both") {
    static int child = -1;
    std::atomic<int> runs{0};
    auto g = memo::cached([&](int number) {
        ++runs;
        child = ::fork();
        if (child == 0)
            ::alarm(20);
        return number;
    });
    CHECK(g(7) == 7);
    if (child == 0)
        ::_exit(g(7) == 7 && runs == 1 && g.size() == 1 ? 0 : 1);
    CHECK(process::ends_with(child, 0));
    CHECK(g(7) == 7);
    CHECK(runs == 1);
}

TEST_CASE("F35 processes: in the child a property that another thread computes is computed anew") {
    hung_run run;
    shop const one{run};
    std::jthread const leader{[&] { CHECK(one.goods() == 7); }};
    run.begun.wait();
    CHECK(process::holds_in_child([&] { return one.goods() == 7 && run.runs == 2; }));
    run.may_end.count_down();
}

TEST_CASE("F35 processes: forked at any moment under load, child and parent go on with right results and whole structures" *
          doctest::skip(!process::allocates_after_any_fork)) {
    auto g = memo::cached([](int number) { return std::to_string(number); }, memo::max_size(50), memo::tags<"numbers">);
    std::atomic<bool> done{false};
    std::vector<std::jthread> load;
    for (int thread = 0; thread != 4; ++thread)
        load.emplace_back([&, thread] {
            for (int number = thread; !done; number = (number + 7) % 100) {
                CHECK(g(number) == std::to_string(number));
                if (number % 10 == 0)
                    static_cast<void>(g.evict(number));
            }
        });
    for (int forks = 0; forks != 50; ++forks)
        CHECK(process::holds_in_child([&] {
            bool right = g.inside()->validate();
            std::vector<std::jthread> own;
            std::atomic<int> wrong{0};
            for (int thread = 0; thread != 2; ++thread)
                own.emplace_back([&] {
                    for (int number = 0; number != 100; ++number)
                        wrong += g(number) != std::to_string(number);
                });
            own.clear();
            return right && wrong == 0 && g.clear().confirmed() && g.size() == 0 && g.inside()->validate();
        }));
    done = true;
    load.clear();
    CHECK(g.inside()->validate());
}

TEST_CASE("F35 processes: room that a thread of the parent had gathered is not lost in the child" *
          doctest::skip(!process::allocates_after_any_fork)) {
    constexpr std::size_t heavy = 3 << 20;  // each makes another one go, mostly of another shard
    memo::detail::memory_store<std::int64_t, memo::adaptive_order> store{{.entries = 100, .weight = 5 << 20}};
    auto const set = [&](std::int64_t number) {
        memo::detail::terms on;
        on.weight = heavy;
        auto const key = memo::detail::short_key_of(number);
        return store.set(key.view(), std::int64_t{number}, std::move(on), 0) == memo::detail::store_outcome::stored;
    };
    std::atomic<bool> done{false};
    std::vector<std::jthread> load;
    for (int thread = 0; thread != 2; ++thread)
        load.emplace_back([&, thread] {
            for (int number = thread; !done; number += 2)
                set(number);
        });
    for (int forks = 0; forks != 150; ++forks)
        CHECK(process::holds_in_child([&] { return store.validate() && set(-1); }));
    done = true;
}

TEST_CASE("F34 processes: one that ends waits for what runs behind a static wrapper, and nothing of it runs later") {
    auto const child = ::fork();
    if (child == 0) {
        ::alarm(20);
        static std::atomic<int> runs{0};
        static std::atomic<bool> over{false};
        static last_word const at_the_end{[] {
            over = true;
            std::this_thread::yield();
            return runs == 2;
        }};
        static memo::manual_clock time;
        static std::latch begun{1};
        static auto const g = memo::cached(
            [](int number) {
                if (over)
                    ::_exit(1);
                if (runs == 1) {
                    begun.count_down();
                    for (int spins = 0; spins != 1'000'000; ++spins)
                        std::atomic_signal_fence(std::memory_order_seq_cst);
                }
                ++runs;
                return number;
            },
            memo::ttl(1s), memo::stale_while_revalidate(1s), memo::clock(time));
        g(7);
        time.advance(1s);
        g(7);
        begun.wait();
        std::exit(1);
    }
    CHECK(process::ends_with(child, 42));
}

TEST_CASE("F34 processes: the function itself, or what runs behind it, may end the process") {
    for (bool const behind : {false, true}) {
        auto const child = ::fork();
        if (child == 0) {
            ::alarm(20);
            static last_word const at_the_end{[] { return true; }};
            static memo::manual_clock time;
            static std::atomic<bool> ends{false};
            static auto const g = memo::cached(
                [](int number) {
                    if (ends)
                        std::exit(1);
                    return number;
                },
                memo::ttl(1s), memo::stale_while_revalidate(1s), memo::clock(time));
            g(7);
            time.advance(behind ? 1s : 3s);
            ends = true;
            g(7);
            for (;;)
                std::this_thread::yield();
        }
        CHECK(process::ends_with(child, 42));
    }
}
