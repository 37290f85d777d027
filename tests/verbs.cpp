#include <memo/base/cache_key.hpp>
#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/policy/lru.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <future>
#include <iterator>
#include <list>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

template <class Printed>
std::string text_of(Printed const& what) {
    std::ostringstream out;
    out << what;
    return out.str();
}

/// A range that can be gone through once.
struct words {
    std::istringstream in;
    std::istream_iterator<std::string> begin() { return std::istream_iterator<std::string>{in}; }
    std::istream_iterator<std::string> end() { return {}; }
};

}  // namespace

TEST_CASE("verbs: peek and contains find what is stored, never run, and move neither order nor counters") {
    int runs = 0;
    auto g = memo::cached([&runs](int n) { return ++runs, n; }, memo::max_size(2), memo::policy(memo::lru));
    static_assert(std::same_as<decltype(g.peek(1)), std::optional<int>>);
    CHECK(g.peek(1) == std::nullopt);
    CHECK(!g.contains(1));
    CHECK(runs == 0);
    g(1);
    g(2);
    auto const before = g.stats();
    CHECK(g.peek(1) == 1);
    CHECK(g.contains(1));
    CHECK(g.stats().hits == before.hits);
    CHECK(g.stats().misses == before.misses);
    g(3);
    CHECK(!g.contains(1));
    CHECK(g.contains(2));
}

TEST_CASE("verbs: set stores a result for these arguments and replaces what was there") {
    int runs = 0;
    auto g = memo::cached([&runs](std::string const& text, int n) { return ++runs, text + std::to_string(n); });
    g.set("mine", "a", 1);
    CHECK(g("a", 1) == "mine");
    g.set("other", "a", 1);
    CHECK(g("a", 1) == "other");
    CHECK(g("a", 2) == "a2");
    CHECK(runs == 1);
    CHECK(g.stats().stores == 3);
    CHECK(g.stats().evictions == 1);
}

TEST_CASE("verbs: refresh runs now, stores, and returns the new result") {
    int runs = 0;
    auto g = memo::cached([&runs](int) { return ++runs; });
    CHECK(g(1) == 1);
    CHECK(g.refresh(1) == 2);
    CHECK(g(1) == 2);
    CHECK(g.refresh(2) == 3);
    CHECK(g.peek(2) == 3);
    CHECK(g.stats().refreshes == 2);
}

TEST_CASE("verbs: uncached runs and touches nothing") {
    int runs = 0;
    int heard = 0;
    auto g = memo::cached([&runs](int) { return ++runs; }, memo::on_event([&heard](memo::event const&) { ++heard; }));
    CHECK(g.uncached(1) == 1);
    CHECK(g.uncached(1) == 2);
    CHECK(g.size() == 0);
    CHECK(g.stats().runs == 0);
    CHECK(g.stats().misses == 0);
    CHECK(heard == 0);
}

TEST_CASE("verbs: evict forgets one entry and says how many went") {
    auto g = memo::cached([](int n) { return n; });
    g(1);
    g(2);
    static_assert(std::same_as<decltype(g.evict(1)), memo::evicted>);
    auto const gone = g.evict(1);
    CHECK(gone.confirmed());
    CHECK(!gone.indeterminate());
    CHECK(!gone.failed());
    CHECK(gone.count() == 1);
    CHECK(g.evict(1).confirmed());
    CHECK(g.evict(1).count() == 0);
    CHECK(g.contains(2));
    CHECK(g.stats().evictions == 1);
}

TEST_CASE("verbs: clear forgets everything this wrapper stored, and nobody else's") {
    auto f = [](int n) { return n; };
    auto one = memo::cached(f, memo::key<"n:{0}">);
    auto other = memo::cached(f, memo::key<"n:{0}">);
    for (int n = 0; n != 5; ++n)
        one(n), other(n);
    CHECK(one.clear().count() == 5);
    CHECK(one.size() == 0);
    CHECK(other.size() == 5);
}

TEST_CASE("verbs: touch restarts the lifetime and says whether there was a fresh entry") {
    memo::manual_clock time;
    auto g = memo::cached([](int n) { return n; }, memo::ttl(10s), memo::clock(time));
    CHECK(!g.touch(10s, 1));
    g(1);
    time.advance(9s);
    CHECK(g.touch(5s, 1));
    CHECK(g.ttl(1) == 5s);
    time.advance(5s - 1ns);
    CHECK(g.contains(1));
    time.advance(1ns);
    CHECK(!g.contains(1));
    CHECK(!g.touch(5s, 1));
    g(1);
    CHECK(g.touch(memo::forever, 1));
    time.advance(std::chrono::hours{1'000'000});
    CHECK(g.contains(1));
}

TEST_CASE("verbs: ttl says what remains, duration::max() for what lives forever, and nothing for what is not there") {
    memo::manual_clock time;
    auto g = memo::cached([](int n) { return n; }, memo::ttl(10s), memo::clock(time));
    CHECK(g.ttl(1) == std::nullopt);
    g(1);
    CHECK(g.ttl(1) == 10s);
    time.advance(4s);
    CHECK(g.ttl(1) == 6s);
    time.advance(6s);
    CHECK(g.ttl(1) == std::nullopt);
    auto immortal = memo::cached([](int n) { return n; });
    immortal(1);
    CHECK(immortal.ttl(1) == memo::duration::max());
}

TEST_CASE("verbs: size counts what is held, peek, contains and ttl see what is fresh") {
    memo::manual_clock time;
    auto g = memo::cached([](int n) { return n; }, memo::ttl(10s), memo::clock(time));
    g(1);
    time.advance(10s - 1ns);
    CHECK(g.contains(1));
    time.advance(1ns);
    CHECK(g.size() == 1);
    CHECK(!g.contains(1));
    CHECK(g.peek(1) == std::nullopt);
    CHECK(g.size() == 1);
    g(1);
    CHECK(g.stats().expirations == 1);
}

TEST_CASE("verbs: the key of a call is printable, equal for equal calls and differs between calls") {
    auto g = memo::cached([](std::string const& a, std::string const& b) { return a + b; }, memo::name("joined"),
                          memo::version(3));
    static_assert(std::same_as<decltype(g.key("", "")), memo::cache_key>);
    CHECK(g.key("a", "b:c") != g.key("a:b", "c"));
    CHECK(g.key("a", "b") == g.key(std::string{"a"}, std::string_view{"b"}));
    CHECK(text_of(g.key("a", "b")).starts_with("joined:3:"));
    auto readable = memo::cached([](int id) { return id; }, memo::key<"user:{0}">);
    CHECK(text_of(readable.key(42)) == "user:42");
}

TEST_CASE("verbs: warm runs for every argument tuple that is not stored and tells its progress") {
    int runs = 0;
    auto sum = memo::cached([&runs](int a, int b) { return ++runs, a + b; });
    sum(1, 2);
    std::vector<std::pair<std::size_t, std::size_t>> told;
    std::vector<std::tuple<int, int>> const calls{{1, 2}, {3, 4}, {5, 6}};
    sum.warm(calls, [&](std::size_t done, std::size_t total) { told.emplace_back(done, total); });
    CHECK(told == std::vector<std::pair<std::size_t, std::size_t>>{{1, 3}, {2, 3}, {3, 3}});
    CHECK(runs == 3);
    CHECK(sum.peek(5, 6) == 11);

    auto square = memo::cached([&runs](int n) { return ++runs, n * n; });
    square.warm(std::list<int>{1, 2, 3});
    square.warm(std::vector<std::tuple<int>>{{3}, {4}});
    CHECK(square.size() == 4);
    CHECK(square.stats().hits == 0);
    auto length = memo::cached([](std::string const& text) { return text.size(); });
    length.warm(std::vector<char const*>{"a", "bb"}, [](auto, auto) {});
    length.warm(words{std::istringstream{"one two two"}}, [&](std::size_t, std::size_t total) { CHECK(total == 3); });
    CHECK(length.size() == 4);
    auto nothing = memo::cached([] { return 1; });
    nothing.warm(std::vector<std::tuple<>>(1));
    CHECK(nothing.contains());
}

TEST_CASE("verbs: explain prints key, tier, age, remaining ttl, tags and run cost, or why it is a miss") {
    memo::manual_clock time;
    auto g = memo::cached([](int n) { return n; }, memo::key<"n:{0}">, memo::ttl(10s), memo::tags<"all", "t:{0}">,
                          memo::clock(time), memo::only_if([](int n) { return n != 0; }));
    auto const miss = g.explain(1);
    CHECK(!miss.hit);
    CHECK(text_of(miss).find("n:1") != std::string::npos);
    CHECK(!miss.why.empty());
    CHECK(text_of(miss).find(miss.why) != std::string::npos);
    g(1);
    time.advance(4s);
    auto const told = g.explain(1);
    CHECK(told.hit);
    CHECK(told.key == "n:1");
    CHECK(told.tier == "memory");
    CHECK(told.age == 4s);
    CHECK(told.remaining == 6s);
    CHECK(told.tags == std::vector<std::string>{"all", "t:1"});
    CHECK(text_of(told).find("memory") != std::string::npos);
    CHECK(g.explain(0).why != g.explain(2).why);
}

TEST_SUITE("concurrent") {
    TEST_CASE("verbs: equal calls in flight share one run, and each that waits is a join") {
        std::promise<void> begun;
        std::promise<void> go;
        std::promise<void> joined;
        int runs = 0;
        auto g = memo::cached(
            [&](int n) {
                ++runs;
                begun.set_value();
                go.get_future().wait();
                return n;
            },
            memo::on_event([&](memo::event const& e) {
                if (e.kind == memo::event_kind::join)
                    joined.set_value();
            }));
        auto leader = std::async(std::launch::async, [&] { return g(1); });
        begun.get_future().wait();
        auto waiter = std::async(std::launch::async, [&] { return g(1); });
        joined.get_future().wait();
        go.set_value();
        CHECK(leader.get() == 1);
        CHECK(waiter.get() == 1);
        CHECK(runs == 1);
        CHECK(g.stats().joins == 1);
        CHECK(g.stats().hits == 0);
        CHECK(g.stats().misses == 2);
        CHECK(g.stats().stores == 1);
    }

    TEST_CASE("verbs: a mutable callable is run by several threads at once for different arguments") {
        std::promise<void> other_runs;
        auto g = memo::cached([&other_runs, runs = std::make_shared<std::atomic<int>>(0)](int n) mutable {
            ++*runs;
            if (n == 1)
                other_runs.get_future().wait();
            else
                other_runs.set_value();
            return n;
        });
        auto one = std::async(std::launch::async, [&] { return g(1); });
        auto other = std::async(std::launch::async, [&] { return g(2); });
        CHECK(one.get() == 1);
        CHECK(other.get() == 2);
        CHECK(g.stats().joins == 0);
    }

    TEST_CASE("verbs: a call that waits gets the exception of the run that it joined") {
        std::promise<void> begun;
        std::promise<void> joined;
        std::atomic<int> runs = 0;
        auto g = memo::cached(
            [&](int n) {
                if (++runs == 1) {
                    begun.set_value();
                    joined.get_future().wait();
                    throw std::string{"first"};
                }
                return n;
            },
            memo::on_event([&](memo::event const& e) {
                if (e.kind == memo::event_kind::join)
                    joined.set_value();
            }));
        auto leader = std::async(std::launch::async, [&] { return g(1); });
        begun.get_future().wait();
        CHECK_THROWS_AS(g(1), std::string);
        CHECK_THROWS_AS(leader.get(), std::string);
        CHECK(runs == 1);
        CHECK(g(1) == 1);
    }

    TEST_CASE("verbs: a call that starts after an evict never joins a run that began before it") {
        std::promise<void> begun;
        std::promise<void> go;
        std::atomic<int> runs = 0;
        auto g = memo::cached([&](int) {
            auto const run = ++runs;
            if (run == 1) {
                begun.set_value();
                go.get_future().wait();
            }
            return run;
        });
        auto early = std::async(std::launch::async, [&] { return g(1); });
        begun.get_future().wait();
        CHECK(g.evict(1).confirmed());
        CHECK(g(1) == 2);
        go.set_value();
        CHECK(early.get() == 1);
        CHECK(g(1) == 2);
        CHECK(g.stats().skips == 1);
    }

    TEST_CASE("verbs: a result in flight is not stored once its entry, tag, pattern, key or everything was evicted") {
        std::promise<void>* begun = nullptr;
        std::promise<void>* go = nullptr;
        memo::manager space;
        auto g = memo::cached(
            [&](int n) {
                begun->set_value();
                go->get_future().wait();
                return n;
            },
            memo::key<"k:{0}">, memo::tags<"t:{0}">, memo::in(space));
        auto const stored_after = [&](auto const& evict) {
            std::promise<void> now;
            std::promise<void> then;
            begun = &now;
            go = &then;
            auto run = std::async(std::launch::async, [&] { return g(1); });
            now.get_future().wait();
            evict();
            then.set_value();
            CHECK(run.get() == 1);
            return g.contains(1);
        };
        CHECK(!stored_after([&] { CHECK(g.evict(1).confirmed()); }));
        CHECK(!stored_after([&] { CHECK(g.clear().confirmed()); }));
        CHECK(!stored_after([&] { CHECK(space.evict_key("k:1").confirmed()); }));
        CHECK(!stored_after([&] { CHECK(space.evict_tag("t:1").confirmed()); }));
        CHECK(!stored_after([&] { CHECK(space.evict_pattern("k:*").confirmed()); }));
        CHECK(!stored_after([&] { CHECK(space.clear().confirmed()); }));
        CHECK(stored_after([&] { space.evict_pattern("k:2*"), space.evict_tag("t:2"), g.evict(2); }));
        CHECK(g.stats().skips == 6);
    }

    TEST_CASE("verbs: set, refresh and cache_put win over runs that began before them") {
        for (auto const by : {0, 1, 2}) {
            std::promise<void> begun;
            std::promise<void> go;
            std::atomic<int> runs = 0;
            auto g = memo::cached([&](int) {
                auto const run = ++runs;
                if (run == 1) {
                    begun.set_value();
                    go.get_future().wait();
                }
                return run;
            });
            auto early = std::async(std::launch::async, [&] { return g(1); });
            begun.get_future().wait();
            if (by == 0)
                g.set(2, 1);
            else if (by == 1)
                CHECK(g.refresh(1) == 2);
            else
                memo::cache_put([](int) { return 2; }, memo::entry(g))(1);
            go.set_value();
            CHECK(early.get() == 1);
            CHECK(g(1) == 2);
        }
    }
}
