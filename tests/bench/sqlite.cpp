// How long the SQLite store takes, beside bare prepared statements that do the same. Run it with tests/bench/stores sqlite.

#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>

#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t keys = 1'000;
constexpr std::size_t batch = 100;
std::string const value(1'000, 'x');

std::string const& place() {
    static std::string const path = [] {
        auto made = (std::filesystem::temp_directory_path() / "memo-bench-XXXXXX").string();
        if (::mkdtemp(made.data()) == nullptr)
            std::exit(1);
        return made;
    }();
    return path;
}

/// What somebody writes who needs one table: a connection, and two statements prepared once.
class bare {
public:
    explicit bare(std::string const& path) {
        ::sqlite3_open(path.c_str(), &connection_);
        run("PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA secure_delete = off; PRAGMA cache_size = -8192;"
            "CREATE TABLE IF NOT EXISTS entries(id INTEGER PRIMARY KEY, record BLOB)");
        ::sqlite3_prepare_v2(connection_, "SELECT record FROM entries WHERE id = ?", -1, &get_, nullptr);
        ::sqlite3_prepare_v2(connection_, "INSERT OR REPLACE INTO entries VALUES(?, ?)", -1, &set_, nullptr);
    }
    bare(bare const&) = delete;
    bare& operator=(bare const&) = delete;
    ~bare() {
        ::sqlite3_finalize(get_);
        ::sqlite3_finalize(set_);
        ::sqlite3_close(connection_);
    }

    void run(char const* text) {
        if (::sqlite3_exec(connection_, text, nullptr, nullptr, nullptr) != SQLITE_OK) {
            std::cerr << "bench: " << ::sqlite3_errmsg(connection_) << '\n';
            std::exit(1);
        }
    }

    std::string get(std::int64_t id) {
        ::sqlite3_bind_int64(get_, 1, id);
        std::string found;
        if (::sqlite3_step(get_) == SQLITE_ROW)
            found.assign(static_cast<char const*>(::sqlite3_column_blob(get_, 0)),
                         static_cast<std::size_t>(::sqlite3_column_bytes(get_, 0)));
        ::sqlite3_reset(get_);
        return found;
    }

    void set(std::int64_t id, std::string const& record) {
        ::sqlite3_bind_int64(set_, 1, id);
        ::sqlite3_bind_blob(set_, 2, record.data(), static_cast<int>(record.size()), SQLITE_STATIC);
        ::sqlite3_step(set_);
        ::sqlite3_reset(set_);
    }

private:
    sqlite3* connection_ = nullptr;
    sqlite3_stmt* get_ = nullptr;
    sqlite3_stmt* set_ = nullptr;
};

/// Random 63-bit numbers, as the rows of the store are.
std::int64_t id_of(std::size_t number) { return static_cast<std::int64_t>((number + 1) * 0x9e3779b97f4a7c15U >> 1); }

std::vector<std::string> const& names() {
    static auto const all = [] {
        std::vector<std::string> made;
        for (std::size_t number = 0; number != 100 * keys; ++number)
            made.push_back("user:" + std::to_string(number));
        return made;
    }();
    return all;
}

memo::entry_name name_of(std::size_t number) { return {"f:users.get:1:0123456789abcdef", names()[number % names().size()]}; }

memo::sqlite_store fresh_store() {
    static int number = 0;
    memo::sqlite_store store{place() + "/store" + std::to_string(++number) + ".db"};
    for (std::size_t key = 0; key != keys; ++key)
        store->set(name_of(key), {value});
    return store;
}

std::string fresh_bare() {
    static int number = 0;
    auto const path = place() + "/bare" + std::to_string(++number) + ".db";
    bare one{path};
    for (std::size_t key = 0; key != keys; ++key)
        one.set(id_of(key), value);
    return path;
}

void get_bare(benchmark::State& state) {
    bare one{fresh_bare()};
    std::size_t at = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(one.get(id_of(at++ * 389 % keys)));
}

void get_bare_in_a_transaction(benchmark::State& state) {
    bare one{fresh_bare()};
    one.run("BEGIN");
    std::size_t at = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(one.get(id_of(at++ * 389 % keys)));
    one.run("COMMIT");
}

void get_store(benchmark::State& state) {
    auto const store = fresh_store();
    std::size_t at = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(store->get(name_of(at++ * 389 % keys)));
}

/// Only the get is timed, each after a write of another key.
template <class Get, class Write>
void time_gets(benchmark::State& state, Get get, Write write) {
    std::size_t at = 0;
    for (auto _ : state) {
        write((at + 1) * 389 % keys);
        auto const begin = std::chrono::steady_clock::now();
        benchmark::DoNotOptimize(get(at++ * 389 % keys));
        state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
}

void get_after_write_bare(benchmark::State& state) {
    bare one{fresh_bare()};
    time_gets(state, [&](std::size_t key) { return one.get(id_of(key)); }, [&](std::size_t key) { one.set(id_of(key), value); });
}

void get_after_write_store(benchmark::State& state) {
    auto const store = fresh_store();
    time_gets(state, [&](std::size_t key) { return store->get(name_of(key)); },
              [&](std::size_t key) { store->set(name_of(key), {value}); });
}

void set_bare(benchmark::State& state) {
    bare one{fresh_bare()};
    std::size_t at = 0;
    for (auto _ : state)
        one.set(id_of(at++ * 389 % keys), value);
}

void set_store(benchmark::State& state) {
    auto const store = fresh_store();
    std::size_t at = 0;
    for (auto _ : state)
        store->set(name_of(at++ * 389 % keys), {value});
}

void set_new_bare(benchmark::State& state) {
    bare one{fresh_bare()};
    std::size_t at = keys;
    for (auto _ : state)
        one.set(id_of(at++), value);
}

void set_new_store(benchmark::State& state) {
    auto const store = fresh_store();
    std::size_t at = keys;
    for (auto _ : state)
        store->set(name_of(at++), {value});
}

void get_singles(benchmark::State& state) {
    auto const store = fresh_store();
    for (auto _ : state)
        for (std::size_t key = 0; key != batch; ++key)
            benchmark::DoNotOptimize(store->get(name_of(key)));
}

void get_batch(benchmark::State& state) {
    auto const store = fresh_store();
    std::vector<memo::entry_name> all;
    for (std::size_t key = 0; key != batch; ++key)
        all.push_back(name_of(key));
    for (auto _ : state)
        benchmark::DoNotOptimize(store->get_many(all));
}

void set_singles(benchmark::State& state) {
    auto const store = fresh_store();
    for (auto _ : state)
        for (std::size_t key = 0; key != batch; ++key)
            store->set(name_of(key), {value});
}

void set_batch(benchmark::State& state) {
    auto const store = fresh_store();
    std::vector<std::pair<memo::entry_name, memo::stored_bytes>> all;
    for (std::size_t key = 0; key != batch; ++key)
        all.emplace_back(name_of(key), memo::stored_bytes{value});
    for (auto _ : state)
        store->set_many(all);
}

void miss_store(benchmark::State& state) {
    auto const store = fresh_store();
    std::size_t at = keys;
    for (auto _ : state) {
        auto const name = name_of(at++);
        store->commit(name, store->open(name, {}, {}, 0).mine, {value});
    }
}

}  // namespace

BENCHMARK(get_bare);
BENCHMARK(get_bare_in_a_transaction);
BENCHMARK(get_store);
BENCHMARK(get_after_write_bare)->UseManualTime();
BENCHMARK(get_after_write_store)->UseManualTime();
BENCHMARK(set_bare)->UseRealTime();
BENCHMARK(set_store)->UseRealTime();
BENCHMARK(set_new_bare)->UseRealTime();
BENCHMARK(set_new_store)->UseRealTime();
BENCHMARK(get_singles);
BENCHMARK(get_batch);
BENCHMARK(set_singles)->UseRealTime();
BENCHMARK(set_batch)->UseRealTime();
BENCHMARK(miss_store)->UseRealTime();

int main(int count, char** words) {
    benchmark::Initialize(&count, words);
    benchmark::RunSpecifiedBenchmarks();
    std::filesystem::remove_all(place());
    return 0;
}
