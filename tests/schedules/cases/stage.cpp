#include "schedules/stage.hpp"

#include "schedules/explore.hpp"
#include "schedules/reduced.hpp"
#include "schedules/scenario.hpp"

#include <memo/base/sync.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <mutex>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using memo::detail::atomic;
using memo::detail::condition;
using memo::detail::mutex;
using schedules::performance;
using schedules::all_orders;
using schedules::scenario;

namespace {

struct sum_of_two {
    atomic<int> sum{0};
    mutex lock;
};

void add_in_two_steps(sum_of_two& shared) {
    shared.sum = shared.sum + 1;
}

void add_under_the_lock(sum_of_two& shared) {
    std::lock_guard const mine{shared.lock};
    add_in_two_steps(shared);
}

std::string two_are_added(sum_of_two& shared) {
    return shared.sum == 2 ? "" : "an addition is lost";
}

struct mailbox {
    mutex lock;
    condition filled;
    bool full = false;
    bool was_full = false;
};

void fill(mailbox& box) {
    {
        std::lock_guard const mine{box.lock};
        box.full = true;
    }
    box.filled.notify_all();
}

void wait_until_filled(mailbox& box) {
    std::unique_lock mine{box.lock};
    box.filled.wait(mine, [&] { return box.full; });
    box.was_full = true;
}

std::string it_was_full(mailbox& box) {
    return box.was_full ? "" : "the waiter went on, and it was empty";
}

}  // namespace

TEST_CASE("stage: an addition in two steps is lost on some schedule, and under a lock on none") {
    for (bool const reduces : {false, true}) {
        auto const explored = [&](auto* add) {
            schedules::bounded preempting{1};
            schedules::reduced reducing;
            auto& order = reduces ? static_cast<schedules::explorer&>(reducing) : preempting;
            return explore(scenario<sum_of_two>({add, add}, two_are_added), order, 1'000);
        };
        CHECK(explored(add_in_two_steps).failure.starts_with("an addition is lost"));
        auto const locked = explored(add_under_the_lock);
        CHECK(locked.failure == "");
        CHECK(locked.complete);
    }
}

TEST_CASE("stage: without preemptions, nothing is lost") {
    schedules::bounded order{0};
    auto const told = explore(scenario<sum_of_two>({add_in_two_steps, add_in_two_steps}, two_are_added), order, 1'000);
    CHECK(told.failure == "");
    CHECK(told.schedules == 2);
}

TEST_CASE("stage: a schedule that is written down is performed again, move by move") {
    schedules::bounded order{1};
    auto const lossy = scenario<sum_of_two>({add_in_two_steps, add_in_two_steps}, two_are_added);
    performance first;
    while (lossy(order, first).empty())
        REQUIRE(order.advance(first.steps));
    schedules::again same{written(first.steps)};
    performance second;
    CHECK(lossy(same, second) == "an addition is lost");
    CHECK(written(second.steps) == written(first.steps));
}

TEST_CASE("stage: who waits for a notification gets it on every schedule") {
    auto const told = all_orders(scenario<mailbox>({wait_until_filled, wait_until_filled, fill}, it_was_full));
    CHECK(told.failure == "");
    CHECK(told.complete);
    CHECK(told.schedules > 4);
}

TEST_CASE("stage: a notification that comes before what it tells of leaves a thread that waits forever") {
    auto const too_early = [](mailbox& box) {
        box.filled.notify_all();
        std::lock_guard const mine{box.lock};
        box.full = true;
    };
    auto const told = all_orders(scenario<mailbox>({wait_until_filled, too_early}, it_was_full));
    CHECK(told.failure.starts_with("nobody can go on: thread 0 is about to wake;"));
}

TEST_CASE("stage: two locks in two orders are a deadlock on some schedule") {
    struct both {
        mutex one, other;
    };
    auto const told = all_orders(scenario<both>({[](both& locks) { std::scoped_lock{locks.one}, std::scoped_lock{locks.other}; },
                                                   [](both& locks) {
                                                       std::lock_guard const first{locks.one};
                                                       std::lock_guard const second{locks.other};
                                                   },
                                                   [](both& locks) {
                                                       std::lock_guard const first{locks.other};
                                                       std::lock_guard const second{locks.one};
                                                   }},
                                                  [](both&) -> std::string { return ""; }));
    CHECK(told.failure.starts_with("nobody can go on: thread 1 is about to lock; thread 2 is about to lock;"));
}

TEST_CASE("stage: a deadline that is near may come at any time, one that is far does not") {
    struct patient : mailbox {
        bool timed_out = false;
    };
    auto const wait_for = [](std::chrono::seconds longest) {
        return longest == 0s ? +[](patient& box) {
            std::unique_lock mine{box.lock};
            box.timed_out = !box.filled.wait_for(mine, 1ms, [&] { return box.full; });
        } : +[](patient& box) {
            std::unique_lock mine{box.lock};
            box.timed_out = !box.filled.wait_for(mine, 30s, [&] { return box.full; });
        };
    };
    auto const fill_it = [](patient& box) { fill(box); };
    auto const nobody = [](patient& box) -> std::string { return box.timed_out ? "it timed out" : ""; };
    auto const somebody = [](patient& box) -> std::string { return box.timed_out ? "" : "it was notified"; };
    CHECK(all_orders(scenario<patient>({wait_for(0s), fill_it}, nobody)).failure.starts_with("it timed out"));
    CHECK(all_orders(scenario<patient>({wait_for(0s), fill_it}, somebody)).failure.starts_with("it was notified"));
    CHECK(all_orders(scenario<patient>({wait_for(30s), fill_it}, nobody)).failure == "");
    CHECK(all_orders(scenario<patient>({wait_for(30s)}, nobody)).failure.starts_with("nobody can go on"));
}

TEST_CASE("stage: a lock that is tried is got on some schedule, and not on another") {
    struct tried {
        mutex lock;
        int got = 0;
    };
    auto const hold = [](tried& one) { std::lock_guard const mine{one.lock}; };
    auto const attempt = [](tried& one) { one.got = std::unique_lock{one.lock, std::try_to_lock}.owns_lock() ? 1 : 2; };
    for (int const result : {1, 2}) {
        static int refused;
        refused = result;
        auto const end = [](tried& one) -> std::string { return one.got == refused ? "so" : ""; };
        CHECK(all_orders(scenario<tried>({hold, attempt}, end)).failure.starts_with("so"));
        schedules::bounded order{2};
        CHECK(explore(scenario<tried>({hold, attempt}, end), order, 1'000).failure.starts_with("so"));
    }
}

TEST_CASE("stage: who yields lets others go first, so that a thread may wait in a loop") {
    struct flagged {
        atomic<bool> up{false};
    };
    auto const told = all_orders(scenario<flagged>({[](flagged& one) {
                                                          while (!one.up)
                                                              std::this_thread::yield();
                                                      },
                                                      [](flagged& one) { one.up = true; }},
                                                     [](flagged&) -> std::string { return ""; }));
    CHECK(told.failure == "");
}

TEST_CASE("stage: what never ends is told") {
    struct flagged {
        atomic<bool> up{false};
    };
    auto const told = all_orders(scenario<flagged>({[](flagged& one) {
                                                         while (!one.up)
                                                             std::this_thread::yield();
                                                     }},
                                                     [](flagged&) -> std::string { return ""; }));
    CHECK(told.failure.starts_with("it does not end: thread 0"));
}

TEST_CASE("stage: a thread that comes upon a static variable while another one makes it lets that one go on") {
    struct first_used {
        mutex lock;
        int sum = 0;
    };
    auto const use = [](first_used& with) {
        static int const made = [&] {
            std::lock_guard const mine{with.lock};
            return 21;
        }();
        with.sum += made;
    };
    schedules::again order{"0*1 1*1 0*1"};
    performance performed;
    auto const both = scenario<first_used>({use, use}, [](first_used& with) { return std::to_string(with.sum); });
    CHECK(both(order, performed) == "42");
    CHECK(performed.steps.front().ready == 3);
}
