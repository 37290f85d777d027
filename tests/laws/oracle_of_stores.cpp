#include "folder.hpp"
#include "laws/oracle.hpp"
#include "laws/source.hpp"
#include "live/redis_server.hpp"
#include "process.hpp"

#include <memo/open.hpp>
#include <memo/options.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/store/redis.hpp>
#include <memo/store/sqlite.hpp>

#include <doctest/doctest.h>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <new>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;

void search_both(memo::shared_store const& bytes, laws::campaign const& dose = {.reads = 20'000, .at_most = 5s}) {
    auto const alone = laws::search<std::string>(dose, memo::name("oracle"), memo::store(bytes));
    CHECK(alone.changes > 0);
    CHECK(alone.outdated == 0);
    CHECK(alone.broken == 0);
    auto const near = laws::search<std::string>(dose, memo::name("oracle.near"), memo::store(bytes), memo::near(memo::max_size(40)));
    CHECK(near.changes > 0);
    CHECK(near.outdated == 0);
    CHECK(near.broken == 0);
}

/// What processes share that read from one source.
class shared_source {
public:
    shared_source()
        : at_{::mmap(nullptr, sizeof(laws::source), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)},
          truth_{new (at_) laws::source} {}
    ~shared_source() { ::munmap(at_, sizeof(laws::source)); }
    shared_source(shared_source const&) = delete;
    shared_source& operator=(shared_source const&) = delete;

    laws::source& operator*() const { return *truth_; }

private:
    void* at_;
    laws::source* truth_;
};

/// Three processes with a thread each; every one opens the store for itself. Returns: how many found nothing outdated or broken.
int processes_in_order(std::function<memo::shared_store()> const& open) {
    shared_source const truth;
    constexpr unsigned processes = 3;
    std::vector<pid_t> children;
    for (unsigned number = 0; number != processes; ++number)
        if (auto const child = fork(); child != 0) {
            children.push_back(child);
        } else {
            alarm(60);
            auto const found = laws::search_in<std::string>(*truth, {.threads = 1, .first = number, .of = processes, .reads = 10'000},
                                                            memo::name("oracle"), memo::store(open()));
            _exit(found.outdated == 0 && found.broken == 0 && found.changes > 0 ? 0 : 1);
        }
    int well = 0;
    for (auto const child : children)
        well += process::ends_with(child, 0);
    return well;
}

}  // namespace

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F18 F19 oracle: over bytes in memory no call gets less than what was there at the last eviction") {
    search_both(memo::memory_bytes_store{});
}

TEST_CASE("F18 F19 oracle: over a file no call gets less than what was there at the last eviction") {
    folder const home{folder::in_memory()};
    search_both(memo::sqlite_store{home / "oracle.db", {.timeout = 10s}});
}

TEST_CASE("F18 F19 oracle: over a server no call gets less than what was there at the last eviction") {
    live::redis_server const server;
    search_both(memo::redis_store{server.over_unix()}, {.reads = 3'000, .at_most = 5s});
}

TEST_SUITE_END();

TEST_CASE("F18 F19 oracle: three processes on a file get nothing older than any one's last eviction") {
    folder const home{folder::in_memory()};
    CHECK(processes_in_order([&] { return memo::sqlite_store{home / "oracle.db", {.timeout = 10s}}; }) == 3);
}

TEST_CASE("F18 F19 oracle: three processes on a server get nothing older than any one's last eviction") {
    live::redis_server const server;
    CHECK(processes_in_order([&] { return memo::redis_store{server.over_unix()}; }) == 3);
}
