#include <memo/call/anchor.hpp>

#include "process.hpp"

#include <memo/cached.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>

#include <unistd.h>

using memo::detail::anchor;

namespace {

struct state {
    memo::detail::exit_watch exits;
    int stops = 0;
    void stop() { ++stops; }
};

}  // namespace

TEST_CASE("anchor: while the process goes on it lets go, copies share and a move takes") {
    auto const shared = std::make_shared<state>();
    {
        anchor<state> first{shared};
        anchor<state> const second{first};
        CHECK(shared.use_count() == 3);
        anchor<state> third{std::move(first)};
        CHECK(shared.use_count() == 3);
        third = anchor<state>{nullptr};
        CHECK(second.state() == shared);
    }
    CHECK(shared.use_count() == 1);
    CHECK(shared->stops == 0);
}

TEST_CASE("F34 anchor: at exit, threads that still call a wrapper in static storage get their results") {
    auto const child = ::fork();
    if (child == 0) {
        ::alarm(20);
        static std::atomic<bool> destroyed{false};
        static std::atomic<int> calls_after{0};
        struct last_word {  // older than the wrapper, so it comes after it
            ~last_word() {
                destroyed = true;
                while (calls_after < 1'000)
                    std::this_thread::yield();
                ::_exit(42);
            }
        };
        static last_word const waits;
        static auto const twice = memo::cached([](int n) { return 2 * n; });
        static_cast<void>(twice(1));
        std::thread{[] {
            for (int n = 0;; n = (n + 1) % 100) {
                if (twice(n) != 2 * n)
                    ::_exit(1);
                calls_after += destroyed;
            }
        }}.detach();
        std::exit(1);
    }
    CHECK(process::ends_with(child, 42));
}
