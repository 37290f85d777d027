#include "live/redis_server.hpp"
#include "process.hpp"

#include <memo/store/redis.hpp>

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/glob.hpp>
#include <memo/store/byte_store.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using memo::committed;
using memo::duration;
using memo::entry_name;
using memo::error_code;
using memo::evicted;
using memo::redis_options;
using memo::redis_store;
using memo::stored_bytes;
using namespace std::chrono_literals;

namespace {

using live::server;

/// Each test behind a prefix of its own.
redis_options options() {
    static int prefixes = 0;
    auto chosen = server().over_unix();
    chosen.prefix = "test" + std::to_string(++prefixes) + ":";
    return chosen;
}

memo::detail::reply command(std::vector<std::string_view> const& words) { return server().command(words); }

evicted erase(redis_store const& store, entry_name at) { return store->erase({&at, 1}); }

std::string fault_of(std::function<void()> const& work, error_code code) {
    try {
        work();
    } catch (memo::error const& fault) {
        CHECK(fault.code() == code);
        return fault.what();
    }
    FAIL("nothing was thrown");
    return {};
}

constexpr entry_name user{"c", "user:1"};
constexpr entry_name fetched{"f:users.get:3:1a", "user:1"};

}  // namespace

TEST_SUITE("redis_store") {
    TEST_CASE("redis_store: what was set is there, over TCP and over a unix socket, for every store with the prefix") {
        auto const by_socket = options();
        auto by_port = server().over_tcp();
        by_port.prefix = by_socket.prefix;
        redis_store const one{by_socket};
        redis_store const another{by_port};
        CHECK(one->kind() == "redis");
        CHECK(one->prefix() == by_socket.prefix);
        CHECK(one->set(user, {.record = "a record"}));
        CHECK(another->get(user) == "a record");
        CHECK(erase(another, user) == evicted{1});
        CHECK_FALSE(one->get(user));
        CHECK(one->ping() > 0ns);
    }

    TEST_CASE("redis_store: options out of their range are refused, each by its name") {
        auto const refused = [](redis_options const& wrong, std::string_view name) {
            auto const told = fault_of([&] { redis_store{wrong}; }, error_code::bad_config);
            CHECK(told.find(name) != std::string::npos);
            CHECK(told.find("; ") != std::string::npos);
        };
        refused({.host = ""}, "host");
        refused({.port = 0}, "port");
        refused({.path = std::string(108, 'x')}, "path");
        refused({.host = std::string{"a\0b", 3}}, "host");
        refused({.prefix = "a#"}, "prefix");
        refused({.prefix = std::string(129, 'x')}, "prefix");
        refused({.pool = 0}, "pool");
        refused({.pool = 1025}, "pool");
        refused({.timeout = 0s}, "timeout");
        refused({.connect_timeout = -1s}, "connect_timeout");
        refused({.bulk_timeout = 0s}, "bulk_timeout");
        refused({.max_reply = 1}, "max_reply");
        refused({.max_reply = std::size_t{1} << 30}, "max_reply");
        refused({.breaker_threshold = 0}, "breaker_threshold");
        refused({.tls = true}, "TLS");
    }

    TEST_CASE("F06 redis_store: names and records of any bytes and sizes, each its own") {
        redis_store const store{options()};
        std::string every;
        for (int byte = 0; byte != 256; ++byte)
            every += static_cast<char>(byte);
        std::set<std::string> names{"",
                                    "a",
                                    every,
                                    "user:1\r\nSET canary 1\r\n",
                                    "*",
                                    "[a-z]",
                                    "\\",
                                    "a b",
                                    std::string(250, 'k'),
                                    std::string(511, 'k'),
                                    std::string(512, 'k'),
                                    std::string(65'536, 'k')};
        for (int byte = 0; byte != 256; ++byte)
            names.insert(std::string(1, static_cast<char>(byte)));
        std::size_t number = 0;
        for (std::string_view const family : {"c", "f:a:b:c", ":", "#", ""}) {
            for (auto const& name : names)
                CHECK(store->set({family, name}, {.record = std::to_string(number++) + every}));
        }
        number = 0;
        for (std::string_view const family : {"c", "f:a:b:c", ":", "#", ""}) {
            for (auto const& name : names)
                CHECK(store->get({family, name}) == std::to_string(number++) + every);
        }
        CHECK(command({"EXISTS", "canary"}).view().number() == 0);
        CHECK(store->count("c") == names.size());
        CHECK(store->erase_all("") == evicted{5 * names.size()});
        CHECK(store->count("") == 0);
    }

    TEST_CASE("F06 redis_store: a record that would not come back is not stored, and what was there is gone") {
        auto small = options();
        small.max_reply = 100'000;
        redis_store const store{small};
        std::string const fits(99'000, 'x');
        std::string const large(100'000, 'x');
        CHECK(store->set(user, {.record = fits}));
        CHECK(store->get(user) == fits);
        CHECK_FALSE(store->set(user, {.record = large}));
        CHECK_FALSE(store->get(user));
        store->set(user, {.record = fits});
        CHECK(store->commit(user, store->lead(user, {}), {.record = large}) == committed::too_large);
        CHECK_FALSE(store->get(user));
        std::vector<std::pair<entry_name, stored_bytes>> const pairs{{user, {.record = fits}}, {fetched, {.record = large}}};
        fault_of([&] { store->set_many(pairs); }, error_code::too_large);
        CHECK_FALSE(store->get(user));
        small.max_reply = 10'000'000;
        redis_store{small}->set(user, {.record = large});
        fault_of([&] { store->get(user); }, error_code::too_large);
    }

    TEST_CASE("F06 redis_store: a batch that is larger than a reply may be comes one by one") {
        auto small = options();
        small.max_reply = 100'000;
        redis_store const store{small};
        std::vector<std::string> names;
        std::vector<entry_name> all;
        for (int i = 0; i != 10; ++i)
            names.push_back(std::to_string(i));
        for (auto const& name : names) {
            all.push_back({"c", name});
            store->set(all.back(), {.record = std::string(50'000, 'x') + name});
        }
        auto const got = store->get_many(all);
        for (std::size_t i = 0; i != all.size(); ++i)
            CHECK(got[i] == std::string(50'000, 'x') + names[i]);
    }

    TEST_CASE("F07 redis_store: an eviction stays behind its prefix, whatever bytes that has, and within its scope") {
        auto const mine = options();
        for (std::string const& other_prefix :
             {mine.prefix + "*", mine.prefix + "x", std::string{"*"}, std::string{"["}, std::string{}}) {
            auto theirs = mine;
            theirs.prefix = other_prefix;
            redis_store const store{mine};
            redis_store const other{theirs};
            auto const foreign = mine.prefix + "foreign";
            command({"SET", foreign, "1"});
            command({"SET", "foreign:1", "1"});
            store->set(user, {.record = "mine"});
            store->set(fetched, {.record = "mine"});
            other->set({"d", "user:1"}, {.record = "theirs"});
            CHECK(store->erase_pattern("f:", "*") == evicted{1});
            CHECK(store->erase_all("") == evicted{1});
            CHECK(other->get({"d", "user:1"}) == "theirs");
            other->erase_all("");
            CHECK(command({"EXISTS", foreign, "foreign:1"}).view().number() == 2);
        }
    }

    TEST_CASE("F07 redis_store: patterns reach exactly the names that they match") {
        redis_store const store{options()};
        std::mt19937 chance{5};
        auto const draw = [&](std::string_view letters) {
            std::string text;
            for (auto left = chance() % 6; left != 0; --left)
                text += letters[chance() % letters.size()];
            return text;
        };
        for (int round = 0; round != 200; ++round) {
            std::set<std::string> names;
            for (int i = 0; i != 8; ++i)
                names.insert(draw("ab*?[]^-\\"));
            for (auto const& name : names)
                store->set({"c", name}, {.record = "1"});
            auto glob = draw("ab*?[]^-\\");
            if (memo::detail::glob_fault(glob) != nullptr)
                glob = "*";
            CAPTURE(glob);
            std::size_t matching = 0;
            for (auto const& name : names)
                matching += memo::detail::glob_match(glob, name) ? 1U : 0U;
            CHECK(store->scan("c", glob, {}).names.size() == matching);
            CHECK(store->erase_pattern("c", glob) == evicted{matching});
            for (auto const& name : names)
                CHECK(store->get({"c", name}).has_value() == !memo::detail::glob_match(glob, name));
            store->erase_all("c");
        }
    }

    TEST_CASE("F07 redis_store: a pattern of many stars does not keep the server busy") {
        redis_store const store{options()};
        std::string const name(2000, 'a');
        store->set({"c", name}, {.record = "1"});
        auto const begun = std::chrono::steady_clock::now();
        CHECK(store->erase_pattern("c", "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b") == evicted{0});
        CHECK(std::chrono::steady_clock::now() - begun < 2s);
    }

    TEST_CASE("F37 redis_store: lifetimes from a nanosecond to for ever") {
        redis_store const store{options()};
        auto const left = [&] { return command({"PTTL", std::string{store->prefix()} + "c:user:1"}).view().number(); };
        for (duration const lifetime :
             {duration{1}, duration{1'000'001}, duration{1min}, duration{24h * 365 * 100}, duration::max() - duration{1}}) {
            store->set(user, {.record = "1", .lifetime = lifetime});
            CHECK(left() <= lifetime.count() / 1'000'000 + 1);
            CHECK((lifetime < 1s || left() > lifetime.count() / 1'000'000 - 20'000));
        }
        store->set(user, {.record = "1"});
        CHECK(left() == -1);
        store->set(user, {.record = "1", .lifetime = 1ns});
        CHECK(live::eventually([&] { return !store->get(user); }));
    }

    TEST_CASE("redis_store: what stands under its keys and is none of its records is nothing, and can be replaced") {
        redis_store const store{options()};
        auto const key = std::string{store->prefix()} + "c:user:1";
        auto const spoil = [&](int how) {
            command({"DEL", key});
            if (how == 0)
                command({"LPUSH", key, "canary"});
            else
                command({"SET", key, how == 1 ? "short" : "long enough to be a record of something"});
        };
        for (int how = 0; how != 3; ++how) {
            spoil(how);
            CHECK_FALSE(store->get(user));
            CHECK_FALSE(store->get_many(std::vector{user})[0]);
            CHECK(store->open(user, {}, {}, 0).mine != 0);
            CHECK_FALSE(store->discard(user, "record"));
            CHECK(store->add(user, {.record = "mine"}, {}));
            CHECK(store->get(user) == "mine");
            spoil(how);
            CHECK(store->commit(user, store->lead(user, {}), {.record = "mine"}) == committed::stored);
            spoil(how);
            CHECK(store->set(user, {.record = "mine"}));
            CHECK(store->get(user) == "mine");
        }
    }

    TEST_CASE("F14 redis_store: a record that somebody copies to another key is nothing there") {
        redis_store const store{options()};
        std::string const prefix{store->prefix()};
        store->set(user, {.record = "first"});
        command({"COPY", prefix + "c:user:1", prefix + "c:user:2"});
        CHECK_FALSE(store->get({"c", "user:2"}));
    }

    TEST_CASE("redis_store: the sets of tags shrink as what bears them goes, and end with it") {
        redis_store const store{options()};
        std::vector<std::string> const tags{"users"};
        auto const set = std::string{store->prefix()} + "#t:users";
        for (int i = 0; i != 1000; ++i)
            store->set(user, {.record = "record " + std::to_string(i), .tags = tags, .lifetime = 1h});
        CHECK(command({"SCARD", set}).view().number() <= 10);
        CHECK(command({"PTTL", set}).view().number() > 3'500'000);
        store->set(fetched, {.record = "record", .tags = tags});
        CHECK(command({"PTTL", set}).view().number() == -1);
        CHECK(store->erase_tag("users") == evicted{2});
        CHECK(command({"EXISTS", set}).view().number() == 0);
    }

    TEST_CASE("redis_store: info tells what it is, and how large") {
        redis_store const store{options()};
        store->set(user, {.record = "1"});
        auto const told = store->info();
        CHECK(told.at("engine") == "redis");
        CHECK(told.at("version").find('.') != std::string::npos);
        CHECK(told.at("address") == server().socket_path());
        CHECK(told.at("prefix") == store->prefix());
        CHECK(std::stoul(told.at("entries")) >= 1);
        CHECK(std::stoul(told.at("bytes")) > 1000);
        CHECK(told.at("run_id").size() == 40);
    }

    TEST_CASE("redis_store: databases are apart") {
        auto first = options();
        auto second = first;
        second.db = 5;
        redis_store const one{first};
        redis_store const other{second};
        one->set(user, {.record = "first"});
        CHECK_FALSE(other->get(user));
    }

    TEST_CASE("F35 redis_store: parent and child use it at once, each by connections of its own") {
        redis_store const store{options()};
        store->set(user, {.record = "parent's"});
        auto const child = fork();
        if (child == 0) {
            alarm(20);
            bool good = true;
            for (int i = 0; i != 500; ++i) {
                auto const own = "child " + std::to_string(i);
                good = good && store->set({"child", own}, {.record = own}) && store->get({"child", own}) == own;
            }
            _exit(good && store->get(user) == "parent's" ? 0 : 1);
        }
        bool good = true;
        for (int i = 0; i != 500; ++i) {
            auto const own = "parent " + std::to_string(i);
            good = good && store->set({"parent", own}, {.record = own}) && store->get({"parent", own}) == own;
        }
        CHECK(good);
        CHECK(process::ends_with(child, 0));
        CHECK(store->count("child") == 500);
        CHECK(store->count("parent") == 500);
    }
}
