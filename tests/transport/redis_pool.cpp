#include "live/proxy.hpp"
#include "live/redis_server.hpp"
#include "transport/lines.hpp"
#include "process.hpp"

#include <memo/transport/redis_pool.hpp>

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using memo::error_code;
using memo::detail::link_fault;
using memo::detail::proof;
using memo::detail::redis_pool;
using memo::detail::redis_server;
using memo::detail::request;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

using live::server;

redis_server at(std::uint16_t port) { return lines::patiently_to(port, "pool"); }

using lines::in;

std::string answer(redis_pool& pool, memo::duration patience = 5s) {
    auto const line = pool.take(in(patience));
    request asked{"CLIENT", "ID"};
    return std::to_string(line->exchange(asked, in(patience), proof::echo)[0].view().number());
}

std::optional<error_code> fault_of(redis_pool& pool, memo::duration patience) {
    try {
        answer(pool, patience);
        return std::nullopt;
    } catch (link_fault const& fault) {
        return fault.code();
    }
}

std::size_t open_sockets() {
    std::size_t count = 0;
    for (auto const& each : std::filesystem::directory_iterator{"/proc/self/fd"}) {
        std::error_code gone;
        count += std::filesystem::read_symlink(each.path(), gone).string().starts_with("socket:") ? 1U : 0U;
    }
    return count;
}

}  // namespace

TEST_SUITE("redis_pool") {
    TEST_CASE("redis_pool: a connection is made when it is needed, and used again") {
        redis_pool pool{at(server().port()), 4, 5};
        CHECK(pool.size() == 0);
        auto const first = answer(pool);
        CHECK(answer(pool) == first);
        CHECK(pool.size() == 1);
        {
            auto const one = pool.take(in(5s));
            auto const other = pool.take(in(5s));
            CHECK(pool.size() == 2);
        }
        CHECK(pool.size() == 2);
    }

    TEST_CASE("redis_pool: who finds all connections busy waits, and in vain only for so long") {
        redis_pool pool{at(server().port()), 1, 1};
        std::optional<redis_pool::loan> busy{pool.take(in(5s))};
        auto const begun = steady_clock::now();
        CHECK(fault_of(pool, 50ms) == error_code::timed_out);
        CHECK(steady_clock::now() - begun >= 50ms);
        CHECK_FALSE(pool.resting());
        std::jthread const waits{[&] { CHECK_FALSE(fault_of(pool, 10s)); }};
        busy.reset();
    }

    TEST_CASE("F50 redis_pool: a connection that is not quiet or not sound is not lent again") {
        live::proxy between{server().port()};
        redis_pool pool{at(between.port()), 4, 5};
        auto const first = answer(pool);
        between.answers([](std::string const& bytes) { return std::vector<live::piece>{{bytes}, {"+surplus\r\n"}}; });
        std::optional<error_code> const surplus = fault_of(pool, 5s);
        between.behave();
        if (!surplus)
            CHECK(live::eventually([&] { return !pool.take(in(5s))->quiet() || answer(pool) != first; }));
        CHECK(answer(pool) != first);
    }

    TEST_CASE("F52 redis_pool: a server that was restarted is found again without a failure") {
        live::redis_server own;
        redis_pool pool{at(own.port()), 4, 5};
        {
            auto const one = pool.take(in(5s));
            auto const other = pool.take(in(5s));
        }
        own.stop();
        own.start();
        CHECK_FALSE(fault_of(pool, 5s));
    }

    TEST_CASE("F51 redis_pool: a server that is away is not asked by everybody, and a call costs nearly nothing") {
        live::proxy between{live::free_port()};
        redis_pool pool{at(between.port()), 4, 5};
        auto const begun = steady_clock::now();
        for (int i = 0; i != 5; ++i)
            CHECK(fault_of(pool, 5s) == error_code::unreachable);
        CHECK((pool.resting() || steady_clock::now() - begun > 90ms));
        std::vector<memo::duration> all;
        for (int i = 0; i != 1000; ++i) {
            auto const asked = steady_clock::now();
            fault_of(pool, 5s);
            all.push_back(steady_clock::now() - asked);
        }
        std::ranges::sort(all);
        CHECK(all[500] < (process::instrumented ? memo::duration{5ms} : memo::duration{100us}));
        auto const rests = (steady_clock::now() - begun) / 90ms;  // of 94 ms or more
        CHECK(between.taken() <= 6 + static_cast<std::size_t>(rests));
        pool.succeeded();
        CHECK_FALSE(pool.resting());
    }

    TEST_CASE("F51 redis_pool: while it rests its fault is known, made once, and to be had without its lock") {
        redis_pool pool{at(live::free_port()), 4, 1};
        CHECK(pool.known_fault() == nullptr);
        CHECK(fault_of(pool, 1s) == error_code::unreachable);
        auto const known = pool.known_fault();
        CHECK(known != nullptr);
        pool.before_fork();
        CHECK(pool.known_fault() == known);
        try {
            pool.take(in(1s));
            FAIL("a pool that rests lends nothing");
        } catch (memo::connection_error const&) {
            CHECK(std::current_exception() == known);
        }
        pool.after_fork(memo::detail::fork_side::parent);
        pool.succeeded();
        CHECK(pool.known_fault() == nullptr);
    }

    TEST_CASE("F35 redis_pool: a child closes what it inherited, says nothing through it, and connects by itself") {
        redis_pool pool{at(server().port()), 4, 5};
        auto const mine = answer(pool);
        auto const before = open_sockets();
        CHECK(process::holds_in_child([&] {
            bool const closed = open_sockets() == before - 1 && pool.size() == 0;
            auto const own = answer(pool);
            return closed && own != mine && answer(pool) == own;
        }));
        CHECK(answer(pool) == mine);
    }

    TEST_CASE("F35 redis_pool: connections that other threads had borrowed are closed in the child, too") {
        redis_pool pool{at(server().port()), 4, 5};
        auto const lent = pool.take(in(5s));
        auto const before = open_sockets();
        CHECK(process::holds_in_child([&] { return open_sockets() == before - 1 && !answer(pool).empty(); }));
        request asked{"PING"};
        CHECK(lent->exchange(asked, in(5s), proof::echo)[0].view().text() == "PONG");
    }

    TEST_CASE("redis_pool: sockets do not outlive an exec") {
        redis_pool pool{at(server().port()), 4, 5};
        auto const before = open_sockets();
        answer(pool);
        auto const line = pool.take(in(5s));
        CHECK(open_sockets() == before + 1);
        CHECK(line->closes_on_exec());
    }
}

TEST_SUITE("redis_pool concurrent") {
    TEST_CASE("redis_pool: many threads share few connections") {
        redis_pool pool{at(server().port()), 3, 5};
        std::atomic<int> good{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i != 8; ++i) {
                threads.emplace_back([&] {
                    for (int j = 0; j != 100; ++j)
                        good += answer(pool, 20s).empty() ? 0 : 1;
                });
            }
        }
        CHECK(good == 800);
        CHECK(pool.size() <= 3);
    }
}
