#include "live/proxy.hpp"
#include "live/redis_server.hpp"

#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/redis.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using memo::change;
using memo::committed;
using memo::entry_name;
using memo::error_code;
using memo::evicted;
using memo::redis_store;
using namespace std::chrono_literals;

namespace {

constexpr entry_name user{"c", "user:1"};
constexpr std::string_view canary = "canary-7f3a";

using verb = std::function<void(memo::byte_store&)>;
using eviction = std::function<evicted(memo::byte_store&)>;

std::vector<std::string> const tags{"canary-7f3a tag"};

std::vector<verb> reads() {
    return {
        [](memo::byte_store& store) { store.get(user); },
        [](memo::byte_store& store) { store.get_many(std::vector{user, user}); },
        [](memo::byte_store& store) { store.scan("c", "canary-7f3a*", {}); },
        [](memo::byte_store& store) { store.count("c"); },
        [](memo::byte_store& store) { store.ping(); },
        [](memo::byte_store& store) { store.info(); },
    };
}

std::vector<verb> writes() {
    static std::string const record = "canary-7f3a record";
    return {
        [](memo::byte_store& store) { store.set(user, {.record = record, .tags = tags}); },
        [](memo::byte_store& store) {
            store.set_many(std::vector{std::pair{user, memo::stored_bytes{.record = record}}});
        },
        [](memo::byte_store& store) {
            store.transact(std::vector<change>{{user, memo::stored_bytes{.record = record}}, {{"c", "canary-7f3a name"}, {}}});
        },
        [](memo::byte_store& store) {
            store.transact(
                std::vector<change>{{user, memo::stored_bytes{.record = record, .tags = tags}}, {{"c", "canary-7f3a name"}, {}}});
        },
        [](memo::byte_store& store) {
            store.add({"c", "canary-7f3a name"}, {.record = record}, {});
        },
        [](memo::byte_store& store) {
            store.transact(std::vector{change{user, memo::stored_bytes{.record = record}}});
        },
        [](memo::byte_store& store) { store.lead(user, tags); },
        [](memo::byte_store& store) {
            store.open({"c", "canary-7f3a name"}, tags, {}, 0);
        },
    };
}

std::vector<eviction> evictions() {
    return {
        [](memo::byte_store& store) { return store.erase({&user, 1}); },
        [](memo::byte_store& store) { return store.erase_text({}, "user:1"); },
        [](memo::byte_store& store) { return store.erase_pattern({}, "user:*"); },
        [](memo::byte_store& store) { return store.erase_tag(tags[0]); },
        [](memo::byte_store& store) { return store.erase_all({}); },
    };
}

/// How a verb ends; its message, if any, has nothing in it that is nobody's business.
std::optional<error_code> ending(redis_store const& store, verb const& work) {
    try {
        work(*store);
        return std::nullopt;
    } catch (memo::connection_error const& fault) {
        CHECK(std::string_view{fault.what()}.find(canary) == std::string_view::npos);
        CHECK(std::string_view{fault.what()}.starts_with("redis_store("));
        CHECK(std::string_view{fault.what()}.find("; ") != std::string_view::npos);
        return fault.code();
    }
}

}  // namespace

TEST_SUITE("redis_store refused") {
    TEST_CASE("F53 redis_store: each error reply to each verb ends it at once, and the store goes on afterwards") {
        live::redis_server own;
        live::proxy between{own.port()};
        auto options = own.over_tcp();
        options.port = between.port();
        options.breaker_threshold = 1000;
        redis_store const store{options};
        auto all = reads();
        for (auto const& write : writes())
            all.push_back(write);
        for (auto const& work : all)
            work(*store);
        for (std::string const text :
             {"LOADING it", "OOM command not allowed", "MISCONF disk", "READONLY replica", "NOAUTH who", "WRONGPASS who",
              "NOPERM no", "NOSCRIPT no", "MASTERDOWN it", "CLUSTERDOWN it", "TRYAGAIN later", "MOVED 1 127.0.0.1:1",
              "ASK 1 127.0.0.1:1", "ERR unknown command, with args beginning with: canary-7f3a"}) {
            CAPTURE(text);
            between.answers(live::inject("-" + text + "\r\n-" + text + "\r\n"));
            for (auto const& work : all)
                CHECK(ending(store, work).has_value());
            for (auto const& evict : evictions())
                CHECK_FALSE(evict(*store).confirmed());
            between.behave();
            for (auto const& work : all)
                CHECK_FALSE(ending(store, work).has_value());
            for (auto const& evict : evictions())
                CHECK(evict(*store).confirmed());
        }
    }

    TEST_CASE("F54 redis_store: hostile bytes are nobody's value, and the store goes on afterwards") {
        live::redis_server own;
        live::proxy between{own.port()};
        auto options = own.over_tcp();
        options.port = between.port();
        options.breaker_threshold = 1000;
        options.timeout = 30ms;
        redis_store const store{options};
        for (std::string const text :
             {"*4294967295\r\n", "$9223372036854775807\r\n", "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n",
              ":1\r\n", "+OK\r\n", "*0\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "\x15\x03\x01", "$7\r\nforeign\r\n",
              "$40\r\n0123456789012345678901234567890123456789\r\n", "VALUE key 0 5\r\nvalue\r\nEND\r\n"}) {
            CAPTURE(text);
            between.answers(live::inject(text));
            for (auto const& work : reads())
                CHECK(ending(store, work).has_value());
            for (auto const& evict : evictions())
                CHECK_FALSE(evict(*store).confirmed());
            between.behave();
            CHECK(live::eventually([&] {
                std::optional<std::string> read;
                auto const write_and_read = [&](memo::byte_store& into) {
                    into.set(user, {.record = "mine"});
                    read = into.get(user);
                };
                return !ending(store, write_and_read) && read == "mine";
            }));
        }
    }

    TEST_CASE("F53 redis_store: a server whose memory is full takes no records, but evictions of every kind") {
        live::redis_server own{{"--maxmemory", "3mb", "--maxmemory-policy", "noeviction"}};
        redis_store const store{own.over_unix()};
        std::string const large(100'000, 'x');
        std::vector<std::function<void(memo::byte_store&, std::string const&)>> const ways{
            [&](memo::byte_store& into, std::string const& name) { into.set({"d", name}, {.record = large}); },
            [&](memo::byte_store& into, std::string const& name) { into.set({"d", name}, {.record = large, .tags = tags}); },
            [&](memo::byte_store& into, std::string const& name) {
                into.transact(std::vector<change>{{{"d", name}, memo::stored_bytes{.record = large}}, {user, {}}});
            },
            [&](memo::byte_store& into, std::string const& name) { into.add({"d", name}, {.record = large}, {}); },
        };
        for (std::size_t round = 0; round != evictions().size(); ++round) {
            std::optional<error_code> full;
            for (int i = 0; i != 1000 && !full; ++i) {
                store->set(user, {.record = "a record", .tags = tags});
                full = ending(store, [&](memo::byte_store& into) { ways[round % ways.size()](into, std::to_string(i)); });
            }
            CHECK(full == error_code::full);
            CHECK(store->get(user) == "a record");
            CHECK(evictions()[round](*store).confirmed());
            CHECK_FALSE(store->get(user));
            CHECK(store->erase_all({}).confirmed());
        }
    }

    TEST_CASE("F53 redis_store: a replica answers reads, refuses writes, and evicts nothing") {
        live::redis_server own;
        redis_store const store{own.over_unix()};
        store->set(user, {.record = "a record"});
        own.command({"REPLICAOF", "127.0.0.1", std::to_string(live::free_port())});
        CHECK(store->get(user) == "a record");
        for (auto const& write : writes())
            CHECK(ending(store, write) == error_code::refused);
        for (auto const& evict : evictions())
            CHECK_FALSE(evict(*store).confirmed());
        CHECK(store->get(user) == "a record");
        own.command({"REPLICAOF", "NO", "ONE"});
        CHECK(store->set(user, {.record = "another"}));
    }

    TEST_CASE("redis_store: the user of the server that its documentation shows may do all that it does, and nothing else") {
        live::redis_server own{{"--user", "app", "on", ">password", "~myapp:*", "+@read", "+@write", "+@scripting",
                                "+@transaction", "+@connection", "-@dangerous", "+time", "+info"}};
        auto options = own.over_tcp();
        options.user = "app";
        options.password = "password";
        options.prefix = "myapp:";
        redis_store const store{options};
        for (auto const& work : writes())
            CHECK_FALSE(ending(store, work).has_value());
        for (auto const& work : reads())
            CHECK_FALSE(ending(store, work).has_value());
        auto const ticket = store->lead(user, tags);
        CHECK(store->commit(user, ticket, {.record = "a record", .tags = tags}) == committed::stored);
        CHECK(store->amend(user, {.record = "another record"}, "a record"));
        CHECK(store->discard(user, "another record"));
        store->abandon(user, store->lead(user, tags));
        for (auto const& evict : evictions())
            CHECK(evict(*store).confirmed());
        options.prefix = "other:";
        redis_store const elsewhere{options};
        for (auto const& work : writes())
            CHECK(ending(elsewhere, work) == error_code::refused);
        for (auto const& evict : evictions())
            CHECK(evict(*elsewhere).failed());
    }

    TEST_CASE("F57 redis_store: a password is in no message and in nothing that the store tells of itself") {
        live::redis_server own{{"--requirepass", std::string{canary}}};
        auto options = own.over_unix();
        options.password = canary;
        redis_store const right{options};
        CHECK(right->set(user, {.record = "a record"}));
        for (auto const& [key, value] : right->info())
            CHECK((key + value).find(canary) == std::string::npos);
        options.password = std::string{canary} + " that is wrong";
        redis_store const wrong{options};
        options.password = "";
        redis_store const none{options};
        for (auto const& work : reads()) {
            CHECK(ending(wrong, work).has_value());
            CHECK(ending(none, work).has_value());
        }
        CHECK(ending(wrong, reads().front()) == error_code::unreachable);
        own.stop();
        CHECK(ending(right, reads().front()).has_value());
    }
}
