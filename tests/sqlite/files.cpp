#include "folder.hpp"
#include "process.hpp"
#include "sqlite/shared.hpp"

#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>

namespace fs = std::filesystem;

namespace {

memo::entry_name of(std::string_view name) { return {"c", name}; }

void write_file(std::string const& path, std::string const& bytes) { std::ofstream{path, std::ios::binary} << bytes; }

std::string read_file(std::string const& path) {
    std::ostringstream all;
    all << std::ifstream{path, std::ios::binary}.rdbuf();
    return all.str();
}

std::string random_bytes(std::size_t many) {
    std::minstd_rand chance{42};
    std::string bytes(many, '\0');
    for (auto& byte : bytes)
        byte = static_cast<char>(chance());
    return bytes;
}

void run_sql(std::string const& path, char const* text) {
    sqlite3* other = nullptr;
    REQUIRE(::sqlite3_open(path.c_str(), &other) == SQLITE_OK);
    CHECK(::sqlite3_exec(other, text, nullptr, nullptr, nullptr) == SQLITE_OK);
    ::sqlite3_close(other);
}

/// A file of many entries, closed, with an empty log.
void fill(std::string const& path) {
    memo::sqlite_store const store{path};
    for (int number = 0; number != 200; ++number)
        store->set(of(std::to_string(number)), {std::string(1'000, 'x')});
    run_sql(path, "SELECT count(*) FROM sqlite_schema; PRAGMA wal_checkpoint(TRUNCATE)");
    REQUIRE(fs::file_size(path) > 100'000);
}

template <class Act>
std::optional<memo::error_code> fault_of(Act act) {
    try {
        act();
        return std::nullopt;
    } catch (memo::connection_error const& fault) {
        return fault.code();
    }
}

bool works(memo::sqlite_store const& store) {
    return store->set(of("new"), {"new"}) && store->get(of("new")) == "new" && store->count("") == 1;
}

/// Whether a file of these bytes is set aside whole, and a fresh one works in its place.
bool is_set_aside(std::string const& bytes) {
    folder const place;
    write_file(place / "cache.db", bytes);
    memo::sqlite_store const store{place / "cache.db"};
    CHECK_FALSE(store->get(of("1")));
    CHECK(store->info().contains("warning"));
    return works(store) && read_file(place / "cache.db.damaged") == bytes;
}

std::ptrdiff_t open_files() { return std::distance(fs::directory_iterator{"/proc/self/fd"}, fs::directory_iterator{}); }

mode_t permissions(std::string const& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 0777U : 0;
}

}  // namespace

TEST_CASE("F46 sqlite_store: an empty file is begun, and nothing is set aside") {
    folder const place;
    write_file(place / "cache.db", "");
    memo::sqlite_store const store{place / "cache.db"};
    CHECK(works(store));
    CHECK_FALSE(store->info().contains("warning"));
    CHECK_FALSE(fs::exists(place / "cache.db.damaged"));
}

TEST_CASE("F46 sqlite_store: what is no database is set aside, whole, and a fresh one begun") {
    CHECK(is_set_aside(random_bytes(100'000)));
    CHECK(is_set_aside("x"));
    CHECK(is_set_aside(std::string(5'000, '\0')));
    CHECK(is_set_aside("SQLite format 3" + random_bytes(50'000)));
}

TEST_CASE("F46 sqlite_store: a layout or version that is not this memo's is set aside, but a newer one is left alone") {
    folder const place;
    fill(place / "older.db");
    run_sql(place / "older.db", "PRAGMA user_version = 0");
    CHECK(works(memo::sqlite_store{place / "older.db"}));
    CHECK(fs::exists(place / "older.db.damaged"));

    fill(place / "other.db");
    run_sql(place / "other.db", "DROP TABLE tagged");
    CHECK(works(memo::sqlite_store{place / "other.db"}));
    CHECK(fs::exists(place / "other.db.damaged"));

    fill(place / "newer.db");
    run_sql(place / "newer.db", "PRAGMA user_version = 99");
    memo::sqlite_store const newer{place / "newer.db"};
    CHECK(fault_of([&] { static_cast<void>(newer->get(of("1"))); }) == memo::error_code::foreign);
    CHECK_FALSE(fs::exists(place / "newer.db.damaged"));
}

TEST_CASE("F46 sqlite_store: another program's database and a directory are refused, and stay as they are") {
    folder const place;
    run_sql(place / "theirs.db", "CREATE TABLE customers(name TEXT); INSERT INTO customers VALUES('ann')");
    auto const before = read_file(place / "theirs.db");
    memo::sqlite_store const theirs{place / "theirs.db"};
    CHECK(fault_of([&] { theirs->set(of("a"), {"a"}); }) == memo::error_code::foreign);
    CHECK(read_file(place / "theirs.db") == before);

    fs::create_directory(place / "directory");
    memo::sqlite_store const directory{place / "directory"};
    CHECK(fault_of([&] { directory->set(of("a"), {"a"}); }) == memo::error_code::foreign);
    CHECK(fs::is_directory(place / "directory"));
    auto const all = of("a");
    CHECK(directory->erase({&all, 1}).failed());
}

TEST_CASE("F46 sqlite_store: a file that is cut short at any length while it is open gives misses or faults, never a signal") {
    folder const place;
    fill(place / "cache.db");
    auto const whole = read_file(place / "cache.db");
    for (std::size_t const part : {0U, 1U, 5U, 20U, 50U, 80U, 95U}) {
        auto const path = place / (std::to_string(part) + ".db");
        write_file(path, whole);
        CHECK(process::holds_in_child([&] {
            memo::sqlite_store const store{path};
            bool right = store->get(of("0")).has_value();
            fs::resize_file(path, whole.size() * part / 100);
            for (int round = 0; round != 2; ++round)
                for (int number = 0; number != 200; ++number)
                    static_cast<void>(fault_of([&] {
                        auto const found = store->get(of(std::to_string(number)));
                        right = right && (!found || *found == std::string(1'000, 'x'));
                        store->set(of("new"), {"new"});
                        right = right && store->get(of("new")) == "new";
                    }));
            return right;
        }));
    }
}

TEST_CASE("F46 sqlite_store: every process that has a damaged file open notices before its next operation") {
    folder const place{folder::in_memory()};  // where the damaged file is replaced within a moment
    auto const path = place / "cache.db";
    fill(path);
    struct flags {
        std::atomic<bool> reads{false};
        std::atomic<bool> replaced{false};
    };
    shared_with_children<flags> seen;
    auto const child = ::fork();
    if (child == 0) {
        ::alarm(20);
        memo::sqlite_store const store{path, {.timeout = std::chrono::seconds{10}}};
        bool right = store->get(of("7")).has_value();
        for (bool replaced = false; !replaced;) {
            replaced = seen->replaced;
            seen->reads = true;
            right = right && (store->get(of("7")).has_value() ? !replaced : true);
        }
        ::_exit(right && store->info().contains("warning") && store->get(of("fresh")) == "fresh" ? 0 : 1);
    }
    while (!seen->reads)
        std::this_thread::yield();
    {
        std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
        file << random_bytes(4'096);
    }
    memo::sqlite_store const store{path, {.timeout = std::chrono::seconds{10}}};
    CHECK_FALSE(store->get(of("8")));
    CHECK(store->set(of("fresh"), {"fresh"}));
    seen->replaced = true;
    CHECK(process::ends_with(child, 0));
}

TEST_CASE("F46 sqlite_store: a process that closes a file which was set aside leaves the log of the fresh one alone") {
    folder const place;
    auto const path = place / "cache.db";
    fill(path);
    struct flags {
        std::atomic<bool> has_opened{false};
        std::atomic<bool> replaced{false};
    };
    shared_with_children<flags> seen;
    auto const child = ::fork();
    if (child == 0) {
        ::alarm(20);
        {
            memo::sqlite_store const store{path, {.timeout = std::chrono::seconds{10}}};
            seen->has_opened = store->get(of("7")).has_value();
            while (!seen->replaced)
                std::this_thread::yield();
        }
        ::_exit(0);
    }
    while (!seen->has_opened)
        std::this_thread::yield();
    {
        std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
        file << random_bytes(4'096);
    }
    memo::sqlite_store const store{path, {.timeout = std::chrono::seconds{10}}};
    CHECK(store->set(of("fresh"), {"fresh"}));
    REQUIRE(fs::exists(path + "-wal"));
    seen->replaced = true;
    CHECK(process::ends_with(child, 0));
    CHECK(fs::exists(path + "-wal"));
    CHECK(process::holds_in_child([&] {
        return memo::sqlite_store { path } -> get(of("fresh")) == "fresh";
    }));
}

TEST_CASE("F01 sqlite_store: who finds another name in the row of its digest has a miss, and evicts nothing of the other's") {
    folder const place;
    auto const path = place / "cache.db";
    memo::sqlite_store const store{path, {.timeout = std::chrono::seconds{10}}};
    store->set(of("a"), {"of another"});
    run_sql(path, "UPDATE entries SET name = x'62'");
    auto const a = of("a");
    CHECK_FALSE(store->get(a));
    CHECK(store->erase({&a, 1}).count() == 0);
    CHECK_FALSE(store->discard(a, "of another"));
    CHECK(store->count("") == 1);
    CHECK(store->set(a, {"of a"}));
    CHECK(store->get(a) == "of a");
    CHECK(store->count("") == 1);
}

TEST_CASE("F46 sqlite_store: a file that somebody removed is begun anew by the next write") {
    folder const place;
    memo::sqlite_store const store{place / "cache.db"};
    store->set(of("a"), {"a"});
    for (auto const* end : {"", "-wal", "-shm"})
        fs::remove(place / ("cache.db" + std::string{end}));
    CHECK(works(store));
    CHECK(fs::exists(place / "cache.db"));
}

TEST_CASE("F46 sqlite_store: a file that somebody removed is no answer to reads for long") {
    folder const place;
    memo::sqlite_store const store{place / "cache.db"};
    store->set(of("a"), {"a"});
    CHECK(store->get(of("a")) == "a");
    for (auto const* end : {"", "-wal", "-shm"})
        fs::remove(place / ("cache.db" + std::string{end}));
    auto const begun = std::chrono::steady_clock::now();
    while (store->get(of("a")) && std::chrono::steady_clock::now() - begun < std::chrono::seconds{10})
        std::this_thread::yield();
    CHECK_FALSE(store->get(of("a")));
}

TEST_CASE("F46 sqlite_store: at most one damaged file is kept") {
    folder const place;
    memo::sqlite_store const store{place / "cache.db"};
    for (auto const* bytes : {"first damage", "second damage"}) {
        for (auto const* end : {"", "-wal", "-shm"})
            fs::remove(place / ("cache.db" + std::string{end}));
        write_file(place / "cache.db", bytes);
        CHECK(works(store));
        CHECK(read_file(place / "cache.db.damaged") == bytes);
    }
    CHECK(std::distance(fs::directory_iterator{place.path()}, fs::directory_iterator{}) == 4);
}

TEST_CASE("F46 sqlite_store: what may not be written, or is not there, is a fault of each operation, and none of its making") {
    folder const place;
    memo::sqlite_store const nowhere{place / "no/such/directory/cache.db"};
    CHECK(fault_of([&] { nowhere->set(of("a"), {"a"}); }) == memo::error_code::unreachable);
    fs::create_directories(place / "no/such/directory");
    CHECK(works(nowhere));

    fill(place / "cache.db");
    if (::mount(place.path().c_str(), place.path().c_str(), nullptr, MS_BIND, nullptr) == 0 &&
        ::mount(nullptr, place.path().c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0) {
        CHECK(process::holds_in_child([&] {
            memo::sqlite_store const frozen{place / "cache.db"};
            return fault_of([&] { frozen->set(of("a"), {"a"}); }).has_value();
        }));
        ::umount2(place.path().c_str(), MNT_DETACH);
    }
}

TEST_CASE("F08 sqlite_store: files are their owner's alone, whatever the umask says") {
    folder const place;
    auto const before = ::umask(0);
    memo::sqlite_store const store{place / "cache.db"};
    store->set(of("a"), {"a"});
    ::umask(before);
    for (auto const* end : {"", "-wal", "-shm"})
        CHECK(permissions(place / ("cache.db" + std::string{end})) == 0600);
}

TEST_CASE(
    "F08 sqlite_store: a directory that anybody may write to is refused, unless it is sticky and the file is the user's own") {
    folder const place;
    fs::permissions(place.path(), fs::perms::all);
    memo::sqlite_store const open_to_all{place / "cache.db"};
    CHECK(fault_of([&] { open_to_all->set(of("a"), {"a"}); }) == memo::error_code::refused);
    fs::permissions(place.path(), fs::perms::all | fs::perms::sticky_bit);
    CHECK(open_to_all->set(of("a"), {"a"}));
    if (::geteuid() == 0) {
        write_file(place / "planted.db", "");
        REQUIRE(::chown((place / "planted.db").c_str(), 12'345, 12'345) == 0);
        memo::sqlite_store const planted{place / "planted.db"};
        CHECK(fault_of([&] { planted->set(of("a"), {"a"}); }) == memo::error_code::refused);
    }
}

TEST_CASE("F48 sqlite_store: one file is one store in a process, under whatever path; a file with two names is refused") {
    folder const place;
    memo::sqlite_store const store{place / "cache.db"};
    store->set(of("a"), {"a"});
    fs::create_symlink(place / "cache.db", place / "link.db");
    memo::sqlite_store const linked{place / "link.db"};
    memo::sqlite_store const roundabout{place / "../" + fs::path{place.path()}.filename().string() + "/./cache.db"};
    CHECK(store->get(of("a")) == "a");
    auto const before = open_files();
    linked->set(of("a"), {"b"});
    CHECK(roundabout->get(of("a")) == "b");
    CHECK(open_files() == before);
    CHECK(linked->info()["address"] == store->info()["address"]);

    memo::sqlite_store { place / "twin.db" } -> set(of("a"), {"a"});
    fs::create_hard_link(place / "twin.db", place / "sibling.db");
    memo::sqlite_store const sibling{place / "sibling.db"};
    CHECK(fault_of([&] { static_cast<void>(sibling->get(of("a"))); }) == memo::error_code::refused);
}
