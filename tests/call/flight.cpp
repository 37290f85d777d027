#include <memo/call/flight.hpp>

#include <memo/base/error.hpp>
#include <memo/base/event.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <latch>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>

using namespace std::chrono_literals;
using memo::event_kind;
using memo::recursion_error;
using memo::detail::arrival;
using memo::detail::departure;
using memo::detail::flight;
using memo::detail::key_view;

namespace {

std::shared_ptr<flight<int>> take_off() {
    return std::make_shared<flight<int>>(departure::at_once, nullptr, key_view{}, std::vector<std::string>{});
}

/// What a call came to.
template <class Fn>
std::exception_ptr thrown_by(Fn const& fn) {
    try {
        fn();
        return nullptr;
    } catch (...) {
        return std::current_exception();
    }
}

/// Lets a leader wait until so many calls joined a run.
class gate {
public:
    explicit gate(int calls) : calls_{calls} {}

    auto listener() const {
        return memo::on_event([joined = joined_](memo::event const& happening) {
            if (happening.kind == event_kind::join) {
                ++*joined;
                joined->notify_all();
            }
        });
    }
    void wait() const {
        for (int seen = *joined_; seen < calls_; seen = *joined_)
            joined_->wait(seen);
    }

private:
    int calls_;
    std::shared_ptr<std::atomic<int>> joined_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace

TEST_CASE("flight: it lands once, whatever comes later") {
    auto const first = take_off();
    first->succeed(42);
    first->succeed(43);
    first->fail(std::make_exception_ptr(std::runtime_error{"late"}));
    CHECK(first->result() == 42);

    auto const second = take_off();
    second->give_up();
    second->succeed(42);
    CHECK(second->result() == std::nullopt);

    auto const third = take_off();
    third->fail(std::make_exception_ptr(7));
    third->give_up();
    CHECK(third->wait(memo::duration::max()) == arrival::landed);
    CHECK_THROWS_AS(std::rethrow_exception(third->error()), int);
}

TEST_CASE("flight: its leader's own wait for it would never end, and throws") {
    auto const mine = take_off();
    CHECK_THROWS_AS(mine->wait(memo::duration::max()), recursion_error);
    mine->succeed(42);
    CHECK(mine->wait(memo::duration::max()) == arrival::landed);
    CHECK(mine->result() == 42);
}

TEST_CASE("flight: a thread that ended leads nothing any more, though another has its place among those who wait") {
    std::shared_ptr<flight<int>> left;
    std::thread{[&] { left = take_off(); }}.join();
    std::thread{[&] {
        take_off()->give_up();
        CHECK(left->wait(1ms) == arrival::timed_out);
    }}.join();
    left->give_up();
}

TEST_CASE("flight: one caller claims it, whoever comes later does not") {
    flight<int> queued{departure::when_claimed, nullptr, key_view{}, std::vector<std::string>{}};
    CHECK(queued.claim());
    CHECK_FALSE(queued.claim());
    CHECK_FALSE(queued.take());
}

TEST_CASE("F27 flight: who has waited long enough leaves, and the run lands later") {
    auto const mine = take_off();
    std::jthread{[&] { CHECK(mine->wait(1us) == arrival::timed_out); }}.join();
    mine->succeed(42);
    CHECK(mine->result() == 42);
}

TEST_CASE("F24 flight: a call that asks for itself throws recursion_error, which says which call it was") {
    std::function<int(int)> again;
    auto g = memo::cached([&](int n) { return again(n); }, memo::key<"number:{0}">);
    again = [&](int n) { return g(n); };
    std::string message;
    try {
        g(7);
    } catch (recursion_error const& error) {
        message = error.what();
    }
    CHECK(message.find("number:7") != std::string::npos);
    again = [](int n) { return n; };
    CHECK(g(7) == 7);
}

TEST_CASE("F24 flight: a circle through another function throws, and names both") {
    std::function<int(int)> odd;
    auto even = memo::cached([&](int n) { return odd(n); }, memo::key<"even:{0}">);
    auto wrapped_odd = memo::cached([&](int n) { return even(n); }, memo::key<"odd:{0}">);
    odd = [&](int n) { return wrapped_odd(n); };
    std::string message;
    try {
        even(4);
    } catch (recursion_error const& error) {
        message = error.what();
    }
    CHECK(message.find("even:4") != std::string::npos);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("flight: who waits gets the result that the leader got") {
    constexpr int waiters = 8;
    gate const start{waiters};
    std::atomic<int> runs = 0;
    auto g = memo::cached([&](std::string const& text) { return start.wait(), ++runs, text + "!"; }, start.listener());
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> calls;
        for (int i = 0; i <= waiters; ++i)
            calls.emplace_back([&] { right += g("a text that is longer than a small string") == "a text that is longer than a small string!"; });
    }
    CHECK(runs == 1);
    CHECK(right == waiters + 1);
    auto const seen = g.stats();
    CHECK(seen.joins == waiters);
    CHECK(seen.misses == waiters + 1);
    CHECK(seen.stores == 1);
}

TEST_CASE("F22 flight: a thousand waiters get the exception of the leader, whatever it is, and the key is usable at once") {
    struct not_of_the_library {};
    constexpr int waiters = 1'000;
    for (int const kind : {0, 1, 2}) {
        gate const start{waiters};
        std::atomic<bool> throws = true;
        auto g = memo::cached(
            [&](int n) {
                if (!throws)
                    return n;
                start.wait();
                switch (kind) {
                case 0: throw std::runtime_error{"no answer"};
                case 1: throw 42;
                default: throw not_of_the_library{};
                }
            },
            start.listener());
        std::mutex mutex;
        std::vector<std::exception_ptr> caught;
        {
            std::vector<std::jthread> calls;
            for (int i = 0; i <= waiters; ++i)
                calls.emplace_back([&] {
                    auto error = thrown_by([&] { g(7); });
                    std::lock_guard const lock{mutex};
                    caught.push_back(std::move(error));
                });
        }
        REQUIRE(caught.size() == waiters + 1);
        for (auto const& one : caught)
            REQUIRE((one != nullptr && one == caught.front()));
        switch (kind) {
        case 0: CHECK_THROWS_AS(std::rethrow_exception(caught.front()), std::runtime_error); break;
        case 1: CHECK_THROWS_AS(std::rethrow_exception(caught.front()), int); break;
        default: CHECK_THROWS_AS(std::rethrow_exception(caught.front()), not_of_the_library);
        }
        CHECK(g.stats().runs == 1);
        CHECK_FALSE(g.contains(7));
        throws = false;
        CHECK(g(7) == 7);
        CHECK(g.contains(7));
    }
}

TEST_CASE("F22 flight: a leader whose thread is cancelled leaves the run to who waits, and a cancelled waiter only itself") {
    for (bool const cancels_leader : {true, false}) {
        gate const start{2};
        std::atomic<int> runs = 0;
        std::atomic<bool> leads = false;
        std::atomic<bool> ends = false;
        std::function<int(int)> const call = memo::cached(
            [&](int n) {
                bool const is_first = ++runs == 1;
                leads = true;
                while (is_first && !ends) {
                    pthread_testcancel();
                    std::this_thread::yield();
                }
                return n;
            },
            start.listener());
        auto const begin = [&] {
            pthread_t thread{};
            REQUIRE(pthread_create(&thread, nullptr, [](void* g) -> void* { return (*static_cast<std::function<int(int)> const*>(g))(7), g; },
                                   const_cast<std::function<int(int)>*>(&call)) == 0);
            return thread;
        };
        auto const leader = begin();
        while (!leads)
            std::this_thread::yield();
        auto const first = begin();
        auto const second = begin();
        start.wait();
        pthread_cancel(cancels_leader ? leader : first);
        void* ended = nullptr;
        pthread_join(cancels_leader ? leader : first, &ended);
        CHECK(ended == PTHREAD_CANCELED);
        ends = true;
        pthread_join(second, &ended);
        CHECK(ended != PTHREAD_CANCELED);
        pthread_join(cancels_leader ? first : leader, &ended);
        CHECK(ended != PTHREAD_CANCELED);
        CHECK(runs == (cancels_leader ? 2 : 1));
        CHECK(call(7) == 7);
    }
}

namespace {

/// A result whose copies fail while they are told to.
struct brittle {
    static inline std::atomic<bool> breaks = false;
    std::string text;

    explicit brittle(std::string made) : text{std::move(made)} {}
    brittle(brittle&&) = default;
    brittle(brittle const& other) : text{other.text} {
        if (breaks)
            throw std::runtime_error{"this cannot be copied now"};
    }
};

}  // namespace

TEST_CASE("F22 flight: a result that cannot be copied reaches its caller; who waits runs for itself, and nothing is stored") {
    constexpr int waiters = 4;
    gate const start{waiters};
    std::atomic<int> runs = 0;
    auto g = memo::cached(
        [&](int n) {
            if (++runs == 1)
                start.wait();
            return brittle{std::to_string(n)};
        },
        start.listener());
    brittle::breaks = true;
    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> calls;
        for (int i = 0; i <= waiters; ++i)
            calls.emplace_back([&] { right += g(7).text == "7"; });
    }
    brittle::breaks = false;
    CHECK(right == waiters + 1);
    CHECK(runs == waiters + 1);
    CHECK(g.stats().errors >= waiters + 1);
    CHECK_FALSE(g.contains(7));
    CHECK(g.inside()->validate());

    CHECK(g(7).text == "7");
    brittle::breaks = true;
    auto const before = runs.load();
    CHECK(g(7).text == "7");
    CHECK(runs == before + 1);
    brittle::breaks = false;
}

TEST_CASE("F24 flight: a circle of calls over several threads ends in recursion_error on all of them, and hangs none") {
    for (int threads = 2; threads <= 8; ++threads)
        for (int round = 0; round < 20; ++round) {
            std::barrier all_lead{threads};
            std::atomic<bool> circles = true;
            std::function<int(int)> next;
            auto g = memo::cached([&](int n) {
                if (!circles)
                    return n;
                all_lead.arrive_and_wait();
                return next((n + 1) % threads);
            });
            next = [&](int n) { return g(n); };
            std::atomic<int> refused = 0;
            {
                std::vector<std::jthread> calls;
                for (int i = 0; i < threads; ++i)
                    calls.emplace_back([&, i] {
                        try {
                            g(i);
                        } catch (recursion_error const&) {
                            ++refused;
                        }
                    });
            }
            REQUIRE(refused == threads);
            circles = false;
            for (int i = 0; i < threads; ++i)
                REQUIRE(g(i) == i);
        }
}

TEST_CASE("flight: a call that starts after an evict begins a run of its own, who joined before gets the value of the old one") {
    std::latch first_runs{1};
    std::latch first_may_end{1};
    std::latch joined{1};
    std::atomic<int> runs = 0;
    auto g = memo::cached(
        [&](int) {
            int const run = ++runs;
            if (run == 1) {
                first_runs.count_down();
                first_may_end.wait();
            }
            return run;
        },
        memo::on_event([&](memo::event const& happening) {
            if (happening.kind == event_kind::join)
                joined.count_down();
        }));
    int led = 0;
    int waited = 0;
    {
        std::jthread const leader{[&] { led = g(7); }};
        first_runs.wait();
        std::jthread const waiter{[&] { waited = g(7); }};
        joined.wait();
        CHECK(g.evict(7).confirmed());
        CHECK(g(7) == 2);
        first_may_end.count_down();
    }
    CHECK(led == 1);
    CHECK(waited == 1);
    CHECK(g(7) == 2);
    CHECK(runs == 2);
    CHECK(g.stats().skips == 1);
}

TEST_SUITE_END();
