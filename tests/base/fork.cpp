#include "process.hpp"

#include <memo/base/fork.hpp>

#include <memo/base/sync.hpp>

#include <doctest/doctest.h>

#include <barrier>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using memo::detail::fork_aware;
using memo::detail::fork_enrolment;
using memo::detail::fork_generation;
using memo::detail::fork_side;

namespace {

class scribe final : public fork_aware {
public:
    scribe(char name, std::string& log) : name_{name}, log_{log} {}
    void before_fork() noexcept override { log_ += {'<', name_}; }
    void after_fork(fork_side side) noexcept override { log_ += {side == fork_side::child ? 'c' : 'p', name_}; }

private:
    char name_;
    std::string& log_;
    fork_enrolment const enrolment_{*this};
};

memo::detail::atomic<int> asked_before_only{0};

class guarded final : public fork_aware {
public:
    void before_fork() noexcept override {
        mutex_.lock();
        asked_.times += 1;
    }

    void after_fork(fork_side) noexcept override {
        asked_.times -= 1;
        mutex_.unlock();
    }

    int add(int by) {
        std::lock_guard const lock{mutex_};
        one_ += by;
        other_ += by;
        return one_;
    }

    bool whole() {
        std::lock_guard const lock{mutex_};
        return one_ == other_;
    }

private:
    struct questions {
        int times = 0;
        ~questions() { asked_before_only += times; }
    };

    questions asked_;
    memo::detail::mutex mutex_;
    int one_ = 0;
    int other_ = 0;
    fork_enrolment const enrolment_{*this};
};

}  // namespace

TEST_SUITE("fork") {
    TEST_CASE("F35 fork: the enrolled are asked in order before, and in reverse after, in parent and child") {
        std::string log;
        log.reserve(64);
        scribe const first{'1', log};
        std::optional<scribe> second{std::in_place, '2', log};
        scribe const third{'3', log};
        CHECK(process::holds_in_child([&] { return log == "<1<2<3c3c2c1"; }));
        CHECK(log == "<1<2<3p3p2p1");
        log.clear();
        second.reset();
        CHECK(process::holds_in_child([&] { return log == "<1<3c3c1"; }));
        CHECK(log == "<1<3p3p1");
    }

    TEST_CASE("F35 fork: whoever left, first, last or in between, is not asked") {
        std::string log;
        std::vector<std::unique_ptr<scribe>> all;
        for (char const name : {'1', '2', '3'})
            all.push_back(std::make_unique<scribe>(name, log));
        all[2].reset();
        all[0].reset();
        CHECK(process::holds_in_child([&] { return log == "<2c2"; }));
        all[1].reset();
        log.clear();
        CHECK(process::holds_in_child([&] { return log.empty(); }));
        scribe const again{'4', log};
        CHECK(process::holds_in_child([&] { return log == "<4c4"; }));
    }

    TEST_CASE("F35 fork: a lock that other threads take all the time is free in the child, and what it guards is whole") {
        guarded shared;
        memo::detail::atomic<bool> stop{false};
        std::barrier begun{3};
        auto const busy = [&] {
            begun.arrive_and_wait();
            while (!stop)
                shared.add(1);
        };
        std::jthread const one{busy};
        std::jthread const other{busy};
        begun.arrive_and_wait();
        int good = 0;
        for (int i = 0; i != 50; ++i)
            good += process::holds_in_child([&] { return shared.whole() && shared.add(1) > 0; }) ? 1 : 0;
        CHECK(good == 50);
        CHECK(shared.whole());
        stop = true;
    }

    TEST_CASE("F35 fork: others enrol and leave while the process forks, and nobody leaves in the midst of it") {
        memo::detail::atomic<bool> stop{false};
        std::jthread const restless{[&] {
            while (!stop)
                guarded{}.add(1);
        }};
        int good = 0;
        for (int i = 0; i != 50; ++i)
            good += process::holds_in_child([] { return guarded{}.add(1) == 1; }) ? 1 : 0;
        CHECK(good == 50);
        CHECK(asked_before_only == 0);
        stop = true;
    }

    TEST_CASE("F35 fork: the generation is another one in the child, and in its child, and stays in the parent") {
        auto const mine = fork_generation();
        CHECK(process::holds_in_child([&] {
            return fork_generation() == mine + 1 && process::holds_in_child([&] { return fork_generation() == mine + 2; });
        }));
        CHECK(fork_generation() == mine);
    }

    TEST_CASE("F35 fork: a condition that a thread waits on at the fork begins anew, and ends, in the child") {
        memo::detail::mutex lock;
        auto waited_on = std::make_unique<memo::detail::condition>();
        bool waits = false;
        bool over = false;
        memo::detail::condition came;
        std::jthread const waiter{[&] {
            std::unique_lock mine{lock};
            waits = true;
            came.notify_one();
            waited_on->wait(mine, [&] { return over; });
        }};
        std::unique_lock mine{lock};
        came.wait(mine, [&] { return waits; });
        CHECK(process::holds_in_child([&] {
            memo::detail::renew(*waited_on);
            waited_on.reset();
            return true;
        }));
        over = true;
        waited_on->notify_one();
    }
}
