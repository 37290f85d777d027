#include "queue.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/cached.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/settings.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <exception>
#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using memo::event_kind;
using memo::manual_clock;

namespace {

/// Counts the calls that joined a run, and lets others wait for them.
class joins {
public:
    auto listener() const {
        return memo::on_event([seen = seen_](memo::event const& happening) {
            if (happening.kind == event_kind::join) {
                ++*seen;
                seen->notify_all();
            }
        });
    }
    void wait_for(int calls) const {
        for (int seen = *seen_; seen < calls; seen = *seen_)
            seen_->wait(seen);
    }

private:
    std::shared_ptr<std::atomic<int>> seen_ = std::make_shared<std::atomic<int>>(0);
};

/// Runs that hang until they are let go.
class hang {
public:
    void operator()() {
        begun_ = true;
        begun_.notify_all();
        may_end_.wait(false);
    }
    void wait() const { begun_.wait(false); }
    void let_go() {
        may_end_ = true;
        may_end_.notify_all();
    }

private:
    std::atomic<bool> begun_ = false;
    std::atomic<bool> may_end_ = false;
};

/// What a call threw, or null.
template <class Fn>
std::exception_ptr thrown_by(Fn const& fn) {
    try {
        fn();
        return nullptr;
    } catch (...) {
        return std::current_exception();
    }
}

template <class Fn>
void in_threads(int count, Fn const& fn) {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread != count; ++thread)
        threads.emplace_back([&fn, thread] { fn(thread); });
}

}  // namespace

TEST_CASE("F27 waiting: a call waits for half a minute where nothing else is said, and as long as it takes when that is said") {
    auto const patience = [](auto... options) {
        memo::manager m;
        return memo::detail::read_settings(memo::detail::option_set<decltype(options)...>{options...}, *m.inside(), "g").wait;
    };
    CHECK(patience() == 30s);
    CHECK(patience(memo::wait_timeout(2ms)) == 2ms);
    CHECK(patience(memo::wait_timeout(memo::forever)) == memo::duration::max());
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F27 waiting: a call leaves a hung run after wait_timeout and runs itself; who comes meanwhile joins that second run") {
    hang first;
    hang second;
    joins joined;
    std::atomic<int> runs = 0;
    auto g = memo::cached(
        [&](int) {
            int const run = ++runs;
            (run == 1 ? first : second)();
            return run;
        },
        memo::wait_timeout(1ms), joined.listener());
    std::atomic<int> led = 0;
    std::atomic<int> left = 0;
    {
        std::jthread const leader{[&] { led = g(7); }};
        first.wait();
        std::jthread const impatient{[&] { left = g(7); }};
        second.wait();
        CHECK(g.stats().joins == 1);
        std::jthread const late{[&] { static_cast<void>(g(7)); }};
        joined.wait_for(2);
        CHECK_FALSE(g.contains(7));
        first.let_go();
        second.let_go();
    }
    CHECK(led == 1);
    CHECK(left == 2);
    CHECK(g.peek(7) >= 2);
    CHECK(g.inside()->validate());
}

TEST_CASE("F27 waiting: a leader that comes back late does not store over the newer result") {
    hang slow;
    std::atomic<int> runs = 0;
    auto g = memo::cached(
        [&](int) {
            int const run = ++runs;
            if (run == 1)
                slow();
            return run;
        },
        memo::wait_timeout(1ms));
    int led = 0;
    {
        std::jthread const leader{[&] { led = g(7); }};
        slow.wait();
        CHECK(g(7) == 2);
        CHECK(g(7) == 2);
        slow.let_go();
    }
    CHECK(led == 1);
    CHECK(g(7) == 2);
    CHECK(runs == 2);
    CHECK(g.stats().skips == 1);
    CHECK(g.stats().stores == 1);
}

TEST_CASE("F27 waiting: a late leader that throws throws to its own caller, and leaves the newer result") {
    hang slow;
    std::atomic<int> runs = 0;
    auto g = memo::cached(
        [&](int) {
            int const run = ++runs;
            if (run == 1) {
                slow();
                throw std::runtime_error{"late"};
            }
            return run;
        },
        memo::wait_timeout(1ms), memo::cache_errors<std::exception>(1h));
    std::exception_ptr thrown;
    {
        std::jthread const leader{[&] { thrown = thrown_by([&] { g(7); }); }};
        slow.wait();
        CHECK(g(7) == 2);
        slow.let_go();
    }
    CHECK(thrown != nullptr);
    CHECK(g(7) == 2);
}

TEST_CASE("F27 waiting: when every run hangs a call waits for two of them and then runs itself") {
    constexpr int callers = 8;
    std::latch all_run{callers};
    std::atomic<int> runs = 0;
    auto g = memo::cached([&](int) { return all_run.arrive_and_wait(), ++runs; }, memo::wait_timeout(1ms));
    in_threads(callers, [&](int) { static_cast<void>(g(7)); });
    CHECK(runs == callers);
    CHECK(g.stats().joins <= 2 * callers);
    CHECK(g(7) > 0);
    CHECK(g.inside()->validate());
}

TEST_CASE("F27 waiting: a hung key blocks no other, and nothing but its own lease") {
    hang slow;
    auto g = memo::cached([&](int n) { return n == 7 ? (slow(), n) : n; }, memo::key<"number:{0}">, memo::max_size(4));
    std::jthread const leader{[&] { static_cast<void>(g(7)); }};
    slow.wait();
    for (int n = 10; n != 30; ++n)
        CHECK(g(n) == n);
    g.set(70, 7);
    CHECK(g(7) == 70);
    CHECK(g.evict(7).count() == 1);
    CHECK(g.size() == 3);
    slow.let_go();
}

TEST_CASE("F27 waiting: who leaves a hung background refresh after the windows runs itself, and that result stays") {
    manual_clock time;
    work_queue later;
    hang slow;
    std::atomic<int> runs = 0;
    auto g = memo::cached(
        [&](int) {
            int const run = ++runs;
            if (run == 2)
                slow();
            return run;
        },
        memo::ttl(10s), memo::stale_while_revalidate(5s), memo::wait_timeout(1ms), memo::clock(time), memo::executor(later));
    CHECK(g(7) == 1);
    time.advance(10s);
    CHECK(g(7) == 1);
    {
        std::jthread const background{[&] { later.run(); }};
        slow.wait();
        time.advance(5s);
        CHECK(g(7) == 3);
        slow.let_go();
    }
    CHECK(g(7) == 3);
    time.advance(10s);
    CHECK(g(7) == 3);
    CHECK(later.run() == 1);
    CHECK(g(7) == 4);
}

TEST_CASE("F22 waiting: what a background refresh throws reaches who joined it, and nobody else") {
    manual_clock time;
    work_queue later;
    joins joined;
    std::atomic<int> runs = 0;
    std::latch hangs{1};
    auto g = memo::cached(
        [&](int) {
            int const run = ++runs;
            if (run == 2) {
                hangs.count_down();
                joined.wait_for(2);
                throw std::runtime_error{"no answer"};
            }
            return run;
        },
        memo::ttl(10s), memo::stale_while_revalidate(5s), memo::clock(time), memo::executor(later), joined.listener());
    g(7);
    time.advance(10s);
    CHECK(g(7) == 1);
    std::atomic<int> thrown = 0;
    {
        std::jthread const background{[&] { later.run(); }};
        hangs.wait();
        time.advance(5s);
        in_threads(2, [&](int) { thrown += thrown_by([&] { g(7); }) != nullptr; });
    }
    CHECK(thrown == 2);
    CHECK(g(7) == 3);
    CHECK(g.stats().errors == 1);
}

TEST_CASE("F22 waiting: when the leader throws, who waits answers with the old value as the leader does") {
    constexpr int waiters = 8;
    manual_clock time;
    joins joined;
    std::atomic<int> runs = 0;
    auto g = memo::cached(
        [&](int) {
            int const run = ++runs;
            if (run == 2) {
                joined.wait_for(waiters);
                throw std::runtime_error{"no answer"};
            }
            return run;
        },
        memo::ttl(10s), memo::stale_if_error(20s), memo::clock(time), joined.listener());
    CHECK(g(7) == 1);
    time.advance(10s);
    std::atomic<int> right = 0;
    in_threads(waiters + 1, [&](int) { right += g(7) == 1; });
    CHECK(right == waiters + 1);
    CHECK(runs == 2);
    auto const seen = g.stats();
    CHECK(seen.stale == waiters + 1);
    CHECK(seen.joins == waiters);
    CHECK(seen.errors == 1);
    CHECK(g.explain(7).failures == 1);
}

TEST_CASE("F29 waiting: however many call for what is absent, has just expired or is old, there is one run") {
    constexpr int callers = 64;
    constexpr int rounds = 20;
    manual_clock time;
    work_queue later;
    std::atomic<int> runs = 0;
    auto const work = [&](int) { return std::this_thread::yield(), ++runs; };
    auto const stampede = [&](auto g) {
        std::atomic<int> wrong = 0;
        std::barrier round{callers + 1};
        std::vector<std::jthread> threads;
        for (int caller = 0; caller != callers; ++caller)
            threads.emplace_back([&] {
                for (int i = 0; i != rounds; ++i) {
                    round.arrive_and_wait();
                    int const answer = g(7);
                    wrong += answer > i + 1 || answer < i;
                    round.arrive_and_wait();
                }
            });
        runs = 0;
        for (int i = 0; i != rounds; ++i) {
            time.advance(10s);
            round.arrive_and_wait();
            round.arrive_and_wait();
            CHECK(later.run() <= 1);
            CHECK(runs == i + 1);
        }
        CHECK(wrong == 0);
        CHECK(g.inside()->validate());
    };
    stampede(memo::cached(work, memo::ttl(10s), memo::clock(time)));
    stampede(memo::cached(work, memo::ttl(10s), memo::stale_if_error(1h), memo::clock(time)));
    stampede(memo::cached(work, memo::ttl(10s), memo::stale_while_revalidate(1h), memo::clock(time), memo::executor(later)));
    stampede(memo::cached(work, memo::ttl(20s), memo::refresh_ahead(0.5), memo::clock(time), memo::executor(later)));
}

TEST_CASE("F31 waiting: a flood of keys that fail stays within a tenth of the bound, beside results that stay") {
    constexpr int threads = 4;
    constexpr int results = 3'000;
    constexpr int failures = 50'000;
    auto g = memo::cached([](int n) { return n < 0 ? throw std::out_of_range{"below zero"} : n; },
                          memo::cache_errors<std::out_of_range>(1h), memo::max_size(5'000));
    for (int n = 0; n != results; ++n)
        static_cast<void>(g(n));
    std::atomic<int> thrown = 0;
    in_threads(threads, [&](int thread) {
        for (int n = 1 + thread; n <= failures; n += threads)
            thrown += thrown_by([&] { g(-n); }) != nullptr;
    });
    CHECK(thrown == failures);
    CHECK(g.size() >= results);
    CHECK(g.size() <= results + 500);
    for (int n = 0; n != results; ++n)
        REQUIRE(g.contains(n));
    CHECK(g.inside()->validate());
}

TEST_SUITE_END();
