#include "live/redis_server.hpp"

#include <memo/store/redis.hpp>

#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using memo::committed;
using memo::entry_name;
using memo::redis_store;
using memo::stored_bytes;
using namespace std::chrono_literals;

namespace {

live::redis_server& server() {
    static live::redis_server one;
    return one;
}

memo::redis_options options(std::string prefix) {
    auto chosen = server().over_unix();
    chosen.prefix = std::move(prefix);
    return chosen;
}

}  // namespace

TEST_SUITE("redis_store") {
    TEST_CASE("redis_store: what was set is there, over TCP and over a unix socket") {
        redis_store const near{server().over_unix()};
        redis_store const far{server().over_tcp()};
        entry_name const at{"c", "user:1"};
        CHECK_FALSE(near->get(at));
        CHECK(near->set(at, {.record = "a record of some length"}));
        CHECK(far->get(at) == "a record of some length");
        CHECK(far->erase(std::vector{at}) == memo::evicted{1});
        CHECK_FALSE(near->get(at));
        CHECK(near->erase(std::vector{at}) == memo::evicted{0});
        CHECK(near->ping() > 0ns);
    }

    TEST_CASE("redis_store: tickets") {
        redis_store const store{options("t:")};
        entry_name const at{"f:users.get:3:1a", "user:1"};
        std::vector<std::string> const tags{"users"};
        auto const first = store->open(at, tags, {}, 0);
        REQUIRE(first.mine != 0);
        CHECK(store->open(at, tags, {}, first.mine).joined);
        CHECK(store->commit(at, first.mine, {.record = "one", .tags = tags}) == committed::stored);
        CHECK(store->open(at, tags, {}, first.mine).record == "one");
        auto const second = store->lead(at, tags);
        CHECK(second > first.mine);
        CHECK(store->erase_tag("users") == memo::evicted{1});
        CHECK(store->commit(at, second, {.record = "two", .tags = tags}) == committed::fenced);
        auto const third = store->lead(at, tags);
        CHECK(store->commit(at, third, {.record = "three", .tags = tags}) == committed::stored);
        CHECK(store->erase_pattern("f:", "user:*") == memo::evicted{1});
        CHECK(store->commit(at, store->lead(at, tags), {.record = "four", .tags = tags}) == committed::stored);
        CHECK(store->erase_all("f:users.get:3:") == memo::evicted{1});
        CHECK(store->count("") == 0);
        store->set(at, {.record = "five"});
        CHECK(store->erase_text("", "user:1") == memo::evicted{1});
        CHECK(store->info().at("engine") == "redis");
    }
}
