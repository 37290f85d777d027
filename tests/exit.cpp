#include "process.hpp"

#include <memo/base/error.hpp>
#include <memo/base/pool.hpp>

#include <doctest/doctest.h>

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <latch>
#include <memory>
#include <thread>

using memo::detail::default_pool;
using process::ends_well;
using process::well;

/// What becomes of background work when a process ends. The programs that end are test cases that are skipped but by those
/// that start them.
namespace {

/// The last word of a program: a static that is older than the pool's threads goes after them.
struct judge {
    bool (*verdict)();
    ~judge() { _exit(verdict() ? well : 1); }
};

constexpr unsigned shorter_than_the_patience_of_a_pool = 4;

bool refuses(memo::detail::pool& tasks) {
    try {
        tasks.execute([] {});
        return false;
    } catch (memo::error const& reason) {
        return reason.code() == memo::error_code::refused;
    }
}

}  // namespace

TEST_SUITE_BEGIN("exit");

TEST_CASE("a program ends while tasks run and wait" * doctest::skip()) {
    static std::atomic<int> finished{0};
    static bool dropped_runs = false;
    static std::weak_ptr<int> alive;
    static judge const at_the_end{[] {
        return finished == 2 && !dropped_runs && alive.expired() && process::has_threads(1) && refuses(default_pool());
    }};
    alarm(20);
    auto token = std::make_shared<int>();
    alive = token;
    std::latch started{2};
    for (int i = 0; i != 2; ++i) {
        default_pool().execute([&] {
            started.count_down();
            while (!alive.expired())
                std::this_thread::yield();
            ++finished;
        });
    }
    default_pool().execute([token] { dropped_runs = true; });
    token.reset();
    started.wait();
    std::exit(1);
}

TEST_CASE("a program ends in a task" * doctest::skip()) {
    static judge const at_the_end{[] { return process::has_threads(2); }};
    alarm(shorter_than_the_patience_of_a_pool);
    default_pool().execute([] { std::exit(1); });
    std::promise<void>{}.get_future().wait();
}

TEST_CASE("a child ends while tasks run in its parent" * doctest::skip()) {
    static judge const at_the_end{[] { return process::has_threads(1); }};
    std::latch started{1};
    std::latch over{1};
    default_pool().execute([&] {
        started.count_down();
        over.wait();
    });
    started.wait();
    auto const child = fork();
    if (child == 0) {
        alarm(shorter_than_the_patience_of_a_pool);
        std::exit(1);
    }
    auto const good = process::ends_with(child, well);
    over.count_down();
    _exit(good ? well : 1);
}

TEST_CASE("F34 exit: what waits is dropped, what runs ends, and only then statics older than the threads go") {
    CHECK(ends_well("a program ends while tasks run and wait"));
}

TEST_CASE("F34 exit: it may be called by a task, which is not waited for") {
    CHECK(ends_well("a program ends in a task"));
}

TEST_CASE("F35 exit: that of a child does not wait for what its parent does") {
    CHECK(ends_well("a child ends while tasks run in its parent"));
}

TEST_SUITE_END();
