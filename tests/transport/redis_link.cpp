#include "live/proxy.hpp"
#include "live/redis_server.hpp"
#include "transport/lines.hpp"

#include <memo/transport/redis_link.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using memo::error_code;
using memo::detail::link_fault;
using memo::detail::proof;
using memo::detail::reached;
using memo::detail::redis_link;
using memo::detail::redis_server;
using memo::detail::reply_kind;
using memo::detail::request;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

using live::server;

redis_server at(std::uint16_t port) { return lines::to(port, "link"); }

using lines::in;

struct ending {
    error_code code;
    reached how_far;
    memo::duration took;
};

/// How a PING ends; it must not end well, and the connection is none any more.
ending ping_fails(redis_link& line, memo::duration patience) {
    auto const begun = steady_clock::now();
    request asked{"PING"};
    try {
        line.exchange(asked, in(patience), proof::echo);
    } catch (link_fault const& fault) {
        CHECK_FALSE(line.sound());
        CHECK(std::string_view{fault.what()}.find("; ") != std::string_view::npos);
        return {fault.code(), fault.how_far(), steady_clock::now() - begun};
    }
    FAIL("the exchange ended well");
    std::abort();
}

/// The same, on a new connection, of which the proxy spoils the answers.
ending ping_fails_when(live::script spoilt, memo::duration patience = 5s) {
    live::proxy between{server().port()};
    redis_link line{at(between.port()), in(5s)};
    between.answers(std::move(spoilt));
    return ping_fails(line, patience);
}

}  // namespace

TEST_SUITE("redis_link") {
    TEST_CASE("redis_link: all replies come, in order, and the word behind them is not among them") {
        redis_link line{at(server().port()), in(5s)};
        request asked{"SET", "link", "value"};
        asked.add({"GET", "link"});
        asked.add({"NONSENSE"});
        for (auto const how : {proof::echo, proof::values}) {
            auto const replies = line.exchange(asked, in(5s), how);
            REQUIRE(replies.size() == 3);
            CHECK(replies[0].view().text() == "OK");
            CHECK(replies[1].view().text() == "value");
            CHECK(replies[2].view().kind() == reply_kind::refusal);
            CHECK(line.sound());
            CHECK(line.quiet());
        }
    }

    TEST_CASE("redis_link: requests and replies of many megabytes go both ways at once") {
        redis_link line{at(server().port()), in(5s)};
        std::string const large(3 << 20, 'x');
        request asked;
        for (int i = 0; i != 8; ++i) {
            asked.add({"SET", "large", large});
            asked.add({"GET", "large"});
        }
        auto const replies = line.exchange(asked, in(20s), proof::echo);
        REQUIRE(replies.size() == 16);
        CHECK(replies[15].view().text() == large);
    }

    TEST_CASE("redis_link: the time that it tells the server has not passed there before it has here") {
        redis_link line{at(server().port()), in(5s)};
        auto const then = steady_clock::now();
        auto const told = line.server_time(then);
        REQUIRE(told);
        request asked{"TIME"};
        auto const replies = line.exchange(asked, in(5s), proof::echo);
        auto const now = std::stoll(std::string{replies[0].view()[0].text()}) * 1'000'000 +
                         std::stoll(std::string{replies[0].view()[1].text()});
        CHECK(*told <= now);
        CHECK(now - *told < 2'000'000);
        CHECK(*line.server_time(then + 1s) - *told == 1'000'000);
    }

    TEST_CASE("F51 redis_link: silence, a dribble and a delay end with the time") {
        for (auto const& spoilt : {live::black_hole(), live::dribble(10s), live::delay(20s)}) {
            auto const [code, how_far, took] = ping_fails_when(spoilt, 100ms);
            CHECK(code == error_code::timed_out);
            CHECK(how_far == reached::perhaps);
            CHECK(took >= 100ms);
            CHECK(live::eventually([&] { return ping_fails_when(spoilt, 100ms).took < 300ms; }));
        }
    }

    TEST_CASE("F51 redis_link: a peer that never stops talking is left when the time is over") {
        auto const endless = [](std::string const&) {
            std::vector<live::piece> all{{"$60000000\r\n"}};
            for (int i = 0; i != 20'000; ++i)
                all.push_back({std::string(1000, 'x'), 500us});
            return all;
        };
        CHECK(ping_fails_when(endless, 100ms).code == error_code::timed_out);
        CHECK(live::eventually([&] { return ping_fails_when(endless, 100ms).took < 300ms; }));
    }

    TEST_CASE("F51 redis_link: who accepts and says nothing, and who does not accept, is given up in time") {
        live::proxy between{server().port()};
        between.answers(live::black_hole());
        CHECK(live::eventually([&] {
            auto const begun = steady_clock::now();
            CHECK_THROWS_AS((redis_link{at(between.port()), in(100ms)}), link_fault);
            return steady_clock::now() - begun < 300ms;
        }));
        CHECK_THROWS_AS((redis_link{at(live::free_port()), in(5s)}), link_fault);
    }

    TEST_CASE("F50 redis_link: an end in the midst of an answer, by close or reset, ends the connection at once") {
        for (std::size_t const size : {1U, 5U, 10U}) {
            for (auto const how : {live::piece::end::closed, live::piece::end::reset}) {
                auto const [code, how_far, took] = ping_fails_when(live::cut_at(size, how));
                CHECK(code == error_code::unreachable);
                CHECK(how_far == reached::perhaps);
                CHECK(took < 2s);
            }
        }
    }

    TEST_CASE("F50 redis_link: an answer said twice, or in another order, or to another question is none") {
        auto const doubled = [](std::string const& bytes) { return std::vector<live::piece>{{bytes + bytes}}; };
        CHECK(ping_fails_when(doubled).code == error_code::corrupt);
        auto const swapped = [](std::string const& bytes) {
            auto parts = live::replies_in(bytes);
            std::reverse(parts.begin(), parts.end());
            std::string all;
            for (auto const& part : parts)
                all += part;
            return std::vector<live::piece>{{all}};
        };
        CHECK(ping_fails_when(swapped).code == error_code::corrupt);
        auto const earlier = [](std::string const& bytes) { return std::vector<live::piece>{{"+PONG\r\n$1\r\n7\r\n" + bytes}}; };
        CHECK(ping_fails_when(earlier).code == error_code::corrupt);
    }

    TEST_CASE("F50 redis_link: what comes when nobody asked shows before the next question") {
        live::proxy between{server().port()};
        redis_link line{at(between.port()), in(5s)};
        request asked{"PING"};
        line.exchange(asked, in(5s), proof::echo);
        CHECK(line.quiet());
        between.say("+PONG\r\n");
        CHECK(live::eventually([&] { return !line.quiet(); }));
    }

    TEST_CASE("F54 redis_link: hostile bytes are refused as they come") {
        struct hostile {
            std::string text;
            error_code code;
        };
        for (auto const& [text, code] : {hostile{"*4294967295\r\n", error_code::too_large},
                                         hostile{"$9223372036854775807\r\n", error_code::too_large},
                                         hostile{"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n", error_code::too_large},
                                         hostile{"HTTP/1.1 400 Bad Request\r\n\r\n", error_code::foreign},
                                         hostile{std::string{"\x15\x03\x01\x00\x02\x02\x46", 7}, error_code::foreign},
                                         hostile{"VALUE key 0 5\r\nvalue\r\nEND\r\n", error_code::foreign},
                                         hostile{"$-2\r\n", error_code::foreign}}) {
            auto const [told, how_far, took] = ping_fails_when(live::inject(text));
            CHECK(told == code);
            CHECK(took < 2s);
        }
        for (std::size_t const at : {0U, 5U, 6U, 7U, 8U, 9U, 10U, 11U, 12U})
            ping_fails_when(live::corrupt(at), 200ms);
    }

    TEST_CASE("redis_link: a password and a user are told, and a wrong one ends the greeting") {
        live::redis_server const guarded{{"--requirepass", "canary-1", "--user", "app", "on", ">canary-2", "~*", "+@all"}};
        auto there = at(guarded.port());
        CHECK_THROWS_AS((redis_link{there, in(5s)}), link_fault);
        there.password = "canary-1";
        CHECK(redis_link{there, in(5s)}.sound());
        there.user = "app";
        for (bool const right : {false, true}) {
            there.password = right ? "canary-2" : "canary-3";
            try {
                redis_link const line{there, in(5s)};
                CHECK(right);
            } catch (link_fault const& fault) {
                CHECK_FALSE(right);
                CHECK(fault.code() == error_code::refused);
                CHECK(std::string_view{fault.what()}.find("canary") == std::string_view::npos);
            }
        }
    }

    TEST_CASE("redis_link: a database of its own") {
        auto there = at(server().port());
        there.db = 3;
        redis_link third{there, in(5s)};
        redis_link first{at(server().port()), in(5s)};
        request store{"SET", "db", "third"};
        third.exchange(store, in(5s), proof::echo);
        request load{"GET", "db"};
        CHECK(first.exchange(load, in(5s), proof::echo)[0].view().kind() == reply_kind::nothing);
        CHECK(third.exchange(load, in(5s), proof::echo)[0].view().text() == "third");
        there.db = 1000;
        CHECK_THROWS_AS((redis_link{there, in(5s)}), link_fault);
    }

    TEST_CASE("redis_link: addresses are told as people write them") {
        CHECK(at(7).address() == "127.0.0.1:7");
        auto six = at(7);
        six.host = "::1";
        CHECK(six.address() == "[::1]:7");
        six.path = "/run/redis.sock";
        CHECK(six.address() == "/run/redis.sock");
    }
}
