#include <memo/call/ledger.hpp>

#include <memo/base/event.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/counters.hpp>
#include <memo/call/space.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::event_kind;
using memo::evict_cause;
using memo::detail::counter;
using memo::detail::identity;
using memo::detail::key_view;
using memo::detail::ledger;
using memo::detail::space;

namespace {

std::shared_ptr<space> make_space(std::string prefix = {}) {
    return std::make_shared<space>(memo::detail::space_defaults{.ttl = memo::duration::max(), .prefix = std::move(prefix), .clock = {}});
}

memo::stats read(ledger const& from) {
    memo::stats sum;
    from.count_into(sum);
    return sum;
}

key_view const readable{1, "identity", "user:7"};
key_view const unreadable{1, "identity", ""};

}  // namespace

TEST_CASE("ledger: each counter counts its own, and runs add up their time") {
    ledger account{make_space(), {"users.get", "users.get", 0}, nullptr, true};
    account.count(counter::misses);
    account.count(counter::stores, 3);
    account.count_run(5ms);
    account.count_run(7ms);
    auto const seen = read(account);
    CHECK(seen.misses == 1);
    CHECK(seen.stores == 3);
    CHECK(seen.runs == 2);
    CHECK(seen.run_time == 12ms);
    CHECK(seen.joins == 0);
}

TEST_CASE("ledger: time saved is hits times the mean run, latency the mean of samples") {
    ledger account{make_space(), {}, nullptr, true};
    account.count_run(4ms);
    account.count_run(8ms);
    account.count_sample(100ns);
    account.count_sample(300ns);
    memo::stats sum;
    sum.hits = 10;
    account.count_into(sum);
    CHECK(sum.time_saved == 60ms);
    CHECK(sum.get_latency == 200ns);
    CHECK(sum.gets_sampled == 2);
}

TEST_CASE("ledger: one that does not count stays at zero, and still tells") {
    int told = 0;
    ledger account{make_space(), {}, [&](memo::event const&) { ++told; }, false};
    account.count(counter::misses);
    account.fail(readable, nullptr);
    CHECK(read(account).misses == 0);
    CHECK(read(account).errors == 0);
    CHECK(told == 1);
    CHECK_FALSE(account.samples());
}

TEST_CASE("ledger: one lookup in 256 of a thread is sampled") {
    ledger const account{make_space(), {}, nullptr, true};
    int sampled = 0;
    for (int call = 0; call < 256 * 5; ++call)
        sampled += account.samples();
    CHECK(sampled == 5);
}

TEST_CASE("ledger: an entry is named by its readable key, else by function, version and digest, behind the prefix") {
    ledger const account{make_space("shop:"), {"users.get", "users.get", 3}, nullptr, true};
    CHECK(account.name_of(readable) == "shop:user:7");
    auto const name = account.name_of(unreadable).text();
    CHECK(name.starts_with("shop:users.get:3:"));
    CHECK(name.size() == std::string{"shop:users.get:3:"}.size() + 32);
    CHECK(account.name_of({2, "another", ""}) != account.name_of(unreadable));
    CHECK(account.name_of({2, "identity", ""}) == account.name_of(unreadable));
}

TEST_CASE("ledger: its own listener and those of its space hear all there is to say") {
    auto const in = make_space();
    std::vector<memo::event> heard;
    auto const note = [&](memo::event const& happening) { heard.push_back(happening); };
    ledger account{in, {"users.get", "users.get", 0}, note, true};
    in->listen(note);
    account.tell(event_kind::evict, readable, 5ms, evict_cause::tag);
    REQUIRE(heard.size() == 2);
    for (auto const& one : heard) {
        CHECK(one.kind == event_kind::evict);
        CHECK(one.name == "users.get");
        CHECK(one.key == "user:7");
        CHECK(one.cause == evict_cause::tag);
        CHECK(one.took == 5ms);
        CHECK(one.error == nullptr);
    }
}

TEST_CASE("ledger: a failure is counted, and told with what was thrown") {
    std::exception_ptr heard;
    ledger account{make_space(), {}, [&](memo::event const& happening) { heard = happening.error; }, true};
    account.fail(readable, std::make_exception_ptr(std::runtime_error{"no answer"}));
    CHECK(read(account).errors == 1);
    REQUIRE(heard != nullptr);
    CHECK_THROWS_AS(std::rethrow_exception(heard), std::runtime_error);
}

TEST_CASE("F23 ledger: a listener that throws is counted, and hears the next event") {
    int heard = 0;
    ledger account{make_space(), {}, [&](memo::event const&) { ++heard, throw 42; }, true};
    account.tell(event_kind::hit, readable);
    account.tell(event_kind::hit, readable);
    CHECK(heard == 2);
    CHECK(read(account).errors == 2);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("ledger: no count is lost between threads") {
    ledger account{make_space(), {}, nullptr, true};
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 6; ++thread)
            threads.emplace_back([&] {
                for (int i = 0; i < 20'000; ++i)
                    account.count(counter::misses);
            });
    }
    CHECK(read(account).misses == 120'000);
}

TEST_SUITE_END();
