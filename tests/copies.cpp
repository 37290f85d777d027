#include <memo/base/event.hpp>
#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/policy/fifo.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/disable.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr int often = 400;  // beyond it no order has anything more to learn from a read

/// A function of a number whose results are the numbers of its runs.
struct counted {
    memo::manager m;
    memo::manual_clock time;
    int runs = 0;

    template <class... Options>
    auto wrapper(Options... options) {
        return memo::cached([this](std::int64_t) { return ++runs; }, memo::tags<"numbers">, memo::clock(time), memo::in(m),
                            std::move(options)...);
    }
};

template <class Wrapper>
void learn(Wrapper& g, std::int64_t number) {
    auto const known = g(number);
    for (int call = 0; call != often; ++call)
        REQUIRE(g(number) == known);
}

}  // namespace

TEST_CASE("copies: what was read very often is given no more once it was evicted, whatever evicted it") {
    counted at;
    auto g = at.wrapper();
    auto const nothing = [](std::int64_t) {};
    auto drop_entry = memo::cache_evict(nothing, memo::entry(g), memo::in(at.m));
    auto drop_all = memo::cache_evict(nothing, memo::all(g), memo::in(at.m));
    auto drop_tag = memo::cache_evict(nothing, memo::tags<"numbers">, memo::in(at.m));
    std::vector<std::pair<std::string, std::function<void()>>> const ways{
        {"evict", [&] { CHECK(g.evict(7).confirmed()); }},
        {"clear", [&] { CHECK(g.clear().confirmed()); }},
        {"the manager's tag", [&] { CHECK(at.m.evict_tag("numbers").confirmed()); }},
        {"the manager's clear", [&] { CHECK(at.m.clear().confirmed()); }},
        {"cache_evict of an entry", [&] { drop_entry(7); }},
        {"cache_evict of all", [&] { drop_all(7); }},
        {"cache_evict of a tag", [&] { drop_tag(7); }},
        {"a touch that ends it", [&] { CHECK(g.touch(0s, 7)); }},
    };
    for (auto const& way : ways) {
        CAPTURE(way.first);
        learn(g, 7);
        auto const before = at.runs;
        way.second();
        CHECK(g(7) == before + 1);
        CHECK(at.runs == before + 1);
        CHECK(g.inside()->validate());
    }
}

TEST_CASE("copies: a result that was replaced is given no more, and the new one is at once") {
    counted at;
    auto g = at.wrapper();
    learn(g, 7);
    g.set(50, 7);
    CHECK(g(7) == 50);
    learn(g, 7);
    at.runs = 60;
    CHECK(g.refresh(7) == 61);
    CHECK(g(7) == 61);
}

TEST_CASE("copies: a lifetime that is set later ends a result that was read very often") {
    counted at;
    auto g = at.wrapper();
    learn(g, 7);
    CHECK(g.touch(10s, 7));
    learn(g, 7);
    CHECK(at.runs == 1);
    at.time.advance(10s);
    CHECK(g(7) == 2);
}

TEST_CASE("copies: an entry that left for want of room is given no more") {
    counted at;
    auto g = at.wrapper(memo::max_size(4), memo::policy(memo::fifo));
    for (std::int64_t number = 0; number != 4; ++number)
        learn(g, number);
    CHECK(g(4) == 5);
    CHECK(g(0) == 6);
    CHECK(g(3) == 4);
}

TEST_CASE("copies: every hit is counted, and who listens from then on hears each") {
    counted at;
    auto g = at.wrapper();
    learn(g, 7);
    CHECK(g.stats().hits == often);
    CHECK(g.stats().misses == 1);
    int heard = 0;
    at.m.on_event([&](memo::event const& happening) { heard += happening.kind == memo::event_kind::hit ? 1 : 0; });
    for (int call = 0; call != 10; ++call)
        CHECK(g(7) == 1);
    CHECK(heard == 10);
    CHECK(g.stats().hits == often + 10);
}

TEST_CASE("copies: what is near a store of bytes is given no more once it was evicted") {
    int runs = 0;
    memo::manager m;
    m.add("main", memo::memory_bytes_store{}, memo::near_settings{.max_size = 10});
    auto const f = [&](std::int64_t number) { return ++runs, 2 * number; };
    auto near = memo::cached(f, memo::name("near"), memo::store(memo::memory_bytes_store{}), memo::near(memo::max_size(10)), memo::in(m));
    auto by_name = memo::cached(f, memo::name("by_name"), memo::store("main"), memo::in(m));
    auto const check = [&](auto& g) {
        learn(g, 7);
        CHECK(g.evict(7).confirmed());
        auto const before = runs;
        CHECK(g(7) == 14);
        CHECK(runs == before + 1);
    };
    check(near);
    check(by_name);
}

TEST_CASE("copies: calls just run while the cache is disabled") {
    counted at;
    auto g = at.wrapper();
    learn(g, 7);
    {
        memo::testing::disable const off;
        CHECK(g(7) == 2);
        CHECK(g(7) == 3);
    }
    CHECK(g(7) == 1);
}

TEST_CASE("copies: numbers that differ in type or sign only are told apart") {
    int runs = 0;
    auto g = memo::cached([&](std::int32_t, std::int16_t) { return ++runs; });
    std::vector<std::pair<std::int32_t, std::int16_t>> const pairs{{0, 0}, {0, 1}, {1, 0}, {0, -1}, {-1, 0}, {256, 0}, {0, 256}, {-1, -1}};
    std::vector<int> first;
    first.reserve(pairs.size());
    for (auto const& [one, other] : pairs)
        first.push_back(g(one, other));
    for (int call = 0; call != often; ++call)
        for (std::size_t at = 0; at != pairs.size(); ++at)
            REQUIRE(g(pairs[at].first, pairs[at].second) == first[at]);
    CHECK(runs == static_cast<int>(pairs.size()));
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("copies: nobody is given what was evicted before the call began") {
    std::atomic<std::int64_t> truth{0};
    auto g = memo::cached([&](std::int64_t) { return truth.load(); });
    std::atomic<std::int64_t> settled{0};
    std::atomic<bool> done{false};
    std::atomic<int> stale{0};
    std::vector<std::thread> readers;
    for (int thread = 0; thread != 2; ++thread)
        readers.emplace_back([&] {
            while (!done.load()) {
                auto const least = settled.load();
                for (std::int64_t number = 0; number != 4; ++number)
                    stale += g(number) < least ? 1 : 0;
            }
        });
    for (std::int64_t round = 1; round != 400; ++round) {
        truth.store(round);
        for (std::int64_t number = 0; number != 4; ++number)
            g.evict(number);
        settled.store(round);
        for (int call = 0; call != often; ++call)
            stale += g(call % 4) < round ? 1 : 0;
    }
    done.store(true);
    for (auto& reader : readers)
        reader.join();
    CHECK(stale == 0);
}

TEST_SUITE_END();
