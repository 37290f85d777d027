#include "folder.hpp"
#include "process.hpp"
#include "sqlite/shared.hpp"

#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

struct source {
    std::array<std::atomic<long>, 4> floor{};
    std::atomic<bool> ends{false};
    std::atomic<long> reads{0};
};

memo::sqlite_options const patient{.timeout = 10s};

/// Counts a key up, and raises its floor when what was before is gone for certain.
void count_up(memo::sqlite_store const& store, std::size_t key, source* of) {
    auto const name = std::to_string(key);
    memo::entry_name const at{"c", name};
    for (long number = 1; !of->ends; ++number) {
        if (store->erase({&at, 1}).confirmed())
            of->floor[key] = number;
        store->set(at, {std::to_string(number)});
    }
}

/// Returns: how often something was read that was gone before the reading began.
int read_until_the_end(memo::sqlite_store const& store, source* of) {
    int stale = 0;
    for (std::size_t turn = 0; !of->ends; ++turn) {
        auto const key = turn % of->floor.size();
        auto const floor = of->floor[key].load();
        auto const found = store->get({"c", std::to_string(key)});
        stale += found && std::stol(*found) < floor ? 1 : 0;
        ++of->reads;
    }
    return stale;
}

/// Whether nobody reads the log, asked as long as it takes, but not for ever.
bool log_becomes_free(std::string const& path, std::chrono::milliseconds& after) {
    sqlite3* stranger = nullptr;
    REQUIRE(::sqlite3_open(path.c_str(), &stranger) == SQLITE_OK);
    REQUIRE(::sqlite3_exec(stranger, "SELECT count(*) FROM entries", nullptr, nullptr, nullptr) == SQLITE_OK);
    auto const begin = std::chrono::steady_clock::now();
    int result = SQLITE_BUSY;
    while (result == SQLITE_BUSY && std::chrono::steady_clock::now() - begin < 5s)
        result = ::sqlite3_wal_checkpoint_v2(stranger, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    after = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    ::sqlite3_close(stranger);
    return result == SQLITE_OK;
}

}  // namespace

TEST_SUITE("concurrent") {
    TEST_CASE("sqlite_store: a view that is kept never shows what another thread or process had erased before") {
        folder const place{folder::in_memory()};
        auto const path = place / "cache.db";
        shared_with_children<source> of;
        std::vector<pid_t> children;
        for (std::size_t key = 0; key != 2; ++key) {
            children.push_back(::fork());
            if (children.back() == 0) {
                ::alarm(30);
                count_up(memo::sqlite_store{path, patient}, key, of.operator->());
                ::_exit(0);
            }
        }
        children.push_back(::fork());
        if (children.back() == 0) {
            ::alarm(30);
            ::_exit(read_until_the_end(memo::sqlite_store{path, patient}, of.operator->()) == 0 ? 0 : 1);
        }
        memo::sqlite_store const store{path, patient};
        std::vector<std::thread> threads;
        for (std::size_t key = 2; key != of->floor.size(); ++key)
            threads.emplace_back([&, key] { count_up(store, key, of.operator->()); });
        std::atomic<int> stale{0};
        threads.emplace_back([&] { stale += read_until_the_end(store, of.operator->()); });
        auto const end = std::chrono::steady_clock::now() + 30s;
        while ((of->reads < 20'000 || of->floor[0] < 50 || of->floor[3] < 50) && std::chrono::steady_clock::now() < end)
            std::this_thread::yield();
        of->ends = true;
        for (auto& thread : threads)
            thread.join();
        for (auto const child : children)
            CHECK(process::ends_with(child, 0));
        CHECK(stale == 0);
        CHECK(of->reads >= 20'000);
        CHECK(of->floor[0] >= 50);
    }
}

TEST_CASE("F47 sqlite_store: a view that nobody uses ends by itself, so that the log of the file can be emptied") {
    folder const place{folder::in_memory()};
    auto const path = place / "cache.db";
    memo::sqlite_store const store{path};
    store->set({"c", "a"}, {"a"});
    CHECK(store->get({"c", "a"}) == "a");
    std::chrono::milliseconds after{};
    CHECK(log_becomes_free(path, after));
    CHECK(after < 1'000ms);
    CHECK(store->get({"c", "a"}) == "a");
    CHECK(log_becomes_free(path, after));
}

TEST_CASE("F47 sqlite_store: processes that were killed amid a view leave nothing that keeps the log from being emptied") {
    folder const place{folder::in_memory()};
    auto const path = place / "cache.db";
    memo::sqlite_store { path } -> set({"c", "a"}, {"a"});
    for (int round = 0; round != 20; ++round) {
        int ready[2];
        REQUIRE(::pipe(ready) == 0);
        auto const child = ::fork();
        if (child == 0) {
            memo::sqlite_store const store{path};
            static_cast<void>(store->get({"c", "a"}));
            static_cast<void>(::write(ready[1], "r", 1));
            for (;;)
                static_cast<void>(store->get({"c", "a"}));
        }
        char word = 0;
        CHECK(::read(ready[0], &word, 1) == 1);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(ready[0]);
        ::close(ready[1]);
    }
    std::chrono::milliseconds after{};
    CHECK(log_becomes_free(path, after));
    CHECK(memo::sqlite_store { path } -> get({"c", "a"}) == "a");
}
