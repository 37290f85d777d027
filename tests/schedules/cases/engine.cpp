#include "schedules/scenario.hpp"
#include "store/sample.hpp"
#include "store/standing_table.hpp"

#include <memo/base/epoch.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/base/sync.hpp>
#include <memo/key/scalar.hpp>
#include <memo/policy/fifo.hpp>
#include <memo/policy/lru.hpp>
#include <memo/policy/read_mark.hpp>
#include <memo/policy/sieve.hpp>
#include <memo/store/memory.hpp>
#include <memo/store/place_table.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::detail::memory_limits;
using memo::detail::memory_store;
using memo::detail::store_outcome;
using sample::key;
using sample::lease_for;
using sample::weighing;

namespace {

constexpr auto now = 1000ns;
constexpr std::size_t most_entries = 2;
constexpr std::size_t most_weight = 10;

/// A store of many shards, which share two bounds.
struct crowded {
    memory_store<std::int64_t, memo::lru_order> store{{most_entries, most_weight, false, 60s}};
    std::string wrong;

    /// The key of this number stands in a shard of its own, below 16.
    static key in_shard(std::uint64_t number) { return key{number, number << 48}; }

    void set(std::uint64_t number, std::size_t weight) {
        store.set(in_shard(number), static_cast<std::int64_t>(number), weighing(weight), 0);
        check();
    }
    void run(std::uint64_t number, std::size_t weight) {
        auto const mine = lease_for(in_shard(number));
        auto const start = store.begin(mine, now, true);
        if (!start.hit && start.joined == nullptr)
            store.commit(*mine, static_cast<std::int64_t>(number), weighing(weight), 0);
        check();
    }
    void erase(std::uint64_t number) {
        store.erase(in_shard(number));
        check();
    }
    void check() {
        if (store.size() > most_entries)
            wrong = "more entries than the bound allows";
    }
    std::string judge() {
        memo::stats sum;
        store.count_into(sum);
        if (!store.validate())
            wrong = "validate() does not hold";
        if (sum.items != store.size())
            wrong = "what is counted is not what is held";
        return wrong;
    }
};

using moves = std::vector<std::function<void(crowded&)>>;

auto sets(std::uint64_t number, std::size_t weight) {
    return [=](crowded& with) { with.set(number, weight); };
}

schedules::staging crowd_of(moves threads) {
    return schedules::scenario<crowded>(std::move(threads), &crowded::judge);
}

template <class State>
schedules::report each_order(std::vector<std::function<void(State&)>> threads) {
    return schedules::all_orders(schedules::scenario<State>(std::move(threads), &State::judge));
}

void told(std::string const& what, schedules::report const& all) {
    CHECK(all.failure == "");
    CHECK(all.complete);
    MESSAGE(what << ": " << all.schedules << " schedules");
}

/// Nodes of a table whose buckets split one by one; what is copied of each is its number, by a key of its place.
struct node {
    std::uint64_t place;
    std::uint64_t number;
};
using table = standing<memo::detail::place_table<node, 1, 1>>;

memo::detail::short_key key_at(std::uint64_t place) noexcept { return {.place = place, .words = {place + 1, place + 1}, .size = 9}; }
void copy_out(node& from, table::copy& to, memo::detail::read_mark::spot&) noexcept {
    to.key = key_at(from.place).counted();
    to.held = {from.number};
}

}  // namespace

TEST_CASE("F28 engine: the bounds of many shards hold at every moment, on every schedule") {
    auto const twice = [](std::uint64_t first, std::uint64_t second) {
        return [=](crowded& with) {
            with.set(first, 3);
            with.set(second, 3);
        };
    };
    told("three shards, room for two", schedules::all_preemptions(crowd_of({sets(1, 3), sets(2, 3), sets(3, 3)}), 2));
    told("room for one by weight", schedules::all_preemptions(crowd_of({sets(1, 6), sets(2, 6), sets(3, 6)}), 2));
    told("two threads, four shards", schedules::all_preemptions(crowd_of({twice(1, 2), twice(3, 4)}), 2));
    told("one shard in two orders", schedules::all_preemptions(crowd_of({twice(1, 2), twice(2, 1)}), 2));
}

TEST_CASE("F28 engine: what runs, leaves and is replaced at once is counted once") {
    auto const run = [](crowded& with) { with.run(1, 4); };
    auto const heavier = [](crowded& with) { with.set(1, 9); };
    auto const too_heavy = [](crowded& with) { with.set(1, most_weight + 1); };
    auto const erase = [](crowded& with) { with.erase(1); };
    told("a run, a heavier result, an eviction", schedules::all_orders(crowd_of({run, heavier, erase})));
    told("a run, what is too heavy, another shard", schedules::all_preemptions(crowd_of({run, too_heavy, sets(2, 8)}), 2));
    told("a run, an eviction, another shard", schedules::all_preemptions(crowd_of({run, erase, sets(2, 8)}), 2));
}

TEST_CASE("F18 engine: an eviction of all shards reaches runs that were in flight in any of them") {
    struct flying : crowded {
        std::vector<std::shared_ptr<memo::detail::lease>> leases{lease_for(in_shard(1), {"t"}), lease_for(in_shard(2), {"t"})};
        std::vector<store_outcome> ends{store_outcome::stored, store_outcome::stored};
        memo::detail::atomic<bool> evicted{false};

        flying() {
            for (auto const& one : leases)
                store.open(one, true);
        }
        void commit(std::size_t which) {
            bool const late = evicted;
            ends[which] = store.commit(*leases[which], 7, {}, 0);
            if (late && ends[which] == store_outcome::stored)
                wrong = "it is stored after the eviction";
        }
    };
    auto const evict = [](flying& with) {
        with.store.erase_tag("t");
        with.evicted = true;
    };
    auto const first = [](flying& with) { with.commit(0); };
    auto const second = [](flying& with) { with.commit(1); };
    told("two runs, one eviction by tag", each_order<flying>({evict, first, second}));
}

TEST_CASE("F18 engine: a look without a lock shows what stood at some moment of it, whole, and nothing from before an eviction that returned") {
    struct seen_from_outside {
        memory_store<std::shared_ptr<std::int64_t const>, memo::fifo_order> store{{most_entries, most_weight, true, 60s}};
        memo::detail::atomic<std::int64_t> oldest{1};  // results below have been evicted or replaced
        std::string wrong;

        seen_from_outside() { put(1); }
        void put(std::int64_t result) { store.set(key{1}, std::make_shared<std::int64_t const>(result), {}, 0); }
        void look() {
            auto const least = oldest.load();
            auto const seen = store.look(key{1}.view(), now);
            if (seen && (**seen < least || **seen > 2))
                wrong = "what was shown had gone before";
        }
        std::string judge() { return store.validate() ? wrong : "validate() does not hold"; }
    };
    auto const look = [](seen_from_outside& with) { with.look(); };
    auto const look_twice = [](seen_from_outside& with) {
        with.look();
        with.look();
    };
    auto const erase = [](seen_from_outside& with) {
        with.store.erase(key{1});
        with.oldest = 2;
    };
    auto const replace = [](seen_from_outside& with) {
        with.put(2);
        with.oldest = 2;
    };
    told("two looks, an eviction", each_order<seen_from_outside>({look_twice, erase}));
    told("two looks, a new result", each_order<seen_from_outside>({look_twice, replace}));
    told("a look, an eviction, a new result", each_order<seen_from_outside>({look, erase, replace}));
}

TEST_CASE("F18 engine: what stands beside its key stood at some moment of the look, and is nothing from before a change that returned") {
    struct seen_by_copies {
        memory_store<std::int64_t, memo::sieve_order, memo::detail::copies::beside_keys> store{
            {.entries = most_entries, .weight = most_weight, .cleanup_interval = 60s}};
        memo::detail::short_key const sought = memo::detail::short_key_of(std::int64_t{1});
        memo::detail::key_view const stored = sought.view();
        memo::detail::atomic<std::int64_t> oldest{1};  // results below have been evicted or replaced
        std::string wrong;

        seen_by_copies() { put(1); }
        void put(std::int64_t result) { store.set(stored, result, {}, 0); }
        void look() {
            auto const least = oldest.load();
            auto const seen = store.look(sought, {});
            if (seen && (*seen < least || *seen > 2))
                wrong = "what was seen had gone before";
        }
        std::string judge() {
            look();
            return store.validate() ? wrong : "validate() does not hold";
        }
    };
    auto const look = [](seen_by_copies& with) { with.look(); };
    auto const look_twice = [](seen_by_copies& with) {
        with.look();
        with.look();
    };
    auto const erase = [](seen_by_copies& with) {
        with.store.erase(with.stored);
        with.oldest = 2;
    };
    auto const end = [](seen_by_copies& with) {
        with.store.touch(with.stored, memo::duration{}, {});
        with.oldest = 2;
    };
    auto const replace = [](seen_by_copies& with) {
        with.put(2);
        with.oldest = 2;
    };
    told("two looks, an eviction", each_order<seen_by_copies>({look_twice, erase}));
    told("two looks, a lifetime that ended", each_order<seen_by_copies>({look_twice, end}));
    told("two looks, a new result", each_order<seen_by_copies>({look_twice, replace}));
    told("two looks at once, an eviction", each_order<seen_by_copies>({look, look, erase}));
}

TEST_CASE("F18 engine: a copy is whole and its key's own, however it is written meanwhile") {
    struct overwritten {
        table held{&copy_out};
        node first{1, 1}, again{1, 11}, other{0, 2};
        std::string wrong;

        overwritten() { held.insert(first); }
        void find() {
            auto const seen = held.find_copy(
                key_at(1), [](table::sighting const& copy) { return copy.held[0]; }, [](bool) { return std::uint64_t{1}; });
            if (seen != 1 && seen != 11)
                wrong = "it is not whole, or another key's";
        }
        std::string judge() { return wrong; }
    };
    auto const find = [](overwritten& with) { with.find(); };
    auto const replace = [](overwritten& with) { with.held.replace(with.first, with.again); };
    auto const make_way = [](overwritten& with) {
        with.held.remove(with.first);
        with.held.insert(with.other);
    };
    auto const come_back = [](overwritten& with) {
        with.held.replace(with.first, with.other);
        with.held.replace(with.other, with.again);
    };
    auto const split = [](overwritten& with) { with.held.insert(with.other); };
    told("a look, a bucket that splits", each_order<overwritten>({find, split}));
    told("a look, a new result", each_order<overwritten>({find, replace}));
    told("a look, another key's copy", each_order<overwritten>({find, make_way}));
    told("a look, another key's copy and back", each_order<overwritten>({find, come_back}));
}

TEST_CASE("F18 engine: what left after its bucket was split is found by nobody who looks then") {
    struct split_up {
        table held{&copy_out};
        node one{3, 1}, again{3, 2}, others[3]{{0, 7}, {1, 8}, {2, 9}};
        memo::detail::atomic<std::uint64_t> gone{0};  // the last of place 3 that left
        std::string wrong;

        split_up() { held.insert(one); }
        void look() {
            auto const before = gone.load();
            auto const number = [](table::sighting const& copy) { return copy.held[0]; };
            auto const none = [](bool) { return std::uint64_t{0}; };
            for (auto const seen : {held.find_copy(key_at(3), number, none), held.find_copy_at_once(key_at(3), number, none)})
                if (seen != 0 && (seen > 2 || seen <= before))
                    wrong = "it had left, or is another key's";
        }
        std::string judge() { return wrong; }
    };
    auto const look = [](split_up& with) { with.look(); };
    auto const split_and_remove = [](split_up& with) {
        with.held.insert(with.others[0]);
        with.held.remove(with.one);
        with.gone = 1;
    };
    auto const split_and_replace = [](split_up& with) {
        with.held.insert(with.others[0]);
        with.held.replace(with.one, with.again);
        with.gone = 1;
    };
    auto const split_often_and_remove = [](split_up& with) {
        for (auto& other : with.others)
            with.held.insert(other);
        with.held.remove(with.one);
        with.gone = 1;
    };
    told("a look, a bucket that splits, a node that leaves", each_order<split_up>({look, split_and_remove}));
    told("a look, a bucket that splits, a new result", each_order<split_up>({look, split_and_replace}));
    told("a look, buckets that split twice, a node that leaves", each_order<split_up>({look, split_often_and_remove}));
}
