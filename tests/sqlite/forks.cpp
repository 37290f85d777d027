#include "folder.hpp"
#include "process.hpp"

#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr std::size_t keys = 16;

memo::sqlite_options const patient{.timeout = 10s};

std::string name_of(std::string const& who, std::size_t key) { return who + ":" + std::to_string(key); }

/// Writes and reads what only this side writes; what any side reads says whose it is. Returns: whether all was right.
bool hammer(memo::sqlite_store const& store, std::string const& who, int times, std::atomic<bool> const* ends) {
    std::vector<int> written(keys, -1);
    for (int round = 0; round != times && (ends == nullptr || !*ends); ++round) {
        auto const key = static_cast<std::size_t>(round) * 7 % keys;
        auto const name = name_of(who, key);
        if (round % 3 == 0) {
            store->set({"c", name}, {name + "=" + std::to_string(round)});
            written[key] = round;
        } else if (auto const found = store->get({"c", name});
                   found != (written[key] < 0 ? std::nullopt : std::optional{name + "=" + std::to_string(written[key])})) {
            return false;
        }
        auto const other = name_of("thread 0", key);
        if (auto const found = store->get({"c", other}); found && !found->starts_with(other + "="))
            return false;
    }
    return true;
}

}  // namespace

TEST_CASE("F35 sqlite_store: the child of a fork goes on with connections of its own, and so does the parent") {
    folder const place;
    memo::sqlite_store const store{place / "cache.db"};
    store->set({"c", "a"}, {"before"});
    CHECK(store->get({"c", "a"}) == "before");
    CHECK(process::holds_in_child([&] {
        return store->get({"c", "a"}) == "before" && store->set({"c", "a"}, {"of the child"});
    }));
    CHECK(store->get({"c", "a"}) == "of the child");
    CHECK(store->set({"c", "a"}, {"of the parent"}));
}

TEST_CASE("F35 sqlite_store: the child of a fork holds locks of its own, which protect it when the parent is gone") {
    folder const place;
    auto const path = place / "cache.db";
    int ready[2];
    int leave[2];
    REQUIRE(::pipe(ready) == 0);
    REQUIRE(::pipe(leave) == 0);
    char word = 0;
    pid_t child = 0;
    {
        memo::sqlite_store const store{path};
        store->set({"c", "a"}, {"a"});
        static_cast<void>(store->get({"c", "a"}));
        child = ::fork();
        if (child == 0) {
            ::alarm(20);
            bool right = store->get({"c", "a"}) == "a" && ::write(ready[1], "r", 1) == 1 && ::read(leave[0], &word, 1) == 1;
            right = right && store->set({"c", "b"}, {"b"}) && store->get({"c", "b"}) == "b";
            ::_exit(right ? 0 : 1);
        }
        REQUIRE(::read(ready[0], &word, 1) == 1);
    }
    sqlite3* stranger = nullptr;
    REQUIRE(::sqlite3_open(path.c_str(), &stranger) == SQLITE_OK);
    CHECK(::sqlite3_exec(stranger, "PRAGMA journal_mode = delete", nullptr, nullptr, nullptr) == SQLITE_BUSY);
    ::sqlite3_close(stranger);
    REQUIRE(::write(leave[1], "l", 1) == 1);
    CHECK(process::ends_with(child, 0));
    for (int const end : {ready[0], ready[1], leave[0], leave[1]})
        ::close(end);
    CHECK(memo::sqlite_store { path } -> get({"c", "b"}) == "b");
}

TEST_CASE("F35 sqlite_store: forks amid the load of many threads leave both sides right" *
          doctest::skip(!process::allocates_after_any_fork)) {
    folder const place{folder::in_memory()};
    memo::sqlite_store const store{place / "cache.db", patient};
    std::atomic<bool> ends{false};
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int number = 0; number != 4; ++number)
        threads.emplace_back([&, number] {
            if (!hammer(store, "thread " + std::to_string(number), 1'000'000, &ends))
                ++wrong;
        });
    std::minstd_rand chance{7};
    for (int fork = 0; fork != 12; ++fork) {
        for (auto yields = chance() % 2'000; yields != 0; --yields)
            std::this_thread::yield();
        CHECK(process::holds_in_child([&] { return hammer(store, "child " + std::to_string(fork), 60, nullptr); }));
    }
    ends = true;
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == 0);
}
