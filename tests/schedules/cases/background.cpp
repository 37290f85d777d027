#include "schedules/scenario.hpp"

#include <memo/base/sync.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/policy/lru.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using schedules::all_orders;
using schedules::all_preemptions;
using schedules::scenario;

namespace {

constexpr auto lifetime = 10s;
constexpr auto window = 60s;

/// An executor whose work waits for a thread of the scenario.
class errands {
public:
    void execute(std::function<void()> work) {
        std::lock_guard const mine{lock_};
        waiting_.push_back(std::move(work));
        changed_.notify_all();
    }
    /// Runs what comes, until so many customers have left.
    void run_all(std::size_t customers) {
        std::unique_lock mine{lock_};
        for (;;) {
            changed_.wait(mine, [&] { return !waiting_.empty() || left_ == customers; });
            if (waiting_.empty())
                return;
            auto const next = std::exchange(waiting_.front(), nullptr);
            waiting_.pop_front();
            mine.unlock();
            next();
            mine.lock();
        }
    }
    void drop_all() {
        std::unique_lock mine{lock_};
        auto const dead = std::exchange(waiting_, {});
        mine.unlock();
    }
    void leave() {
        std::lock_guard const mine{lock_};
        ++left_;
        changed_.notify_all();
    }

private:
    memo::detail::mutex lock_;
    memo::detail::condition changed_;
    std::deque<std::function<void()>> waiting_;
    std::size_t left_ = 0;
};

auto renewed_behind(std::function<int(int)> f, memo::manual_clock& time, errands& work) {
    return memo::cached(std::move(f), memo::policy(memo::lru), memo::ttl(lifetime), memo::stale_while_revalidate(window), memo::stale_if_error(2 * window),
                        memo::max_size(10), memo::clock(time), memo::executor(work));
}

auto aided(std::function<int(int)> f, errands& work) {
    return memo::cached(std::move(f), memo::policy(memo::lru), memo::max_size(10), memo::executor(work));
}

/// A function whose results count its runs, behind a cache with an old result, 1, that may still be given.
struct service {
    errands work;
    memo::manual_clock time;
    memo::detail::atomic<int> runs{0};
    memo::detail::atomic<int> running{0};
    memo::detail::atomic<int> most_at_once{0};
    memo::detail::atomic<bool> gone{false};  ///< the wrapper is
    bool fails = false;
    std::string wrong;

    std::optional<decltype(renewed_behind({}, std::declval<memo::manual_clock&>(), std::declval<errands&>()))> wrapper{
        renewed_behind([this](int) { return run(); }, time, work)};

    service() {
        call();
        time.advance(lifetime);
    }

    int call() { return (*wrapper)(7); }
    int run() {
        must(!gone, "a run begins when the wrapper is gone");
        most_at_once = std::max<int>(most_at_once, ++running);
        auto const mine = ++runs;
        --running;
        must(!gone, "a run goes on when the wrapper is gone");
        if (fails)
            throw std::runtime_error{"it fails"};
        return mine;
    }
    void must(bool holds, char const* what) {
        if (!holds && wrong.empty())
            wrong = what;
    }
};

/// A thread for each customer, and one that runs the errands.
template <class Served = service>
schedules::staging served(std::type_identity_t<std::vector<std::function<void(Served&)>>> customers,
                          std::type_identity_t<std::function<void(Served&)>> end = [](Served&) {}) {
    auto const count = customers.size();
    for (auto& one : customers)
        one = [one](Served& with) {
            one(with);
            with.work.leave();
        };
    customers.push_back([count](Served& with) { with.work.run_all(count); });
    return scenario<Served>(customers, [end](Served& with) {
        end(with);
        with.must(!with.wrapper || with.wrapper->inside()->validate(), "validate() does not hold");
        return with.wrong;
    });
}

void told(std::string const& what, schedules::report const& all) {
    CHECK(all.failure == "");
    CHECK(all.complete);
    MESSAGE(what << ": " << all.schedules << " schedules");
}

auto const calls = [](service& with) {
    auto const first = with.call();
    with.must(with.call() >= first, "an older result comes after a newer one");
};

}  // namespace

TEST_CASE("F20 background: an old result is given at once and renewed behind, by one run at a time") {
    auto const end = [](service& with) {
        with.must(with.runs > 1, "nothing was renewed");
        with.must(with.most_at_once == 1, "two runs at a time");
        with.must(with.wrapper->peek(7) == with.runs, "the last run is not what is stored");
    };
    auto const call = [](service& with) { with.must(with.call() <= with.runs, "a result of no run"); };
    told("a call and its errand", all_orders(served<>({call}, end)));
    told("two calls and their errands", all_preemptions(served<>({calls, call}, end), 2));
}

TEST_CASE("F18 background: what was evicted is not given again, and an errand that began before does not bring it back") {
    auto const evict_then_call = [](service& with) {
        int const before = with.runs;
        with.wrapper->evict(7);
        with.must(with.call() > before, "a result from before the eviction");
        with.must(with.call() > before, "a result from before the eviction is back");
    };
    auto const call = [](service& with) { with.call(); };
    told("an eviction, a call and an errand", all_preemptions(served<>({evict_then_call, call}), 2));
    told("an eviction and an errand", all_orders(served<>({evict_then_call})));
}

TEST_CASE("F20 background: what is set while an errand is on its way wins over a run that began before") {
    auto const set = [](service& with) {
        int const before = with.runs;
        with.wrapper->set(1'000, 7);
        auto const now = with.call();
        with.must(now == 1'000 || now > before, "an older run won over what was set");
    };
    auto const call = [](service& with) { with.call(); };
    told("a set, a call and an errand", all_preemptions(served<>({set, call}), 2));
}

TEST_CASE("background: an errand that nobody has begun is taken over by a call that needs its result") {
    struct waiting : service {
        waiting() {
            must(call() == 1, "the old result is given");
            time.advance(4 * window);
        }
    };
    auto const call = [](waiting& with) { with.must(with.call() == 2, "not the result of the one run"); };
    auto const drop = [](waiting& with) { with.work.drop_all(); };
    auto const end = [](waiting& with) { with.must(with.most_at_once == 1 && with.runs == 2, "not one run"); };
    auto const nobody_runs_it = [](waiting& with) -> std::string {
        with.must(with.runs == 2, "not one run");
        return with.wrong;
    };
    told("two calls, and an executor that does nothing", all_orders(scenario<waiting>({call, call}, nobody_runs_it)));
    told("two calls, and an executor that drops it", all_preemptions(scenario<waiting>({call, call, drop}, nobody_runs_it), 2));
    told("two calls and the errand", all_preemptions(served<waiting>({call, call}, end), 1));
}

TEST_CASE("background: while runs throw, who asks gets the old result, and nobody hangs") {
    struct failing : service {
        failing() { fails = true; }
    };
    struct older : failing {
        older() { time.advance(window); }
    };
    auto const old = [](auto& with) { with.must(with.call() == 1, "not the old result"); };
    told("an errand that throws", all_preemptions(served<failing>({old, old}), 2));
    told("calls that throw", all_preemptions(served<older>({old, old}), 2));
}

TEST_CASE("F34 background: when the last wrapper has ended, no run goes on and none begins") {
    auto const end_it = [](service& with) {
        with.wrapper.reset();
        with.gone = true;
    };
    auto const call_and_end_it = [=](service& with) {
        with.call();
        end_it(with);
    };
    struct sent : service {
        sent() { call(); }
    };
    auto const end_what_was_sent = [=](sent& with) { end_it(with); };
    told("a call, and the end of its wrapper", all_orders(served<>({call_and_end_it})));
    told("the end of a wrapper with an errand", all_orders(served<sent>({end_what_was_sent})));
    auto const drop = [](sent& with) { with.work.drop_all(); };
    told("the end of a wrapper while its errand is dropped", all_preemptions(served<sent>({end_what_was_sent, drop}), 2));
}

TEST_CASE("F24 background: many warm what one asked for, each once, and all are back before it returns") {
    struct warmed {
        errands work;
        memo::detail::atomic<int> runs{0};
        std::vector<int> ran;
        std::vector<std::size_t> heard;
        int fails_at = 0;
        bool threw = false;

        int run(int key) {
            ++runs;
            ran.push_back(key);
            if (key == fails_at)
                throw std::runtime_error{"it fails"};
            return key;
        }
        decltype(aided({}, std::declval<errands&>())) wrapper{aided([this](int key) { return run(key); }, work)};

        void warm() {
            try {
                auto const hear = [&](std::size_t done, std::size_t) { heard.push_back(done); };
                wrapper.warm(std::vector{1, 2, 3}, hear, {.parallelism = 2});
            } catch (std::runtime_error const&) {
                threw = true;
            }
            work.leave();
        }
        void aid() { work.run_all(1); }
    };
    struct warmed_in_vain : warmed {
        warmed_in_vain() { fails_at = 2; }
    };
    auto const all_is_warm = [](warmed& with) -> std::string {
        std::ranges::sort(with.ran);
        bool const told_in_order = with.heard == std::vector<std::size_t>{1, 2, 3};
        bool const each_once = with.ran == std::vector{1, 2, 3} && with.wrapper.size() == 3;
        return each_once && told_in_order ? "" : "not each once, told in order";
    };
    auto const it_threw = [](warmed_in_vain& with) -> std::string { return with.threw ? "" : "it did not throw"; };
    told("two warm three", all_preemptions(scenario<warmed>({&warmed::warm, &warmed::aid}, all_is_warm), 2));
    told("two warm three, and one throws",
         all_preemptions(scenario<warmed_in_vain>({&warmed_in_vain::warm, &warmed_in_vain::aid}, it_threw), 2));
}
