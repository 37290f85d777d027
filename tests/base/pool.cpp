#include "process.hpp"

#include <memo/base/pool.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using memo::detail::default_pool;
using memo::detail::pool;
using namespace std::chrono_literals;

namespace {

/// A pool of one thread that is busy until told otherwise, so that what else it is given waits.
class busy_pool {
public:
    explicit busy_pool(std::size_t most_waiting = 100) : tasks{1, most_waiting} {
        tasks.execute([this] {
            started_.count_down();
            over_.wait();
        });
        started_.wait();
    }

    ~busy_pool() {
        if (!over_.try_wait())
            go_on();
    }

    void go_on() { over_.count_down(); }

private:
    std::latch started_{1};
    std::latch over_{1};

public:
    pool tasks;
};

/// What `ask` says in a thread of `tasks`.
template <class Ask>
auto answer_of(pool& tasks, Ask ask) {
    auto const told = std::make_shared<std::promise<decltype(ask())>>();
    auto answer = told->get_future();
    tasks.execute([told, ask] { told->set_value(ask()); });
    return answer.get();
}

template <class Call>
memo::error_code code_of(Call call) {
    try {
        call();
    } catch (memo::error const& thrown) {
        return thrown.code();
    }
    throw std::logic_error{"nothing of memo's was thrown"};
}

}  // namespace

TEST_SUITE_BEGIN("pool concurrent");

TEST_CASE("pool: one thread does what it is given in order of arrival, and not in the thread that gave it") {
    pool one{1, 100};
    std::vector<int> order;
    for (int i = 0; i != 10; ++i)
        one.execute([&, i] { order.push_back(i); });
    CHECK(answer_of(one, [] { return std::this_thread::get_id(); }) != std::this_thread::get_id());
    CHECK(order == std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("pool: its threads work at the same time") {
    std::latch meeting{3};
    pool three{3, 100};
    for (int i = 0; i != 3; ++i)
        three.execute([&] { meeting.arrive_and_wait(); });
    meeting.wait();
}

TEST_CASE("F23 pool: what a task throws ends there, and the next one runs") {
    pool one{1, 100};
    one.execute([] { throw std::runtime_error{"nobody hears"}; });
    one.execute([] { throw 7; });
    CHECK(answer_of(one, [] { return 5; }) == 5);
}

TEST_CASE("F23 pool: a task that ends its thread ends no other task") {
    pool one{1, 100};
    for (int i = 0; i != 10; ++i)
        one.execute([] { pthread_exit(nullptr); });
    CHECK(answer_of(one, [] { return 5; }) == 5);
}

TEST_CASE("pool: a task is destroyed when it has run, not when the next one comes") {
    pool one{1, 100};
    auto token = std::make_shared<int>();
    std::weak_ptr<int> const alive = token;
    one.execute([token] {});
    token.reset();
    CHECK(answer_of(one, [&] { return alive.expired(); }));
}

TEST_CASE("F25 pool: a task, and what its destructor does, may use the pool") {
    pool one{1, 100};
    std::promise<void> over;
    one.execute([&one, last = std::shared_ptr<int>{nullptr, [&](int*) { one.execute([&] { over.set_value(); }); }}] {
        one.execute([last] {});
    });
    over.get_future().wait();
}

TEST_CASE("pool: a full queue refuses, and what it refused is gone") {
    busy_pool busy{2};
    int runs = 0;
    std::promise<int> told;
    busy.tasks.execute([&] { ++runs; });
    busy.tasks.execute([&] { told.set_value(++runs); });
    auto const token = std::make_shared<int>();
    CHECK(code_of([&] { busy.tasks.execute([token] {}); }) == memo::error_code::full);
    CHECK(token.use_count() == 1);
    CHECK_THROWS_WITH(busy.tasks.execute([] {}),
                      "pool(threads: 1): 2 tasks wait already; give the wrapper an executor of its own");
    busy.go_on();
    CHECK(told.get_future().get() == 2);
}

TEST_CASE("F34 pool: closing drops what waits, and waits for what runs") {
    pool one{1, 100};
    std::latch started{1};
    bool finished = false;
    bool dropped_runs = false;
    auto token = std::make_shared<int>();
    std::weak_ptr<int> const waits = token;
    one.execute([&, waits] {
        started.count_down();
        while (!waits.expired())
            std::this_thread::yield();
        finished = true;
    });
    one.execute([&, token] { dropped_runs = true; });
    token.reset();
    started.wait();
    one.close();
    CHECK(finished);
    CHECK_FALSE(dropped_runs);
}

TEST_CASE("F34 pool: closing waits for what the tasks' threads keep thread_local") {
    static std::atomic<bool> gone;
    struct kept {
        ~kept() {
            for (int i = 0; i != 1'000; ++i)
                std::this_thread::yield();
            gone = true;
        }
    };
    gone = false;
    pool one{1, 100};
    answer_of(one, [] {
        thread_local kept const of_thread;
        return &of_thread;
    });
    CHECK_FALSE(gone);
    one.close();
    CHECK(gone);
}

TEST_CASE("F34 pool: once closed, it refuses") {
    pool one{1, 100};
    one.close();
    one.close();
    auto const token = std::make_shared<int>();
    CHECK(code_of([&] { one.execute([token] {}); }) == memo::error_code::refused);
    CHECK(token.use_count() == 1);
}

TEST_CASE("F34 pool: closing gives up on a task that is busy for longer than it has patience") {
    busy_pool busy;
    busy.tasks.close(1ms);
    CHECK_THROWS_AS(busy.tasks.execute([] {}), memo::error);
}

TEST_CASE("F34 pool: a task may close the pool, and destroy it; the thread ends with the task") {
    auto owned = std::make_unique<pool>(1, 100);
    std::promise<void> left;
    auto& tasks = *owned;
    tasks.execute([&, last = std::shared_ptr<int>{nullptr, [&](int*) { left.set_value(); }}] {
        owned->close();
        owned.reset();
    });
    left.get_future().wait();
    CHECK(owned == nullptr);
}

TEST_CASE("F34 pool: signals reach threads of the user, but for those of faults; who gives a task hears as before") {
    sigset_t of_giver;
    pool one{1, 100};
    auto const blocks = [&](int signal) {
        return answer_of(one, [signal] {
            sigset_t mine;
            pthread_sigmask(SIG_SETMASK, nullptr, &mine);
            return sigismember(&mine, signal) == 1;
        });
    };
    for (int const outside : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGALRM, SIGCHLD, SIGPIPE})
        CHECK(blocks(outside));
    for (int const fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL})
        CHECK_FALSE(blocks(fault));
    pthread_sigmask(SIG_SETMASK, nullptr, &of_giver);
    CHECK(sigismember(&of_giver, SIGTERM) == 0);
}

TEST_CASE("F23 pool: without a thread it refuses, and works once one can be had") {
    pthread_attr_t usual;
    pthread_attr_t huge;
    pthread_getattr_default_np(&usual);
    pthread_getattr_default_np(&huge);
    pthread_attr_setstacksize(&huge, std::size_t{1} << 50);
    pool one{1, 100};
    auto const token = std::make_shared<int>();
    pthread_setattr_default_np(&huge);
    CHECK(code_of([&] { one.execute([token] {}); }) == memo::error_code::refused);
    pthread_setattr_default_np(&usual);
    CHECK(token.use_count() == 1);
    CHECK(answer_of(one, [] { return 5; }) == 5);
}

TEST_CASE("pool: tasks from many threads run once each") {
    std::atomic<int> runs{0};
    std::atomic<int> refused{0};
    {
        pool two{2, 16};
        std::vector<std::jthread> givers;
        for (int i = 0; i != 4; ++i) {
            givers.emplace_back([&] {
                for (int task = 0; task != 1'000; ++task) {
                    try {
                        two.execute([&] { ++runs; });
                    } catch (memo::error const&) {
                        ++refused;
                    }
                }
            });
        }
        givers.clear();
        while (runs + refused != 4'000)
            std::this_thread::yield();
    }
    CHECK(runs + refused == 4'000);
}

TEST_CASE("F34 pool: threads that give tasks while it is closed are refused, and each task runs or is dropped") {
    auto const token = std::make_shared<int>();
    pool two{2, 1'000};
    std::latch begun{4};
    {
        std::vector<std::jthread> givers;
        for (int i = 0; i != 4; ++i) {
            givers.emplace_back([&] {
                begun.count_down();
                auto said = memo::error_code::full;
                while (said == memo::error_code::full) {
                    said = code_of([&] {
                        while (true)
                            two.execute([token] {});
                    });
                }
                CHECK(said == memo::error_code::refused);
            });
        }
        begun.wait();
        two.close();
    }
    CHECK(token.use_count() == 1);
}

TEST_CASE("pool: the pool of the process is one") {
    auto& mine = default_pool();
    CHECK(answer_of(mine, [] { return &default_pool(); }) == &mine);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("pool and fork");

TEST_CASE("F34 pool: it has no threads before its first task, and none when it is closed") {
    CHECK(process::holds_in_child([] {
        pool two{2, 100};
        auto const none = process::has_threads(1);
        two.execute([] {});
        auto const started = process::has_threads(3);
        two.close();
        return none && started && process::has_threads(1);
    }));
}

TEST_CASE("F35 pool: it works in the child of a fork, and goes on in the parent") {
    pool two{2, 100};
    CHECK(answer_of(two, [] { return 1; }) == 1);
    CHECK(process::holds_in_child([&] {
        int sum = 0;
        for (int i = 0; i != 100; ++i)
            sum += answer_of(two, [] { return 2; });
        return sum == 200;
    }));
    CHECK(answer_of(two, [] { return 3; }) == 3);
}

TEST_CASE("F35 pool: what waited at the fork runs in the parent, and is dropped in the child") {
    busy_pool busy;
    auto token = std::make_shared<int>();
    std::weak_ptr<int> const alive = token;
    int runs = 0;
    busy.tasks.execute([&runs, token] { ++runs; });
    token.reset();
    CHECK(process::holds_in_child([&] {
        return answer_of(busy.tasks, [&] { return runs; }) == 0 && alive.expired();
    }));
    CHECK(process::holds_in_child([&] {
        busy.tasks.close();
        return runs == 0 && alive.expired();
    }));
    busy.go_on();
    CHECK(answer_of(busy.tasks, [&] { return runs; }) == 1);
}

TEST_CASE("F35 pool: a task may fork; in the child its thread goes on as the pool's") {
    pool one{1, 100};
    CHECK(answer_of(one, [&one] {
        auto const child = fork();
        if (child != 0)
            return process::ends_with(child, 0);
        alarm(20);
        one.execute([] { _exit(process::has_threads(1) ? 0 : 1); });
        return false;
    }));
}

TEST_CASE("F35 pool: a fork at any moment of giving and doing leaves both sides a pool that works" *
          doctest::skip(!process::allocates_after_any_fork)) {
    pool two{2, 100};
    std::atomic<bool> stop{false};
    std::jthread const restless{[&] {
        while (!stop) {
            try {
                two.execute([] {});
            } catch (memo::error const&) {
            }
        }
    }};
    int good = 0;
    for (int i = 0; i != 50; ++i)
        good += process::holds_in_child([&] { return answer_of(two, [] { return 2; }) == 2; }) ? 1 : 0;
    stop = true;
    CHECK(good == 50);
}

TEST_SUITE_END();
