#include <memo/call/residence.hpp>

#include "call/over.hpp"
#include "evictions.hpp"
#include "queue.hpp"

#include <memo/base/error.hpp>
#include <memo/base/event.hpp>
#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/testing/decorated.hpp>
#include <memo/testing/faulty.hpp>
#include <memo/testing/manual_clock.hpp>
#include <memo/testing/null.hpp>
#include <memo/testing/recording.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::event_kind;
using memo::testing::fault;
using memo::testing::fault_plan;
using memo::testing::faulty;
using memo::testing::null;
using memo::testing::record;
using memo::testing::recording;
using memo::testing::store_operation;

namespace {

/// A wrapper whose runs are numbered, in a manager of its own, and what can happen while its first run is in flight.
struct scene {
    memo::manager m;
    std::function<void()> meanwhile = [] {};
    int runs = 0;

    auto wrapper() {
        return memo::cached(
            [this](int) {
                int const run = ++runs;
                if (run == 1)
                    meanwhile();
                return run;
            },
            memo::key<"number:{0}">, memo::tags<"numbers">, memo::in(m));
    }
};

std::function<void()> renewed;  // is called once, when the next renewal has begun

template <class Store>
class telling_renewals : public memo::testing::decorated<Store, telling_renewals<Store>> {
    using base = memo::testing::decorated<Store, telling_renewals<Store>>;
    friend base;

public:
    template <class... A>
    explicit telling_renewals(A&&... store) : base{std::forward<A>(store)...} {}

private:
    template <class Fn>
    auto around(store_operation what, Fn const& fn) {
        auto done = fn();
        if (what == store_operation::renew)
            if (auto const act = std::exchange(renewed, nullptr))
                act();
        return done;
    }
    template <class Fn>
    void around_safely(store_operation, Fn const& fn) noexcept {
        fn();
    }
};

}  // namespace

TEST_CASE("F18 F19 fence: a run is never stored when its entry was evicted while it was in flight, whatever evicted it") {
    scene at;
    auto g = at.wrapper();
    each_eviction(at, g, [&](auto const& evict) {
        at.meanwhile = evict;
        CHECK(g(7) == 1);
        CHECK_FALSE(g.contains(7));
        CHECK(g(7) == 2);
        CHECK(g(7) == 2);
    });
}

TEST_CASE("fence: an eviction of others leaves a run in flight alone") {
    scene at;
    auto g = at.wrapper();
    at.meanwhile = [&] {
        static_cast<void>(g.evict(8));
        static_cast<void>(at.m.evict_key("number:8"));
        static_cast<void>(at.m.evict_pattern("number:8*"));
        static_cast<void>(at.m.evict_tag("letters"));
    };
    CHECK(g(7) == 1);
    CHECK(g(7) == 1);
}

TEST_CASE("F20 fence: what is set, refreshed or put while a run is in flight wins over it") {
    scene at;
    auto g = at.wrapper();
    auto fill = memo::cache_put([](int) { return 100; }, memo::entry(g), memo::in(at.m));
    std::vector<std::pair<std::function<void()>, int>> const fillings{
        {[&] { g.set(50, 7); }, 50}, {[&] { CHECK(g.refresh(7) == 2); }, 2}, {[&] { CHECK(fill(7) == 100); }, 100}};
    for (auto const& [put, expected] : fillings) {
        static_cast<void>(g.clear());
        at.runs = 0;
        at.meanwhile = put;
        CHECK(g(7) == 1);
        CHECK(g(7) == expected);
        CHECK(g.peek(7) == expected);
        at.runs = 0;
        CHECK(g.refresh(7) == 1);
        CHECK(g(7) == expected);
    }
}

TEST_CASE("fence: evicted and run again while the first run is in flight, the entry is that of the later run") {
    scene at;
    auto g = at.wrapper();
    at.meanwhile = [&] {
        static_cast<void>(g.evict(7));
        CHECK(g(7) == 2);
        CHECK(g(7) == 2);
    };
    CHECK(g(7) == 1);
    CHECK(g(7) == 2);
}

TEST_CASE("residence: an operation costs the store what it needs and no more") {
    record seen;
    auto g = over<recording, int(int)>([](int n) { return n; });
    g(7);
    CHECK(seen.count(store_operation::get) == 1);
    CHECK(seen.count(store_operation::begin) == 1);
    CHECK(seen.count(store_operation::commit) == 1);
    CHECK(seen.all() == 3);
    g(7);
    CHECK(seen.count(store_operation::get) == 2);
    CHECK(seen.all() == 4);
    g.uncached(7);
    CHECK(seen.all() == 4);
    static_cast<void>(g.contains(7));
    CHECK(seen.count(store_operation::peek) == 1);
    CHECK(seen.all() == 5);
    g.set(8, 7);
    CHECK(seen.count(store_operation::set) == 1);
    CHECK(seen.all() == 6);
    g.refresh(7);
    CHECK(seen.count(store_operation::open) == 1);
    CHECK(seen.count(store_operation::commit) == 2);
    CHECK(seen.all() == 8);
    static_cast<void>(g.evict(7));
    static_cast<void>(g.clear());
    CHECK(seen.count(store_operation::erase) == 1);
    CHECK(seen.count(store_operation::erase_all) == 1);
    CHECK(seen.all() == 10);
}

TEST_CASE("residence: nobody reads a clock while nothing can expire") {
    int reads = 0;
    struct counted_clock {
        int* reads;
        std::chrono::steady_clock::time_point now() const { return ++*reads, std::chrono::steady_clock::time_point{1h}; }
    };
    auto g = memo::cached([](int n) { return n; }, memo::clock(counted_clock{&reads}));
    g(7);
    reads = 0;
    g(7);
    static_cast<void>(g.contains(7));
    CHECK(reads == 0);
    CHECK(g.touch(1h, 7));
    reads = 0;
    g(7);
    CHECK(reads == 1);
}

TEST_CASE("residence: over a store that keeps nothing every call runs, and all else answers") {
    int runs = 0;
    auto g = over<null, int(int)>([&](int n) { return ++runs, n; }, memo::key<"number:{0}">);
    CHECK(g(7) == 7);
    CHECK(g(7) == 7);
    CHECK(g.refresh(7) == 7);
    g.set(8, 7);
    CHECK(runs == 3);
    CHECK_FALSE(g.contains(7));
    CHECK(g.evict(7).confirmed());
    CHECK(g.clear().confirmed());
    CHECK(g.stats().skips == 4);
    CHECK(g.explain(7).hit == false);
}

TEST_CASE("F23 residence: every fault of the store is counted and told with what was thrown, and the call just runs") {
    for (auto const failing : {store_operation::get, store_operation::begin, store_operation::commit}) {
        fault_plan plan;
        std::vector<event_kind> told;
        int runs = 0;
        auto g = over<faulty, int(int)>([&](int n) { return ++runs, n; }, memo::on_event([&](memo::event const& happening) {
                                            told.push_back(happening.kind);
                                            if (happening.kind == event_kind::error)
                                                CHECK_THROWS_AS(std::rethrow_exception(happening.error), memo::connection_error);
                                        }));
        plan.fail_each(failing);
        CHECK(g(7) == 7);
        CHECK(g(7) == 7);
        CHECK(runs == 2);
        CHECK(g.stats().errors == 2);
        CHECK(std::ranges::count(told, event_kind::error) == 2);
        plan.heal();
        CHECK(g(7) == 7);
        CHECK(g(7) == 7);
        CHECK(runs == 3);
    }
}

TEST_CASE("F23 residence: an answer that is lost after the store took the lease leaves nobody waiting") {
    for (auto const failing : {store_operation::begin, store_operation::open}) {
        fault_plan plan;
        auto g = over<faulty, int(int)>([](int n) { return n; });
        plan.fail_each(failing, fault::after_effect);
        CHECK(g(7) == 7);
        CHECK(g.refresh(7) == 7);
        plan.heal();
        CHECK(g(7) == 7);
        CHECK(g.contains(7));
        CHECK(g.inside()->validate());
    }
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F18 F19 fence: no call that starts after an evict gets a value whose run started before it") {
    std::atomic<int> source = 0;
    std::atomic<int> floor = 0;
    std::atomic<bool> done = false;
    std::atomic<int> stale = 0;
    auto g = memo::cached([&](int) { return source.load(); }, memo::key<"number:{0}">, memo::tags<"numbers">);
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 3; ++i)
            readers.emplace_back([&] {
                while (!done) {
                    int const least = floor;
                    stale += g(7) < least;
                }
            });
        for (int round = 1; round <= 20'000; ++round) {
            source = round;
            switch (round % 4) {
            case 0: static_cast<void>(g.evict(7)); break;
            case 1: static_cast<void>(g.clear()); break;
            case 2: static_cast<void>(g.inside()->evict_tag("numbers")); break;
            default: static_cast<void>(g.inside()->evict_pattern("number:*"));
            }
            floor = round;
        }
        done = true;
    }
    CHECK(stale == 0);
    CHECK(g.inside()->validate());
}

TEST_CASE("F20 fence: no call that starts after a set or a refresh gets an older value") {
    std::atomic<int> source = 0;
    std::atomic<int> floor = 0;
    std::atomic<bool> done = false;
    std::atomic<int> stale = 0;
    auto g = memo::cached([&](int) { return source.load(); });
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 2; ++i)
            readers.emplace_back([&] {
                while (!done) {
                    int const least = floor;
                    stale += g(7) < least;
                }
            });
        std::jthread const evictor{[&] {
            while (!done)
                static_cast<void>(g.evict(7));
        }};
        for (int round = 1; round <= 20'000; ++round) {
            source = round;
            if (round % 2 == 0)
                g.set(round, 7);
            else
                g.refresh(7);
            floor = round;
        }
        done = true;
    }
    CHECK(stale == 0);
    CHECK(g.inside()->validate());
}

TEST_CASE("F32 residence: a result that is held stays whole whatever other threads evict and set") {
    std::atomic<bool> done = false;
    std::atomic<int> wrong = 0;
    auto const make = [](int n) { return std::vector<int>(100, n); };
    auto by_value = memo::cached(make, memo::max_size(1));
    auto by_pointer = memo::cached(make, memo::max_size(1), memo::shared);
    {
        std::vector<std::jthread> readers;
        for (int i = 0; i < 2; ++i)
            readers.emplace_back([&] {
                for (int n = 0; !done; n = (n + 1) % 2) {
                    auto mine = by_value(n);
                    mine.assign(100, -1);
                    auto const held = by_pointer(n);
                    wrong += by_value(n) != make(n) || *held != make(n);
                }
            });
        for (int round = 0; round < 3'000; ++round) {
            static_cast<void>(by_value.evict(round % 2));
            by_value.set(make(round % 2), round % 2);
            static_cast<void>(by_pointer.clear());
            by_pointer.refresh(round % 2);
        }
        done = true;
    }
    CHECK(wrong == 0);
}

TEST_CASE("F28 residence: whatever threads do at once, counters and structure agree when they are done") {
    constexpr int calls_of_thread = 4'000;
    std::atomic<int> runs = 0;
    std::atomic<int> wrong = 0;
    auto g = memo::cached([&](int n) { return ++runs, std::to_string(n); }, memo::max_size(8), memo::tags<"group:{0}">);
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&, thread] {
                for (int i = 0; i < calls_of_thread; ++i) {
                    int const n = (i * 7 + thread) % 16;
                    wrong += g(n) != std::to_string(n);
                    if (i % 64 == 0)
                        static_cast<void>(g.evict(n));
                    if (i % 100 == 0)
                        g.set(std::to_string(n), n);
                }
            });
    }
    CHECK(wrong == 0);
    auto const seen = g.stats();
    CHECK(seen.hits + seen.misses == 4 * calls_of_thread);
    CHECK(seen.runs == static_cast<std::uint64_t>(runs));
    CHECK(seen.misses == seen.runs + seen.joins);
    CHECK(seen.stores + seen.skips == seen.runs + 4 * (calls_of_thread / 100));
    CHECK(seen.items == g.size());
    CHECK(seen.stores == seen.items + seen.evictions);
    CHECK(g.size() <= 8);
    CHECK(g.inside()->validate());
}

TEST_SUITE_END();

TEST_CASE("F18 residence: a renewal that a call takes over while a fence stands is not kept, whoever began it") {
    memo::manual_clock time;
    work_queue later;
    int runs = 0;
    auto g = over<telling_renewals, int(int)>([&](int) { return ++runs; }, memo::ttl(10s), memo::stale_while_revalidate(10s), memo::clock(time),
                                      memo::executor(later));
    CHECK(g(7) == 1);
    time.advance(15s);
    renewed = [&] {
        memo::detail::raised_fence const up{g.inside()->fence.own};
        time.advance(10s);  // the old one is gone, and the call leads
        CHECK(g(7) == 2);
        CHECK_FALSE(g.contains(7));
    };
    CHECK(g(7) == 1);
    CHECK(renewed == nullptr);
    CHECK_FALSE(g.contains(7));
    CHECK(g(7) == 3);
    CHECK(g(7) == 3);
}
