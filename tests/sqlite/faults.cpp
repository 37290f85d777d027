#include "folder.hpp"
#include "process.hpp"
#include "sqlite/disk.hpp"

#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

memo::entry_name of(std::string_view name) { return {"c", name}; }

std::ptrdiff_t open_files() {
    using std::filesystem::directory_iterator;
    return std::distance(directory_iterator{"/proc/self/fd"}, directory_iterator{});
}

/// Returns: the code of the fault, if there is one.
template <class Act>
std::optional<memo::error_code> fault_of(Act act) {
    try {
        act();
        return std::nullopt;
    } catch (memo::connection_error const& fault) {
        return fault.code();
    }
}

/// What one run of a few operations found wrong, while accesses to the disk may fail.
class trial {
public:
    explicit trial(memo::sqlite_store store) : store_{std::move(store)} {}

    void play() {
        for (auto const* name : {"a", "b", "c"})
            set(name, std::string(3'000, *name));
        evict("b");
        set("a", std::string(9'000, 'A'));
        run("d", std::string(5'000, 'd'));
        static_cast<void>(fault_of([&] { store_->flush(); }));
        for (auto const* name : {"a", "b", "c", "d"})
            static_cast<void>(is_right(name));
    }

    /// What is there is what may be there.
    bool is_right(std::string_view name) {
        std::optional<std::string> found;
        if (fault_of([&] { found = store_->get(of(name)); }))
            return true;
        auto const& allowed = at(name);
        right_ = right_ && (!found || std::find(allowed.begin(), allowed.end(), *found) != allowed.end());
        return right_;
    }
    bool stayed_right() const { return right_; }
    bool can_write() {
        return !fault_of([&] { store_->set(of("e"), {"e"}); }) && store_->get(of("e")) == "e";
    }

private:
    std::vector<std::string>& at(std::string_view name) { return allowed_[static_cast<std::size_t>(name[0] - 'a')]; }

    void set(std::string_view name, std::string const& value) {
        at(name).push_back(value);
        if (!fault_of([&] { store_->set(of(name), {value}); }))
            at(name) = {value};
        static_cast<void>(is_right(name));
    }

    void evict(std::string_view name) {
        auto const all = of(name);
        if (store_->erase({&all, 1}).confirmed())
            at(name).clear();
        static_cast<void>(is_right(name));
    }

    void run(std::string_view name, std::string const& value) {
        at(name).push_back(value);
        static_cast<void>(fault_of([&] { store_->commit(of(name), store_->lead(of(name), {}), {value}); }));
        static_cast<void>(is_right(name));
    }

    memo::sqlite_store store_;
    std::array<std::vector<std::string>, 5> allowed_;
    bool right_ = true;
};

/// Plays with the n-th access of a kind failing, once or from then on, for each n that there is.
void fail_each(watched_disk::kind what, int result, bool for_good) {
    int last = 1;
    auto const before = open_files();
    for (int nth = 1; last >= nth; ++nth) {
        folder const place{folder::in_memory()};
        int count = 0;
        bool healed = false;
        watched_disk const disk{[&](watched_disk::access const& access) {
            if (access.what != what || healed)
                return SQLITE_OK;
            ++count;
            return count == nth || (for_good && count > nth) ? result : SQLITE_OK;
        }};
        {
            trial some{memo::sqlite_store{place / "cache.db"}};
            some.play();
            healed = true;
            last = count;
            CAPTURE(nth);
            CHECK(some.stayed_right());
            CHECK(some.can_write());
            for (auto const* name : {"a", "b", "c", "d"})
                CHECK(some.is_right(name));
        }
    }
    CHECK(last > 3);
    CHECK(open_files() == before);
}

}  // namespace

TEST_CASE("F49 sqlite_store: whichever write fails, once or from then on, nothing wrong is read, and it recovers") {
    fail_each(watched_disk::kind::write, SQLITE_IOERR_WRITE, false);
    fail_each(watched_disk::kind::write, SQLITE_IOERR_WRITE, true);
    fail_each(watched_disk::kind::write, SQLITE_FULL, true);
}

TEST_CASE("F49 sqlite_store: whichever read, opening or sync fails, nothing wrong is read, and it recovers") {
    fail_each(watched_disk::kind::read, SQLITE_IOERR_READ, false);
    fail_each(watched_disk::kind::read, SQLITE_IOERR_READ, true);
    fail_each(watched_disk::kind::open, SQLITE_CANTOPEN, false);
    fail_each(watched_disk::kind::sync, SQLITE_IOERR_FSYNC, false);
}

TEST_CASE("F49 sqlite_store: after a sync that failed the file is not trusted any more") {
    folder const place{folder::in_memory()};
    bool fails = false;
    watched_disk const disk{[&](watched_disk::access const& access) {
        return fails && access.what == watched_disk::kind::sync ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    }};
    memo::sqlite_store const store{place / "cache.db", {.mode = memo::sqlite_mode::durable}};
    store->set(of("a"), {"a"});
    fails = true;
    CHECK(fault_of([&] { store->set(of("b"), {"b"}); }) == memo::error_code::unreachable);
    fails = false;
    CHECK_FALSE(store->get(of("a")));
    CHECK(std::filesystem::exists(place / "cache.db.damaged"));
    CHECK(store->info()["warning"].find("sync") != std::string::npos);
    CHECK(store->set(of("c"), {"c"}));
}

TEST_CASE("F49 sqlite_store: without a file descriptor left an operation fails, and works again when there is one") {
    folder const place{folder::in_memory()};
    CHECK(process::holds_in_child([&] {
        memo::sqlite_store const store{place / "cache.db"};
        // the sanitizer of clang checks the type of an object by a pipe, the first time that it sees it
        static_cast<void>(std::generic_category().message(EMFILE));
        rlimit const few{32, 32};
        ::setrlimit(RLIMIT_NOFILE, &few);
        std::vector<int> taken;
        for (int one = ::open("/dev/null", O_RDONLY); one >= 0; one = ::open("/dev/null", O_RDONLY))
            taken.push_back(one);
        auto const failed = fault_of([&] { static_cast<void>(store->get(of("a"))); });
        for (int const one : taken)
            ::close(one);
        return failed == memo::error_code::unreachable && store->set(of("a"), {"a"}) && store->get(of("a")) == "a";
    }));
}

TEST_CASE(
    "F44 sqlite_store: at the limit of file sizes writes are refused as full, reads stay right, and no signal ends the process") {
    folder const place;
    CHECK(process::holds_in_child([&] {
        memo::sqlite_store const store{place / "cache.db"};
        store->set(of("first"), {"first"});
        rlimit const small{400'000, RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &small);
        std::optional<memo::error_code> fault;
        int stored = 0;
        for (; stored < 1'000 && !fault; ++stored)
            fault = fault_of([&] { store->set(of(std::to_string(stored)), {std::string(1'000, 'x')}); });
        bool const refused = fault == memo::error_code::full && stored > 10 && store->get(of("first")) == "first" &&
                             store->get(of("5")) == std::string(1'000, 'x');
        rlimit const large{RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &large);
        return refused && store->set(of("last"), {std::string(100'000, 'x')}) && store->get(of("first")) == "first";
    }));
}

TEST_CASE(
    "F44 sqlite_store: on a disk that a neighbour fills writes are refused as full, reads stay right, and it recovers by "
    "itself") {
    folder const place;
    if (::mount("memo", place.path().c_str(), "tmpfs", 0, "size=3m") != 0) {
        MESSAGE("this user may mount nothing, so no disk can be filled");
        return;
    }
    {
        memo::sqlite_store const store{place / "cache.db"};
        store->set(of("first"), {"first"});
        {
            std::ofstream neighbour{place / "neighbour"};
            neighbour << std::string(8'000'000, 'x') << std::flush;
        }
        std::optional<memo::error_code> fault;
        for (int more = 0; more < 1'000 && !fault; ++more)
            fault = fault_of([&] { store->set(of(std::to_string(more)), {std::string(10'000, 'x')}); });
        CHECK(fault == memo::error_code::full);
        CHECK(store->get(of("first")) == "first");
        {
            memo::sqlite_store const opened_when_full{place / "other.db"};
            CHECK(fault_of([&] { opened_when_full->set(of("a"), {"a"}); }) == memo::error_code::full);
        }
        std::filesystem::remove(place / "neighbour");
        CHECK(store->set(of("last"), {std::string(100'000, 'x')}));
        CHECK(store->get(of("first")) == "first");
    }
    ::umount2(place.path().c_str(), MNT_DETACH);
}
