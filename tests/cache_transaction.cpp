#include <memo/cache_transaction.hpp>

#include "cache_grounds.hpp"

#include <memo/base/error.hpp>
#include <memo/cache.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

TEST_CASE("transaction: it sees its own writes, others see nothing before commit and all of it after") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.set("gone", 1);
        c.set("kept", 2);
        auto t = c.transaction();
        t.set("fresh", 3, {.ttl = 5s, .tags = {"t"}, .metadata = {{"a", "b"}}});
        t.erase("gone");
        t.set("kept", "text");
        CHECK(t.get<int>("fresh") == 3);
        CHECK(t.get<int>("gone") == std::nullopt);
        CHECK(t.get<int>("kept") == std::nullopt);
        CHECK(t.get<std::string>("kept") == "text");
        CHECK(t.get<int>("none") == std::nullopt);
        CHECK(c.get<int>("fresh") == std::nullopt);
        CHECK(c.get<int>("gone") == 1);
        CHECK(c.get<int>("kept") == 2);
        t.commit();
        CHECK(c.get<int>("fresh") == 3);
        CHECK(c.ttl("fresh") == 5s);
        CHECK(c.metadata("fresh")->at("a") == "b");
        CHECK_FALSE(c.exists("gone"));
        CHECK(on.store->get({"c", "gone"}) == std::nullopt);
        CHECK(c.get<std::string>("kept") == "text");
        CHECK(c.erase_tag("t").count() == 1);
    });
}

TEST_CASE("transaction: leaving its scope drops it, and after commit it begins anew") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.transaction().set("dropped", 1);
        CHECK_FALSE(c.exists("dropped"));
        auto t = c.transaction();
        t.commit();
        t.set("a", 1);
        t.commit();
        c.set("a", 2);
        t.set("b", 1);
        t.commit();
        CHECK(c.get<int>("a") == 2);
        CHECK(c.get<int>("b") == 1);
    });
}

TEST_CASE("transaction: the last change of a key counts, and a ttl of zero erases") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.set("n", 1);
        auto t = c.transaction();
        t.set("n", 2);
        t.set("n", 3, {.ttl = 0s});
        t.set("m", 1);
        t.erase("m");
        t.set("m", 4);
        t.commit();
        CHECK(on.store->get({"c", "n"}) == std::nullopt);
        CHECK(c.get<int>("m") == 4);
        CHECK(c.stats().errors == 0);
    });
}

TEST_CASE("transaction: of two, the last commit wins") {
    on_each([](stand& on) {
        auto one = on.c.transaction();
        auto other = on.c.transaction();
        one.set("n", 1);
        other.set("n", 2);
        other.commit();
        one.commit();
        CHECK(on.c.get<int>("n") == 1);
    });
}

TEST_CASE("transaction: lifetimes begin at commit") {
    on_each([](stand& on) {
        auto t = on.c.transaction();
        t.set("n", 1, {.ttl = 5s});
        on.time.advance(1h);
        t.commit();
        CHECK(on.c.ttl("n") == 5s);
    });
}

TEST_CASE("transaction: hooks and loaders hold, and after a refusal nothing of it can be stored") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.validator([](std::string_view, int value) { return value > 0; });
        c.before_set([](std::string_view, int value) { return value * 2; });
        c.after_get([](std::string_view, int value) { return value + 1; });
        c.loader([](std::string_view key) -> std::optional<int> {
            return key == "loaded" ? std::optional{50} : std::nullopt;
        });
        auto t = c.transaction();
        t.set("n", 5);
        CHECK(t.get<int>("n") == 11);
        CHECK(t.get<int>("loaded") == 101);
        t.erase("loaded");
        CHECK(t.get<int>("loaded") == std::nullopt);
        CHECK_THROWS_AS(t.set("m", -1), memo::value_error);
        t.set("k", 6);
        CHECK_THROWS_AS(t.commit(), memo::value_error);
        CHECK(c.keys("*") == std::vector<std::string>{"loaded"});
        auto again = c.transaction();
        again.set("n", 5);
        again.commit();
        CHECK(c.get<int>("n") == 11);
    });
}

TEST_CASE("transaction: a key above 64 KiB throws key_error and spoils nothing") {
    memo::cache const c;
    auto t = c.transaction();
    std::string const longer(65'537, 'k');
    CHECK_THROWS_AS(t.set(longer, 1), memo::key_error);
    CHECK_THROWS_AS(t.erase(longer), memo::key_error);
    CHECK_THROWS_AS(t.get<int>(longer), memo::key_error);
    CHECK_THROWS_AS(t.set("n", 1, {.tags = {"\1"}}), memo::key_error);
    t.set("n", 1);
    auto moved = std::move(t);
    moved.commit();
    CHECK(c.get<int>("n") == 1);
}
