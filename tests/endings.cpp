#include "queue.hpp"

#include <memo/base/error.hpp>
#include <memo/base/event.hpp>
#include <memo/cached.hpp>
#include <memo/cached_property.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <latch>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

/// Does its work in a thread of its own.
struct thread_executor {
    std::vector<std::jthread> threads;
    void execute(std::function<void()> work) { threads.emplace_back(std::move(work)); }
};

/// A function whose second run says that it has begun, and ends when it may.
struct slow_second_run {
    std::atomic<int> runs{0};
    std::latch begun{1};
    std::latch may_end{1};

    int operator()(int number) {
        if (++runs == 2) {
            begun.count_down();
            may_end.wait();
        }
        return number;
    }
};

/// How often a wrapper calls what its user gave it after its end, which `end(g, work)` brings about while a refresh is on its way.
template <class End>
int calls_after_the_end(memo::duration patience, End const& end) {
    memo::manual_clock time;
    thread_executor own;
    slow_second_run work;
    memo::manager space{{.clock = time, .shutdown_timeout = patience}};
    std::atomic<bool> ended{false};
    std::atomic<int> calls_after{0};
    auto g = std::make_optional(memo::cached(std::ref(work), memo::signature<int(int)>, memo::ttl(1s), memo::stale_while_revalidate(1s),
                                             memo::in(space), memo::executor(own),
                                             memo::unless([&](int) { return calls_after += ended, false; }),
                                             memo::on_event([&](memo::event const&) { calls_after += ended; })));
    (*g)(7);
    time.advance(1s);
    (*g)(7);
    work.begun.wait();
    end(g, work);
    ended = true;
    own.threads.clear();
    return calls_after;
}

}  // namespace

TEST_CASE("F34 endings: work that has not begun when the wrapper ends never runs, and leaves nothing behind") {
    memo::manual_clock time;
    work_queue later;
    int runs = 0;
    int events = 0;
    {
        auto g = memo::cached([&](int n) { return ++runs, n; }, memo::ttl(1s), memo::stale_while_revalidate(1s), memo::clock(time),
                              memo::executor(later), memo::on_event([&](memo::event const&) { ++events; }));
        g(7);
        time.advance(1s);
        g(7);
        CHECK(later.size() == 1);
        events = 0;
    }
    later.run();
    CHECK(runs == 1);
    CHECK(events == 0);
}

TEST_CASE("F34 endings: a manager that ends stops the background work of its wrappers, which go on without it") {
    memo::manual_clock time;
    work_queue later;
    int runs = 0;
    std::optional<memo::manager> space{std::in_place, memo::manager_options{.clock = time, .executor = later}};
    auto g = memo::cached([&](int n) { return ++runs, n; }, memo::ttl(1s), memo::stale_while_revalidate(1s), memo::in(*space));
    g(7);
    time.advance(1s);
    g(7);
    space.reset();
    later.run();
    CHECK(runs == 1);
    CHECK(g(7) == 7);
    CHECK(later.size() == 0);
    time.advance(1s);
    CHECK(g(7) == 7);
    CHECK(runs == 2);
}

TEST_CASE("F34 endings: a wrapper that ends within its own background run does not wait for itself") {
    memo::manual_clock time;
    std::function<void()> forget = [] {};
    work_queue later;
    int runs = 0;
    auto const work = [&](int n) {
        forget();
        return ++runs, n;
    };
    auto g = std::make_optional(
        memo::cached(work, memo::ttl(1s), memo::stale_while_revalidate(1s), memo::clock(time), memo::executor(later)));
    (*g)(7);
    time.advance(1s);
    (*g)(7);
    forget = [&] { g.reset(); };
    auto const begun = std::chrono::steady_clock::now();
    later.run();
    CHECK(std::chrono::steady_clock::now() - begun < 4s);
    CHECK(runs == 2);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F34 endings: the last copy of a wrapper waits for what runs behind it, and then nothing of the user's is called") {
    CHECK(calls_after_the_end(1h, [](auto& g, slow_second_run& work) {
              std::jthread const other{[&] { work.may_end.count_down(); }};
              g.reset();
              CHECK(work.runs == 2);
          }) == 0);
}

TEST_CASE("F34 endings: a run that hangs holds the end up for the timeout only, and nothing is called when it comes back") {
    CHECK(calls_after_the_end(1ms, [](auto& g, slow_second_run& work) {
              g.reset();
              work.may_end.count_down();
          }) == 0);
}

TEST_CASE("F24 endings: a circle of calls through threads of a pool ends in recursion_error, within a millisecond") {
    thread_executor pool;
    std::atomic<std::int64_t> best{std::numeric_limits<std::int64_t>::max()};
    for (int round = 0; round != 20; ++round) {
        std::latch both_lead{2};
        std::function<int(int)> other;
        auto g = memo::cached([&](int n) {
            both_lead.arrive_and_wait();
            auto const begun = std::chrono::steady_clock::now();
            try {
                return other(1 - n);
            } catch (memo::recursion_error const&) {
                best = std::min<std::int64_t>(best, memo::duration{std::chrono::steady_clock::now() - begun}.count());
                throw;
            }
        });
        other = [&](int n) { return g(n); };
        std::atomic<int> refused{0};
        for (int n : {0, 1})
            pool.execute([&, n] {
                try {
                    g(n);
                } catch (memo::recursion_error const&) {
                    ++refused;
                }
            });
        pool.threads.clear();
        CHECK(refused == 2);
    }
    CHECK(memo::duration{best.load()} < 1ms);
}

namespace {

class house {
public:
    std::atomic<int>* runs = nullptr;
    std::latch* begun = nullptr;
    std::latch* may_end = nullptr;

private:
    int count(int number) const {
        if (begun != nullptr) {
            begun->count_down();
            may_end->wait();
        }
        return ++*runs, number;
    }
    inline static auto count_ = memo::cached_method(&house::count, memo::each_instance);

public:
    MEMO_METHOD(rooms, count_)
};

}  // namespace

TEST_CASE("F33 endings: first calls of many threads on one object share one run, on many objects each has its own") {
    constexpr int threads = 8;
    std::atomic<int> runs{0};
    for (int round = 0; round != 50; ++round) {
        house one;
        house other;
        one.runs = other.runs = &runs;
        runs = 0;
        std::latch start{threads};
        std::vector<std::jthread> calls;
        for (int i = 0; i != threads; ++i)
            calls.emplace_back([&, i] {
                start.arrive_and_wait();
                CHECK((i % 2 == 0 ? one : other).rooms(3) == 3);
            });
        calls.clear();
        CHECK(runs == 2);
    }
}

TEST_CASE("F33 endings: an object that is copied or moved from while it runs keeps its run; the others begin their own") {
    std::atomic<int> runs{0};
    std::latch begun{1};
    std::latch may_end{1};
    house first;
    first.runs = &runs;
    first.begun = &begun;
    first.may_end = &may_end;
    std::jthread call{[&] { CHECK(first.rooms(3) == 3); }};
    begun.wait();
    house copy{first};
    house const moved{std::move(first)};
    copy.begun = nullptr;
    CHECK(copy.rooms(3) == 3);
    CHECK(runs == 1);
    may_end.count_down();
    call.join();
    CHECK(runs == 2);
    CHECK_FALSE(moved.rooms.contains(3));
    CHECK(copy.rooms.contains(3));
}

TEST_SUITE_END();
