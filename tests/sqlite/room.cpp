#include "folder.hpp"

#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr std::size_t bound = std::size_t{1} << 20;

memo::entry_name of(std::string_view name) { return {"c", name}; }

void write_names(memo::sqlite_store const& store, int from, int to) {
    for (int number = from; number != to; ++number)
        store->set(of(std::to_string(number)), {std::string(500 + static_cast<std::size_t>(number) * 37 % 1'500, 'x')});
}

std::size_t bytes_of(memo::sqlite_store const& store) { return std::stoul(store->info()["bytes"]); }

}  // namespace

TEST_CASE("F45 sqlite_store: a file does not grow beyond its bound while ten times as much goes through it") {
    folder const place{folder::in_memory()};
    auto const path = place / "cache.db";
    memo::sqlite_store const store{path, {.max_bytes = bound, .timeout = 10s}};
    std::uintmax_t largest = 0;
    for (int part = 0; part != 20; ++part) {
        write_names(store, part * 500, (part + 1) * 500);
        CHECK(bytes_of(store) <= bound);
        largest = std::max(largest, std::filesystem::file_size(path));
    }
    CHECK(largest <= bound + bound / 8);
    CHECK(std::filesystem::file_size(path + "-wal") <= 16U << 20);
    CHECK(store->count("") > 400);
    CHECK(std::to_string(store->count("")) == store->info()["entries"]);
}

TEST_CASE("F45 sqlite_store: one transaction that writes more than the bound to an empty file leaves it within the bound") {
    folder const place{folder::in_memory()};
    for (std::size_t const size : {std::size_t{1'000}, std::size_t{100'000}}) {
        memo::sqlite_store const store{place / std::to_string(size), {.max_bytes = bound, .timeout = 10s}};
        std::string const record(size, 'x');
        std::vector<std::string> names;
        for (std::size_t number = 0; number * size < 3 * bound; ++number)
            names.push_back(std::to_string(number));
        std::vector<std::pair<memo::entry_name, memo::stored_bytes>> all;
        for (auto const& name : names)
            all.push_back({of(name), {record}});
        store->set_many(all);
        CHECK(bytes_of(store) <= bound);
        CHECK(bytes_of(store) > bound / 2);
    }
}

TEST_CASE("F45 sqlite_store: the log does not grow while some always read and some always write") {
    folder const place{folder::in_memory()};
    auto const path = place / "cache.db";
    memo::sqlite_store const store{path, {.timeout = 10s}};
    write_names(store, 0, 20);
    std::atomic<bool> ends{false};
    std::vector<std::thread> readers;
    for (int number = 0; number != 3; ++number)
        readers.emplace_back([&] {
            while (!ends)
                static_cast<void>(store->get(of("7")));
        });
    std::uintmax_t largest = 0;
    for (int part = 0; part != 300; ++part) {
        std::vector<std::pair<memo::entry_name, memo::stored_bytes>> all;
        std::string const value(100'000, static_cast<char>('a' + part % 26));
        for (auto const* name : {"1", "2", "3", "4"})
            all.emplace_back(of(name), memo::stored_bytes{value});
        store->set_many(all);
        largest = std::max(largest, std::filesystem::file_size(path + "-wal"));
    }
    ends = true;
    for (auto& reader : readers)
        reader.join();
    CHECK(largest < 60U << 20);  // of 120 MB that were written, on a machine that may be busy with other things
}

TEST_CASE("F45 sqlite_store: what was free for long is given back to the system, a step at a time") {
    folder const place{folder::in_memory()};
    auto const path = place / "cache.db";
    memo::sqlite_store const store{path, {.timeout = 10s}};
    write_names(store, 0, 3'000);
    CHECK(store->erase_all("").count() == 3'000);
    auto const before = std::stoul(store->info()["page_count"]);
    for (int step = 0; step != 100; ++step)
        store->sweep();
    CHECK(std::stoul(store->info()["page_count"]) < before / 2);
}

TEST_CASE("F45 sqlite_store: a value that cannot be held is refused, and what was there before is gone") {
    folder const place{folder::in_memory()};
    memo::sqlite_store const store{place / "cache.db", {.max_bytes = bound, .timeout = 10s}};
    write_names(store, 0, 100);
    CHECK(store->set(of("a"), {"small"}));
    CHECK_FALSE(store->set(of("a"), {std::string(2 * bound, 'x')}));
    CHECK_FALSE(store->get(of("a")));
    CHECK(store->set(of("a"), {"small"}));
    CHECK_FALSE(store->set(of("a"), {std::string(bound - 100, 'x')}));
    CHECK_FALSE(store->get(of("a")));
    CHECK(store->set(of("a"), {std::string(bound / 2, 'x')}));
    CHECK(store->get(of("a")) == std::string(bound / 2, 'x'));
    CHECK(bytes_of(store) <= bound);
    auto const mine = store->lead(of("b"), {});
    CHECK(store->commit(of("b"), mine, {std::string(2 * bound, 'x')}) == memo::committed::too_large);
}

TEST_CASE("sqlite_store: what is read now and then stays while four times the bound goes through") {
    folder const place{folder::in_memory()};
    memo::sqlite_store const store{place / "cache.db", {.max_entries = 400, .timeout = 10s}};
    for (int number = 0; number != 40; ++number)
        store->set(of("hot" + std::to_string(number)), {"hot"});
    for (int part = 0; part != 80; ++part) {
        write_names(store, part * 20, (part + 1) * 20);
        for (int number = 0; number != 40; ++number)
            static_cast<void>(store->get(of("hot" + std::to_string(number))));
    }
    int kept = 0;
    for (int number = 0; number != 40; ++number)
        kept += store->get(of("hot" + std::to_string(number))) ? 1 : 0;
    CHECK(kept >= 36);  // of two whose reads are noted in one place, one may go
    CHECK(store->count("") <= 400);
}

TEST_CASE("sqlite_store: where room is needed, what has expired leaves before what was used least recently") {
    folder const place{folder::in_memory()};
    memo::manual_clock clock;
    memo::sqlite_store const store{place / "cache.db", {.max_entries = 10, .timeout = 10s, .clock = clock}};
    for (int number = 0; number != 5; ++number)
        store->set(of("old" + std::to_string(number)), {"old"});
    for (int number = 0; number != 5; ++number)
        store->set(of("brief" + std::to_string(number)), {.record = "brief", .lifetime = 1s});
    clock.advance(1s);
    for (int number = 0; number != 5; ++number)
        store->set(of("new" + std::to_string(number)), {"new"});
    for (int number = 0; number != 5; ++number)
        CHECK(store->get(of("old" + std::to_string(number))) == "old");
}

TEST_CASE("sqlite_store: bounds that were lowered hold again after some writes") {
    folder const place{folder::in_memory()};
    auto const path = place / "cache.db";
    {
        memo::sqlite_store const large{path, {.timeout = 10s}};
        write_names(large, 0, 5'000);
    }
    memo::sqlite_store const small{path, {.max_entries = 100, .max_bytes = std::size_t{256} << 10, .timeout = 10s}};
    for (int more = 0; more != 4; ++more)
        small->set(of("more"), {"more"});
    CHECK(small->count("") <= 100);
    CHECK(bytes_of(small) <= std::size_t{256} << 10);
}
