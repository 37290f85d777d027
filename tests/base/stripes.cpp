#include <memo/base/stripes.hpp>

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using memo::detail::stripe_of;

TEST_CASE("stripes: an object has the same lock always, and neighbours rarely share one") {
    std::array<long, 64> objects{};
    std::set<memo::detail::mutex*> locks;
    for (auto const& one : objects) {
        CHECK(&stripe_of(&one) == &stripe_of(&one));
        locks.insert(&stripe_of(&one));
    }
    CHECK(locks.size() > 8);
}

TEST_CASE("F35 stripes: the child of a fork finds each lock free, whoever used it at that moment") {
    std::array<long, 64> const objects{};
    std::atomic<bool> done{false};
    std::jthread const user{[&] {
        while (!done)
            for (auto const& one : objects)
                std::lock_guard{stripe_of(&one)};
    }};
    for (int forks = 0; forks != 20; ++forks) {
        auto const child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            ::alarm(20);
            for (auto const& one : objects)
                std::lock_guard{stripe_of(&one)};
            ::_exit(0);
        }
        int status = 1;
        CHECK(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
    }
    done = true;
}
