#include "folder.hpp"

#include <memo/base/hash.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr int workers = 4;
constexpr int keys_of_one = 12;
constexpr int cycles_of_a_file = 50;

/// What one key should be, written by its one worker and read when that is dead: what was confirmed last, and what was begun
/// since. A generation is even when it stores and odd when it evicts.
struct account {
    std::atomic<std::uint64_t> begun{0};
    std::atomic<std::uint64_t> confirmed{1};
};
using accounts = std::array<std::array<account, keys_of_one>, workers>;

struct counts {
    using number = std::atomic<std::uint64_t>;
    number operations{0};
    number lost{0};
    number corrupt{0};
    number wrong{0};
    number phantom{0};
    number refused{0};
    number slow{0};
    std::atomic<std::int64_t> slowest_microseconds{0};

    bool is_clean() const { return lost + corrupt + wrong + phantom + refused + slow == 0; }
};

std::string name_of(int worker, int key) { return std::to_string(worker) + ":" + std::to_string(key); }

/// A value says whose it is, of which generation, and that it is whole.
std::string value_of(std::string const& name, std::uint64_t generation) {
    auto text = name + "|" + std::to_string(generation) + "|";
    text.resize(text.size() + generation * 37 % 6'000, static_cast<char>('a' + generation % 26));
    return text + memo::detail::hex(memo::detail::digest_of(text));
}

bool is_whole(std::string_view value) {
    auto const text = value.substr(0, value.size() - std::min<std::size_t>(value.size(), 32));
    return memo::detail::hex(memo::detail::digest_of(text)) == value.substr(text.size());
}

/// Returns: 0 when the value is another key's.
std::uint64_t generation_of(std::string_view value, std::string const& name) {
    if (!value.starts_with(name + "|"))
        return 0;
    value.remove_prefix(name.size() + 1);
    std::uint64_t generation = 0;
    std::from_chars(value.data(), value.data() + value.size(), generation);
    return generation;
}

memo::evicted evict(memo::sqlite_store const& store, std::string const& name, std::uint64_t way) {
    memo::entry_name const at{"c", name};
    switch (way % 4) {
        case 0: return store->erase({&at, 1});
        case 1: return store->erase_text("c", name);
        case 2: return store->erase_pattern("", name.substr(0, name.size() - 1) + "[" + name.back() + "]");
        default: return store->erase_tag("tag of " + name);
    }
}

void store_somehow(memo::sqlite_store const& store, std::string const& name, std::uint64_t generation, std::uint64_t way) {
    std::vector<std::string> const tags{"tag of " + name, "all"};
    auto const value = value_of(name, generation);
    memo::entry_name const at{"c", name};
    if (way % 2 == 0) {
        store->set(at, {value, tags});
    } else if (auto const mine = store->lead(at, tags); store->commit(at, mine, {value, tags}) != memo::committed::stored) {
        throw std::runtime_error{"a run without rivals was fenced"};
    }
}

memo::sqlite_options options_of(int cycle) {
    return {.mode = cycle % 2 == 0 ? memo::sqlite_mode::fast : memo::sqlite_mode::durable, .timeout = std::chrono::seconds{5}};
}

void work(std::string const& path, int cycle, int worker, std::array<account, keys_of_one>& mine, counts& found) {
    std::minstd_rand chance{static_cast<unsigned>(cycle * workers + worker + 1)};
    memo::sqlite_store const store{path, options_of(cycle)};
    for (;;) {
        auto const key = chance() % keys_of_one;
        auto& here = mine[key];
        auto const name = name_of(worker, static_cast<int>(key));
        auto const last = std::max(here.begun.load(), here.confirmed.load());
        bool const evicts = chance() % 3 == 0;
        auto const generation = last + (last % 2 == (evicts ? 1U : 0U) ? 2 : 1);
        here.begun = generation;
        if (evicts) {
            if (!evict(store, name, chance()).confirmed())
                throw std::runtime_error{"an eviction was not confirmed"};
        } else {
            store_somehow(store, name, generation, chance());
        }
        here.confirmed = generation;
        ++found.operations;
        if (chance() % 8 == 0)
            static_cast<void>(store->get({"c", name_of(static_cast<int>(chance() % workers), static_cast<int>(key))}));
    }
}

/// In a process of its own, as after a restart.
void check(std::string const& path, int cycle, accounts& all, counts& found) {
    auto const begin = std::chrono::steady_clock::now();
    memo::sqlite_store const store{path, options_of(cycle)};
    static_cast<void>(store->get({"c", "nothing"}));
    auto const took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin).count();
    found.slowest_microseconds = std::max(found.slowest_microseconds.load(), std::int64_t{took});
    found.slow += took > 1'000'000 ? 1U : 0U;
    for (int worker = 0; worker != workers; ++worker)
        for (int key = 0; key != keys_of_one; ++key) {
            auto& here = all[static_cast<std::size_t>(worker)][static_cast<std::size_t>(key)];
            auto const confirmed = here.confirmed.load();
            auto const begun = std::max(here.begun.load(), confirmed);
            auto const name = name_of(worker, key);
            auto const value = store->get({"c", name});
            auto const generation = value ? generation_of(*value, name) : 0;
            if (!value)
                found.lost += confirmed % 2 == 0 && begun % 2 == 0 ? 1U : 0U;
            else if (!is_whole(*value))
                ++found.corrupt;
            else if (generation == 0 || generation > begun)
                ++found.wrong;
            else if (generation != begun && generation != confirmed)
                ++(confirmed % 2 == 1 ? found.phantom : found.lost);
            // the next cycle goes on from what is there
            here.confirmed = generation != 0 ? generation : begun + 1 + begun % 2;
            here.begun = here.confirmed.load();
        }
    found.refused += store->info().contains("warning") ? 1U : 0U;
}

template <class T>
T& shared_object() {
    void* const room = ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        throw std::bad_alloc{};
    return *::new (room) T;
}

void end(pid_t child) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

void run_cycle(std::string const& path, int cycle, accounts& all, counts& found, std::minstd_rand& chance) {
    std::array<pid_t, workers> children{};
    for (int worker = 0; worker != workers; ++worker) {
        children[static_cast<std::size_t>(worker)] = ::fork();
        if (children[static_cast<std::size_t>(worker)] == 0) {
            try {
                work(path, cycle, worker, all[static_cast<std::size_t>(worker)], found);
            } catch (std::exception const& failed) {
                std::cerr << failed.what() << std::endl;
                ++found.refused;
            }
            ::_exit(1);
        }
    }
    for (auto const child : children) {
        auto const until = std::chrono::steady_clock::now() + std::chrono::microseconds{500 + chance() % 19'500 / workers};
        while (std::chrono::steady_clock::now() < until)
            std::this_thread::yield();
        end(child);
    }
    auto const checker = ::fork();
    if (checker == 0) {
        ::alarm(20);
        check(path, cycle, all, found);
        ::_exit(0);
    }
    int status = -1;
    ::waitpid(checker, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        ++found.refused;
}

}  // namespace

/// torture_kill <cycles>: in each, 4 processes write and evict in one file until they are killed, and a fifth looks at what is
/// there. Exits 1 unless everything that was confirmed holds.
int main(int count, char** words) {
    if (count != 2 || std::atoi(words[1]) < 1) {
        std::cerr << "torture kill: how many cycles? Write a number above 0\n";
        return 2;
    }
    int const cycles = std::atoi(words[1]);
    folder const place;
    auto const path = place / "cache.db";
    auto& all = shared_object<accounts>();
    auto& found = shared_object<counts>();
    std::minstd_rand chance{1};
    for (int cycle = 0; cycle != cycles; ++cycle) {
        if (cycle % cycles_of_a_file == 0) {
            for (auto const* end_of_name : {"", "-wal", "-shm"})
                std::filesystem::remove(path + end_of_name);
            ::new (&all) accounts;
        }
        run_cycle(path, cycle, all, found, chance);
    }
    std::cout << cycles << " cycles of " << workers << " killed processes: " << found.operations << " operations, " << found.lost
              << " lost, " << found.corrupt << " corrupt, " << found.wrong << " wrong, " << found.phantom << " phantom, "
              << found.refused << " refused, " << found.slow << " slow (the slowest reopening took "
              << found.slowest_microseconds / 1'000 << " ms)\n";
    return found.is_clean() ? 0 : 1;
}
