// How many bytes an entry takes, and whether a bound in bytes holds for the process. Run it with tests/bench/bytes.

#include "contenders.hpp"
#include "contest.hpp"
#include "rivals/by_hand.hpp"
#include "rivals/engines.hpp"
#include "rivals/maps.hpp"
#include "rivals/tbb_lru.hpp"

#include <memo/memo.hpp>

#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using number = std::int64_t;
using std::string;

constexpr std::size_t entries = 1'000'000;

number run(number key) { return key | 1; }

string text(string const& key) {
    string value(64, '.');
    std::copy(key.begin(), key.end(), value.begin());
    return value;
}
string text_of_copy(string key) { return text(key); }

/// The same keys as in the workloads.
number key_at(std::size_t at, number) { return static_cast<number>(contest::scrambled(at)); }
string key_at(std::size_t at, string const&) {
    return ("user/" + std::to_string(10'000'000'000 + at)).append(contest::scrambled(at) % 25, 'x');
}

std::size_t bytes_of(number) { return sizeof(number); }
std::size_t bytes_of(string const& of) { return of.size(); }

std::size_t allocated() {
    auto const told = mallinfo2();
    return told.uordblks + told.hblkhd;
}

std::size_t resident() {
    std::size_t whole = 0;
    std::size_t now = 0;
    if (auto* const file = std::fopen("/proc/self/statm", "r")) {
        if (std::fscanf(file, "%zu %zu", &whole, &now) != 2) now = 0;
        std::fclose(file);
    }
    return now * static_cast<std::size_t>(getpagesize());
}

/// In a process of its own, so that nothing of others is counted.
template <class Body>
void alone(Body const& body) {
    std::fflush(stdout);
    auto const child = fork();
    if (child == 0) {
        body();
        std::fflush(stdout);
        _exit(0);
    }
    waitpid(child, nullptr, 0);
}

/// Prints: kind, name, allocated, resident, and told bytes of an entry, and those of its key and value.
template <class Key, class Cache, class... Arguments>
void weigh(char const* kind, char const* name, Key (*made)(Key const&), Arguments&&... arguments) {
    alone([&] {
        auto const before = allocated();
        auto const before_resident = resident();
        auto* const cache = new Cache(std::forward<Arguments>(arguments)...);
        std::size_t own = 0;
        for (std::size_t at = 0; at != entries; ++at) {
            auto const key = key_at(at, Key{});
            auto const value = made(key);
            own += bytes_of(key) + bytes_of(value);
            cache->put(key, value);
        }
        auto const each = [](std::size_t sum) { return static_cast<double>(sum) / entries; };
        std::printf("%s;%s;%.1f;%.1f;", kind, name, each(allocated() - before), each(resident() - before_resident));
        if constexpr (requires { cache->bytes(); }) std::printf("%.1f", each(cache->bytes()));
        std::printf(";%.1f\n", each(own));
    });
}

number made(number const& key) { return run(key); }

void weigh_numbers() {
    constexpr auto kind = "int64 -> int64";
    weigh<number, contenders::engine<number, number>>(kind, "memo, bare engine", made, entries);
    auto wrapped = memo::cached(run, memo::max_size(entries));
    weigh<number, contenders::called<decltype(wrapped)>>(kind, "memo::cached", made, wrapped);
    weigh<number, locked_lru<number, number>>(kind, "list + map + mutex LRU", made, entries);
    weigh<number, tbb_lru<number, number, run>>(kind, "tbb::concurrent_lru_cache", made, entries);
    weigh<number, engines::hyper_clock<number, number>>(kind, "RocksDB HyperClockCache", made, entries);
    weigh<number, engines::rocksdb_lru<number, number>>(kind, "RocksDB LRUCache", made, entries);
    weigh<number, engines::leveldb_lru<number, number>>(kind, "LevelDB cache", made, entries);
    weigh<number, flat_map<number, number>>(kind, "boost::unordered_flat_map, unbounded", made, entries);
    weigh<number, tbb_map<number, number>>(kind, "tbb::concurrent_hash_map, unbounded", made, entries);
    weigh<number, cuckoo_map<number, number>>(kind, "libcuckoo, unbounded", made, entries);
}

void weigh_texts() {
    constexpr auto kind = "string -> string";
    weigh<string, contenders::engine<string, string>>(kind, "memo, bare engine", text, entries);
    auto wrapped = memo::cached(text, memo::max_size(entries));
    weigh<string, contenders::called<decltype(wrapped)>>(kind, "memo::cached", text, wrapped);
    weigh<string, locked_lru<string, string>>(kind, "list + map + mutex LRU", text, entries);
    weigh<string, tbb_lru<string, string, text_of_copy>>(kind, "tbb::concurrent_lru_cache", text, entries);
    weigh<string, engines::rocksdb_lru<string, string>>(kind, "RocksDB LRUCache", text, entries);
    weigh<string, engines::leveldb_lru<string, string>>(kind, "LevelDB cache", text, entries);
    weigh<string, flat_map<string, string>>(kind, "boost::unordered_flat_map, unbounded", text, entries);
    weigh<string, cuckoo_map<string, string>>(kind, "libcuckoo, unbounded", text, entries);
}

/// Texts of 16 to 4,096 bytes.
string long_text(number key) { return string(16 + contest::scrambled(static_cast<std::uint64_t>(key)) % 4'081, 'x'); }

/// Prints: the bound, the most that was told, the most that was resident, both over what there was before the writers began.
void bound_under_writers() {
    alone([] {
        constexpr std::size_t bound = 256 << 20;
        constexpr unsigned writers = 16;
        constexpr number calls = 60'000;
        auto cached = memo::cached(long_text, memo::max_bytes(bound), memo::unbounded);
        auto const before = resident();
        std::vector<std::size_t> most(writers);
        {
            std::vector<std::jthread> crew;
            for (unsigned mine = 0; mine != writers; ++mine)
                crew.emplace_back([&, mine] {
                    for (number call = 0; call != calls; ++call) {
                        static_cast<void>(cached(static_cast<number>(mine) * calls + call));
                        if (call % 64 == 0) most[mine] = std::max(most[mine], cached.stats().bytes);
                    }
                });
        }
        rusage used{};
        getrusage(RUSAGE_SELF, &used);
        std::printf("bound;%zu;%zu;%zu\n", bound, *std::max_element(most.begin(), most.end()),
                    static_cast<std::size_t>(used.ru_maxrss) * 1024 - before);
    });
}

}  // namespace

int main(int count, char**) {
    if (count == 1) {
        weigh_numbers();
        weigh_texts();
    }
    bound_under_writers();
}
