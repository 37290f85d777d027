#include "live/proxy.hpp"
#include "live/redis_server.hpp"
#include "transport/lines.hpp"

#include <memo/transport/redis_client.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using memo::error_code;
using memo::detail::lateness;
using memo::detail::link_fault;
using memo::detail::reached;
using memo::detail::redis_client;
using memo::detail::redis_script;
using memo::detail::redis_server;
using memo::detail::reply_kind;
using memo::detail::request;
using namespace std::chrono_literals;

namespace {

using live::server;

redis_server at(std::uint16_t port) { return lines::patiently_to(port, "client"); }

using lines::in;

void command(redis_client& client, std::vector<std::string_view> const& words) {
    request asked;
    asked.add(words);
    client.ask(asked, in(5s));
}

/// Says an error reply instead of the first so many that the server gives, the ends of exchanges left out.
live::script refuse(std::string text, std::shared_ptr<int> times) {
    return [text = std::move(text), times](std::string const& bytes) {
        auto parts = live::replies_in(bytes);
        if (*times > 0 && parts.size() > 1) {
            --*times;
            parts[parts.size() - 2] = "-" + text + "\r\n";
        }
        std::string all;
        for (auto const& part : parts)
            all += part;
        return std::vector<live::piece>{{all}};
    };
}

}  // namespace

TEST_SUITE("redis_client") {
    TEST_CASE("redis_client: a script is sent once, then named, and sent again when the server forgot it") {
        redis_client client{at(server().port()), 2, 5};
        redis_script script{"return {KEYS[1], ARGV[1], ARGV[2]}"};
        CHECK(script.name().empty());
        for (int round = 0; round != 3; ++round) {
            auto const answer = client.run(script, {"key"}, {"word"}, in(5s));
            REQUIRE(answer.view().size() == 3);
            CHECK(answer.view()[0].text() == "key");
            CHECK(answer.view()[1].text().empty());
            CHECK(answer.view()[2].text() == "word");
            CHECK(script.name().size() == 40);
            if (round == 1)
                command(client, {"SCRIPT", "FLUSH"});
        }
    }

    TEST_CASE("F55 redis_client: a script that comes too late is told so by the server's own clock, which is then asked anew") {
        redis_client client{at(server().port()), 2, 5};
        redis_script script{"return tonumber(ARGV[1])"};
        auto const then = client.run(script, {}, {}, in(5s), lateness::refused).view().number();
        request asked{"TIME"};
        auto const seconds = std::stoll(std::string{client.ask(asked, in(5s))[0].view()[0].text()});
        CHECK(then / 1'000'000 - seconds >= 3);
        CHECK(then / 1'000'000 - seconds <= 5);
        redis_script late{"return redis.status_reply('LATE')"};
        try {
            client.run(late, {}, {}, in(5s), lateness::refused);
            FAIL("it was not late");
        } catch (link_fault const& fault) {
            CHECK(fault.code() == error_code::timed_out);
            CHECK(fault.how_far() == reached::no);
        }
        CHECK(client.pool().size() == 0);
    }

    TEST_CASE("F53 redis_client: each error reply has its action, for commands and scripts") {
        struct expectation {
            std::string_view text;
            int asked;          ///< times that the server is
            bool connection_stays;
            bool counts;        ///< for the breaker
        };
        for (auto const& each : {expectation{"LOADING Redis is loading", 1, false, true},
                                 {"OOM command not allowed", 1, true, false},
                                 {"MISCONF Redis is configured", 1, true, false},
                                 {"READONLY You can't", 1, false, false},
                                 {"NOAUTH Authentication required.", 1, false, true},
                                 {"WRONGPASS invalid", 1, false, true},
                                 {"NOPERM this user", 1, true, false},
                                 {"NOSCRIPT No matching", 2, true, false},
                                 {"MASTERDOWN Link", 1, false, true},
                                 {"CLUSTERDOWN The", 1, false, true},
                                 {"TRYAGAIN Multiple", 2, true, false},
                                 {"MOVED 3999 127.0.0.1:1", 1, true, false},
                                 {"ASK 3999 127.0.0.1:1", 1, true, false},
                                 {"ERR something canary", 1, true, false}}) {
            CAPTURE(each.text);
            live::proxy between{server().port()};
            redis_client client{at(between.port()), 2, 1};
            redis_script script{"return 1"};
            CHECK(client.run(script, {}, {}, in(5s)).view().number() == 1);
            auto const times = std::make_shared<int>(1000);
            between.answers(refuse(std::string{each.text}, times));
            try {
                client.run(script, {}, {}, in(5s));
                FAIL("it was not refused");
            } catch (link_fault const& fault) {
                CHECK(fault.how_far() == reached::no);
                CHECK(std::string_view{fault.what()}.find("canary") == std::string_view::npos);
                CHECK(std::string_view{fault.what()}.find("127.0.0.1:1") == std::string_view::npos);
            }
            CHECK(1000 - *times == each.asked);
            CHECK(client.pool().size() == (each.connection_stays ? 1 : 0));
            CHECK(client.pool().resting() == each.counts);
        }
    }

    TEST_CASE("F53 redis_client: what is tried once more succeeds then") {
        live::proxy between{server().port()};
        redis_client client{at(between.port()), 2, 1};
        redis_script script{"return 1"};
        CHECK(client.run(script, {}, {}, in(5s)).view().number() == 1);
        for (auto const* text : {"TRYAGAIN now", "NOSCRIPT No matching"}) {
            between.answers(refuse(text, std::make_shared<int>(1)));
            CHECK(client.run(script, {}, {}, in(5s)).view().number() == 1);
        }
        between.answers(refuse("TRYAGAIN now", std::make_shared<int>(1)));
        request asked{"PING"};
        CHECK(client.ask(asked, in(5s))[0].view().text() == "PONG");
        between.answers(refuse("WRONGTYPE Operation", std::make_shared<int>(1)));
        CHECK(client.ask(asked, in(5s))[0].view().kind() == reply_kind::refusal);
    }

    TEST_CASE("F50 redis_client: who knows the answer asks for nothing else, and another one is nobody's") {
        live::proxy between{server().port()};
        redis_client client{at(between.port()), 2, 5};
        redis_script script{"return ARGV[2]"};
        auto const ask = [&](std::string_view word) {
            return std::string{client.run(script, {}, {word}, in(5s), lateness::harmless, "foreseen").view().text()};
        };
        CHECK(ask("foreseen") == "foreseen");
        auto const most = std::make_shared<std::size_t>(0);
        between.answers([most](std::string const& bytes) {
            *most = std::max(*most, live::replies_in(bytes).size());
            return std::vector<live::piece>{{bytes}};
        });
        CHECK(ask("foreseen") == "foreseen");
        CHECK(*most == 1);
        CHECK(client.pool().size() == 1);
        CHECK_THROWS_WITH_AS(ask("another"), doctest::Contains("out of step"), link_fault);
        CHECK(client.pool().size() == 0);
        CHECK(ask("foreseen") == "foreseen");
    }

    TEST_CASE("F50 redis_client: an error reply that proves nothing is asked for again, with the word that proves it") {
        live::proxy between{server().port()};
        redis_client client{at(between.port()), 2, 5};
        redis_script script{"return ARGV[2]"};
        auto const ask = [&] { return client.run(script, {}, {"foreseen"}, in(5s), lateness::harmless, "foreseen"); };
        ask();
        auto const asked = std::make_shared<int>(0);
        between.answers([asked](std::string const& bytes) {
            return std::vector<live::piece>{{++*asked == 1 ? std::string{"-OOM command not allowed\r\n"} : bytes}};
        });
        CHECK(ask().view().text() == "foreseen");
        CHECK(*asked == 2);
    }

    TEST_CASE("F51 redis_client: several failures in a row end the asking, one success begins it again") {
        live::proxy between{server().port()};
        redis_client client{at(between.port()), 2, 3};
        request asked{"PING"};
        between.answers(live::black_hole());
        for (int i = 0; i != 3; ++i) {
            CHECK_FALSE(client.pool().resting());
            CHECK_THROWS_AS(client.ask(asked, in(20ms)), link_fault);
        }
        CHECK(client.pool().resting());
        CHECK(live::eventually([&] { return between.taken() == 3; }));
        CHECK_THROWS_AS(client.ask(asked, in(20ms)), link_fault);
        CHECK(between.taken() == 3);
        between.behave();
        auto const begun = std::chrono::steady_clock::now();
        CHECK(live::eventually([&] {
            try {
                client.ask(asked, in(5s));
                return true;
            } catch (link_fault const&) {
                return false;
            }
        }));
        CHECK(std::chrono::steady_clock::now() - begun < 2s);
        CHECK_FALSE(client.pool().resting());
    }
}
