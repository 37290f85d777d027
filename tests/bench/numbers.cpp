// W1, W2 and W5: int64 -> int64. Run it with tests/bench/workloads.

#include "contenders.hpp"
#include "contest.hpp"
#include "field.hpp"
#include "rivals/by_hand.hpp"
#include "rivals/engines.hpp"
#include "rivals/maps.hpp"
#include "rivals/tbb_lru.hpp"

#include <memo/memo.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using number = std::int64_t;
using contest::role;

/// What is cached. A hit does not run it.
number run(number key) {
    ++contest::runs;
    return key | 1;
}

template <contest::way How>
using field = contest::field<number, run, How>;
using contest::way;

template <class Field, class Bound>
void enter_memo(Field& into, Bound bound) {
    into.template enter<contenders::engine<number, number>>("memo, bare engine", role::memo, bound.entries());
    into.template enter<contenders::called<decltype(bound.wrap())>>("memo::cached", role::memo, bound.wrap());
}

/// A bound that is said, or memo's own.
struct said {
    std::size_t most;
    std::size_t entries() const { return most; }
    auto wrap() const { return memo::cached(run, memo::max_size(most)); }
};
struct unsaid {
    std::size_t entries() const { return 65'536; }
    auto wrap() const { return memo::cached(run); }
};

template <class Field>
void enter_bounded_rivals(Field& into, std::size_t bound) {
    into.template enter<locked_lru<number, number>>("list + map + mutex LRU", role::bounded, bound);
    into.template enter<sharded_lru<number, number>>("the same, 16 shards", role::bounded, bound);
    into.template enter<tbb_lru<number, number, run>>("tbb::concurrent_lru_cache", role::bounded, bound);
    into.template enter<engines::hyper_clock<number, number>>("RocksDB HyperClockCache", role::bounded, bound);
    into.template enter<engines::rocksdb_lru<number, number>>("RocksDB LRUCache", role::bounded, bound);
    into.template enter<engines::leveldb_lru<number, number>>("LevelDB cache", role::bounded, bound);
}

template <class Field>
void enter_unbounded_rivals(Field& into) {
    into.template enter<robin_map<number, number>>("tsl::robin_map + mutex", role::unbounded, 0);
    into.template enter<tbb_map<number, number>>("tbb::concurrent_hash_map", role::unbounded, 0);
    into.template enter<cuckoo_map<number, number>>("libcuckoo", role::unbounded, 0);
}

std::vector<number> keys_of(std::size_t count) {
    std::vector<number> keys(count);
    for (std::size_t i = 0; i != count; ++i) keys[i] = static_cast<number>(contest::scrambled(i));
    return keys;
}

constexpr std::pair<std::size_t, std::string_view> sizes[] = {{1'000, "1k"}, {1'000'000, "1M"}};

using contest::large;

void hits(bool one, bool two, unsigned rounds) {
    for (auto const& [size, shown] : sizes) {
        auto const keys = keys_of(size);
        field<way::in_a_row> fast{keys};
        fast.enter<flat_map<number, number>>("boost::unordered_flat_map", role::reference, 0);
        if (large(size))
            enter_memo(fast, said{2 * size});
        else
            enter_memo(fast, unsaid{});
        enter_bounded_rivals(fast, 2 * size);
        enter_unbounded_rivals(fast);
        for (bool const zipf : {false, true}) {
            auto const calls = contest::in_order(keys, zipf, large(size) ? 1 << 22 : 1 << 15);
            auto const what = std::string{shown} + (zipf ? " Zipf" : " uniform");
            if (one) contest::tell("W1", what, 1, contest::race<number>(fast.all(), calls, contest::turns(size, 1, rounds)));
            for (unsigned const threads : {2U, 4U})
                if (two)
                    contest::tell("W2", what, threads,
                                  contest::race<number>(fast.all(), calls, contest::turns(size, threads, rounds)));
        }
    }
}

/// The same hits, each waiting for the one before.
void latencies(unsigned rounds) {
    for (auto const& [size, shown] : sizes) {
        auto const keys = keys_of(size);
        field<way::in_turn> slow{keys};
        slow.enter<flat_map<number, number>>("boost::unordered_flat_map", role::reference, 0);
        if (large(size))
            enter_memo(slow, said{2 * size});
        else
            enter_memo(slow, unsaid{});
        slow.enter<locked_lru<number, number>>("list + map + mutex LRU", role::bounded, 2 * size);
        slow.enter<engines::hyper_clock<number, number>>("RocksDB HyperClockCache", role::bounded, 2 * size);
        slow.enter<cuckoo_map<number, number>>("libcuckoo", role::unbounded, 0);
        auto const zipf = large(size);
        auto const calls = contest::in_order(keys, zipf, large(size) ? 1 << 22 : 1 << 15);
        contest::tell("W1 in turn", std::string{shown} + (zipf ? " Zipf" : " uniform"), 1,
                      contest::race<number>(slow.all(), calls, contest::turns(size, 1, rounds)));
    }
}

/// A tenth of the keys fits. The reference holds them all.
void bounded(unsigned rounds) {
    constexpr std::size_t count = 1'000'000;
    auto const keys = keys_of(count);
    auto const calls = contest::in_order(keys, true, 1 << 22);
    auto const before = contest::in_order(keys, true, 1 << 22, 2);  // fills the caches, and those that learn have learnt
    for (unsigned const threads : {1U, 2U}) {
        field<way::in_a_row> reference{keys};
        reference.enter<flat_map<number, number>>("boost::unordered_flat_map, of all", role::reference, 0);
        field<way::bounded> tenth{{}};
        enter_memo(tenth, said{count / 10});
        enter_bounded_rivals(tenth, count / 10);
        auto all = reference.all();
        for (auto const& one : tenth.all()) {
            one.answer(before);
            all.push_back(one);
        }
        contest::tell("W5", "10 % of 1M, Zipf", threads,
                      contest::race<number>(all, calls, contest::turns(count, threads, rounds)), true);
    }
}

}  // namespace

int main(int count, char** words) {
    auto const said = contest::wishes_of(count, words);
    bool const one = said.wants("W1");
    bool const two = said.wants("W2");
    if (one || two) hits(one, two, said.rounds);
    if (one) latencies(said.rounds);
    if (said.wants("W5")) bounded(said.rounds);
}
