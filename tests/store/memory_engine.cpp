#include "store/crowd.hpp"
#include "store/sample.hpp"

#include <memo/base/event.hpp>
#include <memo/base/stats.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>
#include <memo/store/memory_engine.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::evict_cause;
using memo::detail::lease;
using memo::detail::memory_limits;
using memo::detail::memory_store;
using memo::detail::store_outcome;
using sample::key;
using sample::lease_for;
using sample::living;
using sample::many;
using sample::tagged;
using sample::weighing;

namespace {

using numbers = memory_store<std::int64_t, memo::lru_order>;
using texts = memory_store<sample::text_ptr, memo::lru_order>;

constexpr auto now = 1000ns;

struct eviction {
    char const* name;
    std::function<void(numbers&)> run;
    bool reaches;
};

/// Evictions, and whether they mean the key 1 with the tag "a".
std::vector<eviction> evictions() {
    return {
        {"erase", [](numbers& store) { store.erase(key{1}); }, true},
        {"erase of another", [](numbers& store) { store.erase(key{2}); }, false},
        {"erase of another at the same place",
         [](numbers& store) {
             store.erase(key{2, key{1}.place});
         },
         false},
        {"erase_text", [](numbers& store) { store.erase_text(key{1}.place, "k:1"); }, true},
        {"erase_text of another", [](numbers& store) { store.erase_text(key{1}.place, "k:2"); }, false},
        {"erase_tag", [](numbers& store) { store.erase_tag("a"); }, true},
        {"erase_tag of another", [](numbers& store) { store.erase_tag("b"); }, false},
        {"erase_if",
         [](numbers& store) { store.erase_if(evict_cause::pattern, [](auto const& of) { return of.text == "k:1"; }); },
         true},
        {"erase_if of others",
         [](numbers& store) { store.erase_if(evict_cause::pattern, [](auto const& of) { return of.text != "k:1"; }); },
         false},
        {"set", [](numbers& store) { store.set(key{1}, 7, {}, 0); }, true},
        {"set of another", [](numbers& store) { store.set(key{2}, 7, {}, 0); }, false},
        {"set of what is too heavy", [](numbers& store) { store.set(key{1}, 7, weighing(101), 0); }, true},
        {"get", [](numbers& store) { store.get(key{1}, now); }, false},
        {"touch", [](numbers& store) { store.touch(key{1}, 5ns, now); }, false},
        {"touch that ends it", [](numbers& store) { store.touch(key{1}, 0ns, now); }, false},
        {"sweep", [](numbers& store) { store.sweep(now); }, false},
    };
}

constexpr memory_limits room_for_weight{many, 100, true, 60s};

}  // namespace

TEST_CASE("memory_engine: a lease is revoked by what evicts or replaces its entry, and by nothing else") {
    for (bool const held : {false, true})
        for (auto const& one : evictions()) {
            CAPTURE(one.name);
            CAPTURE(held);
            numbers store{room_for_weight};
            if (held) store.set(key{1}, 3, tagged({"a"}), 0);
            auto const mine = lease_for(key{1}, {"a"});
            store.open(mine, true);
            one.run(store);
            CHECK(mine->standing() == !one.reaches);
            auto const before = store.peek(key{1}, now);
            CHECK(store.commit(*mine, 9, tagged({"a"}), 0) ==
                  (one.reaches ? store_outcome::fenced : store_outcome::stored));
            CHECK(store.peek(key{1}, now) == (one.reaches ? before : std::optional<std::int64_t>{9}));
            CHECK_FALSE(mine->standing());
            CHECK(store.validate());
        }
}

TEST_CASE("memory_engine: a call after an evict never joins a run that began before it") {
    for (auto const& one : evictions()) {
        if (!one.reaches) continue;
        CAPTURE(one.name);
        numbers store{room_for_weight};
        auto const earlier = lease_for(key{1}, {"a"});
        store.open(earlier, true);
        one.run(store);
        auto const later = store.begin(lease_for(key{1}, {"a"}), now, true);
        CHECK(later.joined == nullptr);
    }
}

TEST_CASE("memory_engine: equal runs are joined when both share, and others are not") {
    numbers store{sample::unbounded};
    auto const leader = lease_for(key{1});
    CHECK(store.begin(leader, now, true).joined == nullptr);
    CHECK(store.begin(lease_for(key{1}), now, true).joined == leader);
    CHECK(store.begin(lease_for(key{1}), now, false).joined == nullptr);
    CHECK(store.begin(lease_for(key{2}), now, true).joined == nullptr);
    CHECK(store.begin(lease_for(key{3, leader->place}), now, true).joined == nullptr);
    store.abandon(*leader);
    CHECK(store.begin(lease_for(key{1}), now, true).joined == nullptr);
    store.begin(lease_for(key{4}), now, false);
    CHECK(store.begin(lease_for(key{4}), now, true).joined == nullptr);
}

TEST_CASE("memory_engine: a run that began later is never overwritten by one that began earlier") {
    numbers store{sample::unbounded};
    auto const first = lease_for(key{1});
    auto const second = lease_for(key{1});
    auto const third = lease_for(key{1});
    for (auto const& one : {first, second, third}) store.open(one, true);
    CHECK(store.commit(*second, 2, {}, 0) == store_outcome::stored);
    CHECK_FALSE(first->standing());
    CHECK(third->standing());
    CHECK(store.commit(*first, 1, {}, 0) == store_outcome::fenced);
    CHECK(store.peek(key{1}, now) == 2);
    CHECK(store.commit(*third, 3, {}, 0) == store_outcome::stored);
    CHECK(store.peek(key{1}, now) == 3);
}

TEST_CASE("memory_engine: of two runs that both began when nothing was stored, one entry is left") {
    numbers store{sample::unbounded};
    auto const first = lease_for(key{1});
    auto const second = lease_for(key{1});
    for (auto const& one : {first, second}) CHECK_FALSE(store.begin(one, now, false).hit);
    CHECK(store.commit(*first, 1, {}, 0) == store_outcome::stored);
    CHECK(store.validate());
    CHECK(store.commit(*second, 2, {}, 0) == store_outcome::stored);
    CHECK(store.validate());
    CHECK(store.size() == 1);
    CHECK(store.peek(key{1}, now) == 2);
}

TEST_CASE("memory_engine: set wins over the runs that began before it, not over those that begin later") {
    numbers store{sample::unbounded};
    auto const before = lease_for(key{1});
    store.open(before, true);
    CHECK(store.set(key{1}, 5, {}, 0) == store_outcome::stored);
    auto const after = lease_for(key{1});
    store.open(after, true);
    CHECK(store.commit(*before, 4, {}, 0) == store_outcome::fenced);
    CHECK(store.commit(*after, 6, {}, 0) == store_outcome::stored);
    CHECK(store.peek(key{1}, now) == 6);
}

TEST_CASE("memory_engine: what is too heavy is not stored, takes away what was there, and still fences earlier runs") {
    numbers store{room_for_weight};
    store.set(key{1}, 1, weighing(10), 0);
    store.set(key{2}, 2, weighing(10), 0);
    auto const earlier = lease_for(key{1});
    auto const later = lease_for(key{1});
    store.open(earlier, true);
    store.open(later, true);
    CHECK(store.commit(*later, 9, weighing(101), 0) == store_outcome::too_heavy);
    CHECK(store.peek(key{1}, now) == std::nullopt);
    CHECK(store.peek(key{2}, now) == 2);
    CHECK(store.commit(*earlier, 8, weighing(1), 0) == store_outcome::fenced);
    CHECK(store.set(key{1}, 9, weighing(100), 0) == store_outcome::stored);
    CHECK(store.peek(key{2}, now) == std::nullopt);
    CHECK(store.validate());
}

TEST_CASE("memory_engine: an entry that grows makes others leave, one that shrinks makes room") {
    numbers store{room_for_weight};
    for (std::uint64_t number = 0; number != 4; ++number) store.set(key{number}, 1, weighing(25), 0);
    store.set(key{3}, 2, weighing(50), 0);
    CHECK(store.size() == 3);
    CHECK_FALSE(store.peek(key{0}, now));
    store.set(key{3}, 3, weighing(1), 0);
    store.set(key{4}, 4, weighing(49), 0);
    CHECK(store.size() == 4);
    CHECK(store.validate());
}

TEST_CASE("memory_engine: an entry whose age is over counts as expired, also when a new result takes its place") {
    for (bool const commits : {false, true}) {
        sample::witness watcher;
        numbers store{sample::unbounded, &watcher};
        store.set(key{1}, 1, living(now, 5ns), 0);
        auto const mine = lease_for(key{1});
        store.open(mine, true);
        if (commits)
            store.commit(*mine, 2, living(now + 5ns, 5ns), 0);
        else
            store.set(key{1}, 2, living(now + 5ns, 5ns), 0);
        REQUIRE(watcher.seen.size() == 1);
        CHECK(watcher.seen[0].second == evict_cause::expired);
        memo::stats sum;
        store.count_into(sum);
        CHECK(sum.expirations == 1);
        CHECK(sum.evictions == 0);
    }
}

TEST_CASE("memory_engine: a store that ends lets go of the runs that are in flight") {
    auto const mine = lease_for(key{1});
    {
        numbers store{sample::unbounded};
        store.open(mine, true);
        store.set(key{2}, 2, {}, 0);
    }
    CHECK_FALSE(mine->standing());
    CHECK(mine.use_count() == 1);
}

namespace {

/// A right order whose hooks insist on being forgotten before they end, as those of boost::intrusive do.
class strict_order {
public:
    struct hook {
        ~hook() { forgotten = forgotten && !resident; }
        bool resident = false;
        static inline bool forgotten = true;
    };

    void admit(hook& entry) noexcept { entry.resident = true; }
    void touch(hook&) noexcept {}
    void forget(hook& entry) noexcept { entry.resident = false; }
    hook* victim() noexcept { return nullptr; }
    bool validate() const noexcept { return true; }
};

}  // namespace

TEST_CASE("memory_engine: the order forgets every entry before it ends, also when the store does") {
    {
        memory_store<std::int64_t, strict_order> store{sample::unbounded};
        for (std::uint64_t number = 0; number != 20; ++number) store.set(key{number}, 1, {}, 0);
        store.erase(key{3});
    }
    CHECK(strict_order::hook::forgotten);
}

TEST_CASE("memory_engine: expired entries go in steps, and all of them within two intervals") {
    numbers store{{many, many, false, 60s}};
    constexpr std::size_t entries = 20'000;
    for (std::uint64_t number = 0; number != entries; ++number)
        store.set(key{number}, 1, number % 2 == 0 ? living(now, 1s) : memo::detail::terms{}, 0);
    store.sweep(now + 59s);
    CHECK(store.size() == entries);
    std::size_t calls = 0;
    for (auto before = store.size(); store.size() != entries / 2; before = store.size()) {
        store.sweep(now + 61s);
        CHECK(before - store.size() < 2'000);
        REQUIRE(++calls < 100);
    }
    CHECK(calls > 10);
    CHECK(store.validate());
}

TEST_CASE("memory_engine: nothing is timed until something stored can expire") {
    numbers store{sample::unbounded};
    store.set(key{1}, 1, {}, 0);
    CHECK_FALSE(store.timed());
    SUBCASE("by ttl") { store.set(key{2}, 1, living(now, 1s), 0); }
    SUBCASE("by idleness") { store.set(key{2}, 1, living(now, memo::duration::max(), 1s), 0); }
    SUBCASE("by a touch") { store.touch(key{1}, 1s, now); }
    CHECK(store.timed());
}

TEST_CASE("memory_engine: a tag groups what was stored last under it, once, however often it is named") {
    numbers store{{many, many, false, 60s}};
    store.set(key{1}, 1, tagged({"a", "b", "a"}), 0);
    store.set(key{2}, 2, tagged({"a"}), 0);
    store.set(key{3}, 3, tagged({"b"}), 0);
    store.set(key{3}, 3, tagged({"c"}), 0);
    CHECK(store.erase_tag("b").count() == 1);
    CHECK_FALSE(store.peek(key{1}, now));
    CHECK(store.peek(key{3}, now) == 3);
    CHECK(store.erase_tag("a").count() == 1);
    CHECK(store.erase_tag("a").count() == 0);
    CHECK(store.erase_tag("").count() == 0);
    CHECK(store.erase_tag("c").count() == 1);
    CHECK(store.size() == 0);
    CHECK(store.validate());
}

TEST_CASE("memory_engine: bytes are those of what is held, and none are left behind") {
    texts store{{many, many, false, 60s}};
    auto const bytes = [&] {
        memo::stats sum;
        store.count_into(sum);
        return sum.bytes;
    };
    auto const empty = bytes();
    store.set(key{1}, sample::result<sample::text_ptr>(1), tagged({"a"}), 1000);
    auto const one = bytes() - empty;
    CHECK(one == texts::footprint(key{1}, tagged({"a"}), 1000));
    store.set(key{1}, sample::result<sample::text_ptr>(2), {}, 10);
    CHECK(bytes() - empty == texts::footprint(key{1}, {}, 10));
    store.erase(key{1});
    CHECK(bytes() == empty);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F28 memory_engine: no bound is exceeded at any instant while threads use every verb, and no entry is lost") {
    constexpr std::size_t weight = 3;
    constexpr std::size_t room = 10;
    for (auto const& limits :
         {memory_limits{room, many, true, 100ns}, memory_limits{room, many, false, 100ns},
          memory_limits{many, room * weight + 2, true, 100ns}, memory_limits{many, room * weight + 2, false, 100ns}}) {
        CAPTURE(limits.exact_order);
        CAPTURE(limits.entries);
        crowd::counting_order::most = 0;
        crowd::counting_watcher watcher;
        crowd::store store{limits, &watcher};
        std::atomic<std::size_t> stored{0};
        std::atomic<bool> done{false};
        std::atomic<bool> exceeded{false};
        {
            std::jthread const sampler{[&] {
                while (!done.load())
                    if (store.size() > limits.entries || crowd::counting_order::held.load() > room) exceeded = true;
            }};
            std::vector<std::jthread> members;
            for (unsigned seed = 1; seed != 5; ++seed)
                members.emplace_back([&, seed] { stored += crowd::work(store, seed, weight); });
            members.clear();
            done = true;
        }
        CHECK_FALSE(exceeded.load());
        CHECK(crowd::counting_order::most.load() == room);
        CHECK(crowd::counting_order::held.load() == store.size());
        CHECK(stored.load() == watcher.seen.load() + store.size());
        CHECK(store.validate());
    }
}

TEST_CASE("memory_engine: a bound of one entry is kept by many threads, and each of them stores") {
    crowd::store store{{1, many, false, 60s}};
    crowd::counting_order::most = 0;
    std::atomic<std::size_t> stored{0};
    {
        std::vector<std::jthread> members;
        for (std::uint64_t thread = 0; thread != 4; ++thread)
            members.emplace_back([&, thread] {
                for (std::uint64_t round = 0; round != 2'000; ++round)
                    stored += store.set(key{round * 4 + thread}, nullptr, {}, 0) == store_outcome::stored;
            });
    }
    CHECK(stored.load() == 8'000);
    CHECK(crowd::counting_order::most.load() == 1);
    CHECK(store.size() == 1);
    CHECK(store.validate());
}

TEST_SUITE_END();
