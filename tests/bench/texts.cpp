// W3: keys of 16 to 40 bytes, values of 64 bytes. Run it with tests/bench/workloads.

#include "contenders.hpp"
#include "contest.hpp"
#include "field.hpp"
#include "rivals/by_hand.hpp"
#include "rivals/digests.hpp"
#include "rivals/engines.hpp"
#include "rivals/maps.hpp"
#include "rivals/tbb_lru.hpp"

#include <memo/memo.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using contest::role;
using std::string;

/// What is cached: 64 bytes made of the key. A hit does not run it.
string run(string const& key) {
    ++contest::runs;
    string value(64, '.');
    std::copy(key.begin(), key.end(), value.begin());
    return value;
}

string run_copy(string key) { return run(key); }

std::vector<string> keys_of(std::size_t count) {
    std::vector<string> keys(count);
    for (std::size_t i = 0; i != count; ++i) {
        keys[i] = "user/" + std::to_string(10'000'000'000 + i);
        keys[i].append(contest::scrambled(i) % 25, 'x');
    }
    return keys;
}

constexpr std::pair<std::size_t, std::string_view> sizes[] = {{1'000, "1k"}, {1'000'000, "1M"}};

}  // namespace

int main(int count, char** words) {
    auto const said = contest::wishes_of(count, words);
    for (auto const& [size, shown] : sizes) {
        auto const keys = keys_of(size);
        bool const large = contest::large(size);
        auto const bound = 2 * size;
        contest::field<string, run> all{keys};
        all.enter<flat_digests>("flat table of digests", role::reference, bound);
        if (large) {
            all.enter<contenders::engine<string, string>>("memo, bare engine", role::memo, bound);
            auto made = memo::cached(run, memo::max_size(bound));
            all.enter<contenders::called<decltype(made)>>("memo::cached", role::memo, made);
        } else {
            all.enter<contenders::engine<string, string>>("memo, bare engine", role::memo, 65'536);
            auto made = memo::cached(run);
            all.enter<contenders::called<decltype(made)>>("memo::cached", role::memo, made);
        }
        all.enter<locked_lru<string, string>>("list + map + mutex LRU", role::bounded, bound);
        all.enter<sharded_lru<string, string>>("the same, 16 shards", role::bounded, bound);
        all.enter<tbb_lru<string, string, run_copy>>("tbb::concurrent_lru_cache", role::bounded, bound);
        all.enter<engines::hyper_clock<string, string>>("RocksDB HyperClockCache, digests", role::bounded, bound);
        all.enter<engines::rocksdb_lru<string, string>>("RocksDB LRUCache", role::bounded, bound);
        all.enter<engines::leveldb_lru<string, string>>("LevelDB cache", role::bounded, bound);
        all.enter<robin_map<string, string>>("tsl::robin_map + mutex", role::unbounded, bound);
        all.enter<tbb_map<string, string>>("tbb::concurrent_hash_map", role::unbounded, bound);
        all.enter<cuckoo_map<string, string>>("libcuckoo", role::unbounded, bound);
        for (bool const zipf : {false, true}) {
            auto const calls = contest::in_order(keys, zipf, large ? 1 << 20 : 1 << 12);
            auto const what = string{shown} + (zipf ? " Zipf" : " uniform");
            for (unsigned const threads : {1U, 2U})
                contest::tell("W3", what, threads,
                              contest::race<string>(all.all(), calls, contest::turns(size, threads, said.rounds)));
        }
    }
}
