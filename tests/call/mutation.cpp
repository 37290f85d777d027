#include <memo/call/mutation.hpp>

#include "call/over.hpp"
#include "call/shortage.hpp"

#include <memo/base/event.hpp>
#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/testing/faulty.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using memo::event_kind;
using memo::testing::fault_plan;
using memo::testing::faulty;
using memo::testing::store_operation;

namespace {

std::string const city = "city whose name is too long to stand within a string object";

auto lengths(memo::manager& m) {
    return memo::cached([](std::string const& name) { return name.size(); }, memo::key<"length:{0}">, memo::tags<"lengths">,
                        memo::in(m));
}

}  // namespace

TEST_CASE("mutation: the call keeps its result, also a reference and none at all") {
    memo::manager m;
    auto g = lengths(m);
    int kept = 1;
    auto by_reference = memo::cache_evict([&](std::string const&) -> int& { return kept; }, memo::entry(g), memo::in(m));
    static_assert(std::same_as<decltype(by_reference(city)), int&>);
    CHECK(&by_reference(city) == &kept);
    auto moving = memo::cache_evict([](std::string const&) { return std::make_unique<int>(3); }, memo::entry(g), memo::in(m));
    CHECK(*moving(city) == 3);
    auto none = memo::cache_evict([&](std::string const&) { kept = 5; }, memo::all(g), memo::in(m));
    static_assert(std::same_as<decltype(none(city)), void>);
    none(city);
    CHECK(kept == 5);
}

TEST_CASE("mutation: it evicts after the call, or before it, and after it only if it returned") {
    auto const try_out = [](auto const& result) {
        memo::manager m;
        auto g = lengths(m);
        bool held = false;
        bool throws = false;
        auto const looking = [&](std::string const& name) {
            held = g.contains(name);
            if (throws)
                throw 42;
            return result();
        };
        auto later = memo::cache_evict(looking, memo::entry(g), memo::in(m));
        auto first = memo::cache_evict(looking, memo::before, memo::entry(g), memo::in(m));

        g(city);
        later(city);
        CHECK(held);
        CHECK_FALSE(g.contains(city));
        g(city);
        first(city);
        CHECK_FALSE(held);

        throws = true;
        g(city);
        CHECK_THROWS_AS(later(city), int);
        CHECK(g.contains(city));
        CHECK_THROWS_AS(first(city), int);
        CHECK_FALSE(g.contains(city));
        CHECK(m.stats().errors == 0);
    };
    try_out([] {});
    try_out([] { return 1; });
}

TEST_CASE("F23 mutation: a projection that throws is counted and told, and hides neither the result nor the other targets") {
    memo::manager m;
    std::vector<std::exception_ptr> told;
    m.on_event([&](memo::event const& happening) {
        if (happening.kind == event_kind::error)
            told.push_back(happening.error);
    });
    auto g = lengths(m);
    auto other = memo::cached([](int n) { return n; }, memo::in(m));
    auto change = memo::cache_evict([](std::string const&) { return 1; },
                                    memo::entry(other, [](std::string const&) -> int { throw 42; }), memo::entry(g), memo::in(m));
    other(1);
    g(city);
    CHECK(change(city) == 1);
    CHECK_FALSE(g.contains(city));
    CHECK(other.contains(1));
    REQUIRE(told.size() == 1);
    CHECK_THROWS_AS(std::rethrow_exception(told.front()), int);
    CHECK(m.stats().errors == 1);
}

TEST_CASE("F23 mutation: a store that cannot evict or be filled is counted, the call returns") {
    fault_plan plan;
    memo::manager m;
    auto g = over<faulty, int(int)>([](int n) { return n; }, memo::in(m));
    auto change = memo::cache_evict([](int n) { return n + 1; }, memo::entry(g), memo::in(m));
    auto fill = memo::cache_put([](int n) { return n + 2; }, memo::entry(g), memo::in(m));
    plan.fail_all();
    CHECK(change(7) == 8);
    CHECK(m.stats().errors == 1);
    CHECK(fill(7) == 9);
    CHECK(m.stats().errors == 3);  // the result could not be stored, nor what it outdates be erased
    plan.heal();
    CHECK(fill(7) == 9);
    CHECK(g(7) == 9);
    CHECK(change(7) == 8);
    CHECK_FALSE(g.contains(7));
}

TEST_CASE("F23 mutation: whichever allocation fails, the result arrives, and what was not evicted is an error that was counted") {
    auto const change = [](std::string const&) { return 1; };
    for (std::size_t nth = 1;; ++nth) {
        CAPTURE(nth);
        memo::manager m;
        auto g = lengths(m);
        auto by_entry = memo::cache_evict(change, memo::entry(g), memo::in(m));
        auto by_text = memo::cache_evict(change, memo::key<"length:{0}">, memo::pattern<"length:{0}">, memo::in(m));
        auto by_tag = memo::cache_evict(change, memo::tags<"lengths">, memo::all(g), memo::in(m));
        bool struck = false;
        for (auto const& evict : std::vector<std::function<int()>>{[&] { return by_entry(city); }, [&] { return by_text(city); },
                                                                   [&] { return by_tag(city); }}) {
            g(city);
            auto const before = m.stats().errors;
            int result = 0;
            {
                shortage const scarce{nth};
                result = evict();
                struck = struck || scarce.struck();
            }
            CHECK(result == 1);
            CHECK((!g.contains(city) || m.stats().errors > before));
            CHECK(g.inside()->validate());
        }
        auto fill = memo::cache_put([](std::string const&) { return std::size_t{5}; }, memo::entry(g), memo::in(m));
        std::size_t put = 0;
        {
            shortage const scarce{nth};
            put = fill(city);
            struck = struck || scarce.struck();
        }
        CHECK(put == 5);
        CHECK(g.inside()->validate());
        if (!struck)
            break;
    }
}

TEST_CASE("F25 mutation: no lock is held while the call, its projections and listeners run") {
    memo::manager m;
    auto g = lengths(m);
    bool inside = false;
    auto const all_verbs = [&] {
        if (std::exchange(inside, true))
            return;
        g(city);
        g.set(1, city);
        static_cast<void>(g.evict(city));
        static_cast<void>(m.evict_tag("lengths"));
        static_cast<void>(m.stats());
        inside = false;
    };
    m.on_event([&](memo::event const&) { all_verbs(); });
    auto const same = [&](std::string const& name) { return all_verbs(), name; };
    auto const length = [&](std::string const& name) { return all_verbs(), name.size(); };
    auto change = memo::cache_evict(length, memo::entry(g, same), memo::tags<"lengths">, memo::in(m));
    auto fill = memo::cache_put(length, memo::entry(g, same), memo::in(m));
    g(city);
    CHECK(change(city) == city.size());
    CHECK(fill(city) == city.size());
    CHECK(g(city) == city.size());
    CHECK(g.inside()->validate());
}

TEST_CASE("mutation: copies share what they wrap") {
    memo::manager m;
    auto g = lengths(m);
    struct counter {
        int calls = 0;
        int operator()(std::string const&) { return ++calls; }
    };
    auto first = memo::cache_evict(counter{}, memo::entry(g), memo::in(m));
    auto second = first;
    CHECK(first(city) == 1);
    CHECK(second(city) == 2);
    static_assert(!std::invocable<decltype(first) const&, std::string const&>);
}

TEST_CASE("mutation: after its manager has ended an eviction by strings is an error, and the call returns") {
    auto m = std::make_unique<memo::manager>();
    auto change = memo::cache_evict([](std::string const&) { return 1; }, memo::key<"length:{0}">, memo::in(*m));
    auto const inside = m->inside();
    m.reset();
    CHECK(change(city) == 1);
    CHECK(inside->statistics().errors == 1);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("fence: who reads after a writer's call returned never gets what was read before it") {
    std::atomic<int> source = 0;
    std::atomic<int> floor = 0;
    std::atomic<bool> done = false;
    std::atomic<int> stale = 0;
    auto g = memo::cached([&](int) { return source.load(); });
    auto write = memo::cache_evict([&](int, int value) { source = value; }, memo::entry(g, memo::by<0>));
    auto write_through = memo::cache_put([&](int, int value) { return source = value, value; }, memo::entry(g, memo::by<0>));
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
            if (round % 3 == 0)
                CHECK(write_through(7, round) == round);
            else
                write(7, round);
            floor = round;
        }
        done = true;
    }
    CHECK(stale == 0);
    CHECK(g.inside()->validate());
}

TEST_SUITE_END();
