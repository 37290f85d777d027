#include "live/proxy.hpp"
#include "live/redis_server.hpp"
#include "process.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/redis.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

using memo::committed;
using memo::duration;
using memo::entry_name;
using memo::error_code;
using memo::evicted;
using memo::redis_options;
using memo::redis_store;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

using live::server;

/// Each test behind a prefix of its own.
redis_options direct() {
    static int prefixes = 0;
    auto chosen = server().over_tcp();
    chosen.prefix = "faults" + std::to_string(++prefixes) + ":";
    chosen.breaker_threshold = 1000;
    return chosen;
}

redis_options through(live::proxy const& between, redis_options chosen, duration timeout) {
    chosen.port = between.port();
    chosen.timeout = timeout;
    return chosen;
}

constexpr entry_name user{"c", "user:1"};

evicted erase(redis_store const& store) { return store->erase({&user, 1}); }

error_code fault_of(std::function<void()> const& work) {
    try {
        work();
    } catch (memo::connection_error const& fault) {
        return fault.code();
    }
    FAIL("nothing was thrown");
    return {};
}

duration took(std::function<void()> const& work) {
    auto const begun = steady_clock::now();
    try {
        work();
    } catch (memo::connection_error const&) {
    }
    return steady_clock::now() - begun;
}

bool answers(redis_store const& store) {
    try {
        store->ping();
        return true;
    } catch (memo::connection_error const&) {
        return false;
    }
}

}  // namespace

TEST_SUITE("redis_store with faults") {
    TEST_CASE("F18 redis_store: a result whose storing is held up past an eviction is not stored") {
        live::proxy between{server().port()};
        auto const options = direct();
        redis_store const near{options};
        redis_store const far{through(between, options, 30ms)};
        auto const ticket = near->lead(user, {});
        live::reach(far);
        between.questions(live::delay(100ms));
        CHECK(fault_of([&] { far->commit(user, ticket, {.record = "stale"}); }) == error_code::timed_out);
        CHECK(erase(near).confirmed());
        auto const end = steady_clock::now() + 300ms;
        while (steady_clock::now() < end)
            CHECK_FALSE(near->get(user));
        CHECK(near->commit(user, ticket, {.record = "stale"}) == committed::fenced);
    }

    TEST_CASE("F55 redis_store: a `set` that was given up and comes later than an eviction does nothing") {
        live::proxy between{server().port()};
        auto const options = direct();
        redis_store const near{options};
        redis_store const far{through(between, options, 30ms)};
        live::reach(far);
        std::vector<std::string> const tags{"users"};
        for (
            auto const& late : std::vector<std::function<void()>>{
                [&] { far->set(user, {.record = "stale"}); },
                [&] { far->add(user, {.record = "stale"}, {}); },
                [&] {
                    far->transact(std::vector<memo::change>{{user, memo::stored_bytes{.record = "stale"}}, {{"c", "other"}, {}}});
                },
                [&] { far->set(user, {.record = "stale", .tags = tags}); },
            }) {
            between.behave();
            live::reach(far);
            between.questions(live::delay(100ms));
            CHECK(fault_of(late) == error_code::timed_out);
            CHECK(erase(near).confirmed());
            auto const end = steady_clock::now() + 300ms;
            while (steady_clock::now() < end)
                CHECK_FALSE(near->get(user));
        }
    }

    TEST_CASE("F55 redis_store: a server that was stopped does not do afterwards what its callers gave up") {
        live::redis_server own;
        auto options = own.over_unix();
        redis_store const patient{options};
        options.timeout = 30ms;
        redis_store const hasty{options};
        live::reach(hasty);
        own.pause();
        CHECK(fault_of([&] { hasty->set(user, {.record = "stale"}); }) == error_code::timed_out);
        CHECK(erase(hasty).failed());
        own.go_on();
        CHECK(erase(patient).confirmed());
        for (int i = 0; i != 100; ++i)
            CHECK_FALSE(patient->get(user));
    }

    TEST_CASE("F18 redis_store: an eviction says whether it was done, perhaps done, or not begun") {
        live::proxy between{server().port()};
        auto const options = direct();
        redis_store const patient{through(between, options, 5s)};
        redis_store const hasty{through(between, options, 50ms)};
        std::vector<std::function<evicted(redis_store const&)>> const all{
            [](auto const& store) { return erase(store); },
            [](auto const& store) { return store->erase_text("", "user:1"); },
            [](auto const& store) { return store->erase_pattern("", "user:*"); },
            [](auto const& store) { return store->erase_tag("users"); },
            [](auto const& store) { return store->erase_all(""); },
        };
        for (auto const& evict : all) {
            between.behave();
            live::reach(patient);
            CHECK(evict(patient).confirmed());
            live::reach(hasty);
            between.answers(live::black_hole());
            CHECK(evict(hasty).indeterminate());
            CHECK(evict(hasty).failed());
        }
    }

    TEST_CASE("F36 redis_store: a process that was stopped with its ticket cannot store over who came later") {
        auto const options = direct();
        redis_store const store{options};
        for (int round = 0; round != 50; ++round) {
            store->erase_all("");
            auto const child = fork();
            if (child == 0) {
                alarm(20);
                redis_store const own{options};
                auto const ticket = own->lead(user, {});
                raise(SIGSTOP);
                _exit(own->commit(user, ticket, {.record = "older"}) == committed::fenced && own->get(user) == "newer" ? 0 : 1);
            }
            int status = 0;
            waitpid(child, &status, WUNTRACED);
            REQUIRE(WIFSTOPPED(status));
            CHECK(store->commit(user, store->lead(user, {}), {.record = "newer"}) == committed::stored);
            kill(child, SIGCONT);
            CHECK(process::ends_with(child, 0));
        }
    }

    TEST_CASE("F51 redis_store: whatever the peer does, no call takes much longer than its time") {
        auto const options = direct();
        redis_store{options}->set(user, {.record = std::string(10'000, 'x')});
        for (auto const& spoilt :
             {live::black_hole(), live::delay(20s), live::dribble(1ms), live::cut_at(3),
              live::cut_at(0, live::piece::end::reset), live::corrupt(1), live::inject("HTTP/1.1 400 no\r\n")}) {
            live::proxy between{server().port()};
            redis_store const store{through(between, options, 100ms)};
            live::reach(store);
            between.answers(spoilt);
            CHECK(live::eventually([&] {  // a busy machine may be late, but not in every round
                std::vector<duration> all;
                for (int i = 0; i != 10; ++i)
                    all.push_back(took([&] { store->get(user); }));
                std::ranges::sort(all);
                return all[5] < 120ms && all.back() < 500ms;
            }));
        }
    }

    TEST_CASE("F51 redis_store: a server that hangs costs a few calls their time, and then nobody") {
        live::redis_server own;
        auto options = own.over_unix();
        options.timeout = 50ms;
        redis_store const store{options};
        live::reach(store);
        own.pause();
        for (int i = 0; i != 5; ++i)
            CHECK(took([&] { store->get(user); }) >= 50ms);
        std::vector<duration> all;
        for (int i = 0; i != 1000; ++i)
            all.push_back(took([&] { store->get(user); }));
        std::ranges::sort(all);
        CHECK(all[500] < (process::instrumented ? duration{5ms} : duration{50us}));
        CHECK(erase(store).failed());
        own.go_on();
        auto const begun = steady_clock::now();
        CHECK(live::eventually([&] { return answers(store); }));
        CHECK(steady_clock::now() - begun < 2s);
    }

    TEST_CASE("F52 redis_store: is constructed while the server is away, and finds it when it comes, and comes again") {
        live::redis_server own;
        auto options = own.over_tcp();
        own.stop();
        redis_store const store{options};
        CHECK(fault_of([&] { store->get(user); }) == error_code::unreachable);
        CHECK(erase(store).failed());
        for (int round = 0; round != 3; ++round) {
            for (int i = 0; i != 10; ++i)
                CHECK(fault_of([&] { store->get(user); }) == error_code::unreachable);
            own.start();
            auto const begun = steady_clock::now();
            CHECK(live::eventually([&] { return answers(store); }));
            CHECK(steady_clock::now() - begun < 2s);
            CHECK(store->set(user, {.record = "1"}));
            CHECK(store->get(user) == "1");
            own.stop();
        }
    }

    TEST_CASE("F52 redis_store: tickets of before a restart or a flush are void, and later ones are greater") {
        live::redis_server own;
        redis_store const store{own.over_tcp()};
        auto const first = store->lead(user, {});
        own.stop();
        own.start();
        CHECK(live::eventually([&] { return answers(store); }));
        auto const second = store->lead(user, {});
        CHECK(second > first);
        CHECK(store->commit(user, first, {.record = "1"}) == committed::fenced);
        CHECK(store->commit(user, second, {.record = "2"}) == committed::stored);
    }

    TEST_CASE("F52 redis_store: whatever the server loses of its own keys, no ticket stands that should not") {
        live::redis_server own;
        redis_store const store{own.over_unix()};
        std::vector<std::string> const tags{"users"};
        for (std::string_view const lost : {"#n", "#l:c:user:1", "#g:f:c", "#g:t:users", "#f"}) {
            CAPTURE(lost);
            auto const first = store->lead(user, tags);
            CHECK(store->erase_tag("users").confirmed());
            own.command({"DEL", lost});
            auto const second = store->lead(user, tags);
            CHECK(second > first);
            CHECK(store->commit(user, first, {.record = "1", .tags = tags}) == committed::fenced);
            CHECK(store->commit(user, second, {.record = "2", .tags = tags}) == committed::stored);
        }
    }
}
