#include <memo/base/epoch.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

using memo::detail::grace;
using memo::detail::pin;
using memo::detail::this_reader;

TEST_CASE("epoch: a grace is over at once when nobody reads, and not while somebody does who began before") {
    CHECK(grace::over(grace::begin()));
    std::uint64_t since = 0;
    {
        pin const reading;
        since = grace::begin();
        CHECK_FALSE(grace::over(since));
    }
    CHECK(grace::over(since));
}

TEST_CASE("epoch: a reader that comes after it began holds up no grace") {
    auto const since = grace::begin();
    pin const reading;
    CHECK(grace::over(since));
}

TEST_CASE("epoch: a grace that was announced is over once one has begun since, and whoever read before is gone") {
    auto const begun = grace::begin();
    auto since = grace::announce();
    CHECK(since > begun);
    CHECK_FALSE(grace::begun(since));
    CHECK_FALSE(grace::over(since));
    CHECK(grace::begin() >= since);
    CHECK(grace::begun(since));
    CHECK(grace::over(since));
    {
        pin const reading;
        since = grace::announce();
        CHECK(grace::begin() >= since);
        CHECK_FALSE(grace::over(since));
    }
    CHECK(grace::over(since));
}

TEST_CASE("epoch: only the end of the outermost pin ends the reading") {
    pin const outer;
    auto const since = grace::begin();
    { pin const inner; }
    CHECK_FALSE(grace::over(since));
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("epoch: living threads have numbers of their own, and the numbers of dead ones come back") {
    constexpr int threads = 80;
    std::set<std::uint32_t> numbers;
    for (int round = 0; round != 3; ++round) {
        std::vector<std::uint32_t> seen(threads);
        std::atomic<int> arrived{0};
        std::vector<std::thread> all;
        for (int thread = 0; thread != threads; ++thread)
            all.emplace_back([&, thread] {
                seen[static_cast<std::size_t>(thread)] = this_reader()->number;
                ++arrived;
                arrived.notify_all();
                for (int here = arrived; here != threads; here = arrived) arrived.wait(here);
            });
        for (auto& one : all) one.join();
        CHECK(std::set(seen.begin(), seen.end()).size() == threads);
        numbers.insert(seen.begin(), seen.end());
    }
    CHECK(numbers.size() <= threads + 1);
}

TEST_CASE("epoch: what readers can still reach is whole, and what they cannot is freed") {
    struct thing {
        std::atomic<int> whole{1};
    };
    std::atomic<thing*> shown{new thing};
    std::atomic<bool> done{false};
    std::atomic<int> broken{0};
    std::vector<std::thread> readers;
    for (int reader = 0; reader != 2; ++reader)
        readers.emplace_back([&] {
            while (!done) {
                pin const reading;
                if (shown.load(std::memory_order_acquire)->whole.load(std::memory_order_relaxed) != 1) ++broken;
            }
        });
    std::thread other{[&] {
        while (!done) grace::begin();
    }};
    for (int round = 0; round != 2'000; ++round) {
        auto* const old = shown.exchange(new thing);
        auto const since = round % 2 == 0 ? grace::begin() : grace::announce();
        while (!grace::over(since)) std::this_thread::yield();
        old->whole = 0;
        delete old;
    }
    done = true;
    for (auto& one : readers) one.join();
    other.join();
    CHECK(broken == 0);
    delete shown.load();
}

TEST_SUITE_END();
