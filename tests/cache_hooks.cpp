#include <memo/cache_hooks.hpp>

#include "cache_grounds.hpp"

#include <memo/base/error.hpp>
#include <memo/cache.hpp>

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

bool is_positive(std::string_view, int value) { return value > 0; }

}  // namespace

TEST_CASE("hooks: a validator says what may be stored, of its own type and by every verb") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.validator(is_positive);
        c.validator([](std::string const& key, std::string const& text) { return key != "forbidden" && !text.empty(); });
        CHECK_THROWS_AS(c.set("n", -1), memo::value_error);
        CHECK_THROWS_AS(c.add("n", -1), memo::value_error);
        CHECK_THROWS_AS(c.get_or_compute("n", [] { return -1; }), memo::value_error);
        CHECK_THROWS_AS(c.set_many(std::map<std::string, int>{{"a", 1}, {"n", -1}}), memo::value_error);
        CHECK_THROWS_AS(c.set("n", ""), memo::value_error);
        CHECK_THROWS_AS(c.set("forbidden", "text"), memo::value_error);
        CHECK(c.keys("*").empty());
        c.set("n", 1);
        c.set("text", "some");
        c.set("other", -1L);
        CHECK(c.keys("*").size() == 3);
        CHECK_THROWS_AS(c.set("n", -1), memo::value_error);
        CHECK(c.get<int>("n") == 1);
    });
}

TEST_CASE("hooks: what is refused is told without the key and the value") {
    memo::cache const c{memo::name("sessions")};
    c.validator([](std::string_view, std::string const&) { return false; });
    try {
        c.set("canary-key", "canary-value");
        FAIL("it was stored");
    } catch (memo::value_error const& refused) {
        std::string const message = refused.what();
        CHECK(message == "memo::cache(sessions): a validator refused the value; it was not stored");
        CHECK(refused.code() == memo::error_code::bad_value);
    }
}

TEST_CASE("hooks: before_set changes what is stored, after_get what is shown, in the order of registration") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.before_set([](std::string_view, int value) { return value * 10; });
        c.before_set([](std::string_view, int value) { return value + 1; });
        c.set("n", 1);
        CHECK(c.get<int>("n") == 11);
        c.after_get([](std::string_view, int const& value) { return value * 100; });
        c.after_get([](std::string_view key, int value) { return value + static_cast<int>(key.size()); });
        CHECK(c.get<int>("n") == 1101);
        CHECK(c.get_or<int>("n", 0) == 1101);
        CHECK(c.get_many<int>({"n", "none"}) == std::vector<std::optional<int>>{1101, std::nullopt});
        CHECK(c.get_or_compute("n", [] { return 5; }) == 1101);
        CHECK(c.get_or_compute("made", [] { return 2; }) == 2104);
        CHECK(c.get<int>("made") == 2104);
        c.set_many(std::map<std::string, int>{{"a", 3}});
        CHECK(c.get<int>("a") == 3101);
        CHECK(c.add("b", 4));
        CHECK(c.get<int>("b") == 4101);
        c.set("text", "as it is");
        CHECK(c.get<std::string>("text") == "as it is");
    });
}

TEST_CASE("hooks: validators see what the hooks made of a value") {
    memo::cache const c;
    c.validator([](std::string_view, int value) { return value < 10; });
    c.before_set([](std::string_view, int value) { return value % 10; });
    c.set("n", 17);
    CHECK(c.get<int>("n") == 7);
}

TEST_CASE("hooks: text is text however it came") {
    memo::cache const c;
    c.before_set([](std::string_view, std::string_view text) { return text.substr(1); });
    c.loader([](std::string_view) { return "loaded"; });
    c.set("literal", "abc");
    c.set("view", std::string_view{"abc"});
    CHECK(c.get<std::string>("literal") == "bc");
    CHECK(c.get<std::string>("view") == "bc");
    CHECK(c.get<std::string>("none") == "oaded");
}

TEST_CASE("hooks: a loader fills a miss of get, and what it loads is stored") {
    on_each([](stand& on) {
        auto& c = on.c;
        int loads = 0;
        c.loader([&](std::string_view key) -> std::optional<int> {
            ++loads;
            return key.starts_with("user:") ? std::optional{static_cast<int>(key.size())} : std::nullopt;
        });
        CHECK(c.get<int>("user:1") == 6);
        CHECK(c.get<int>("user:1") == 6);
        CHECK(loads == 1);
        CHECK(c.get<int>("other") == std::nullopt);
        CHECK(c.get_or<int>("other", 9) == 9);
        CHECK(loads == 3);
        CHECK_FALSE(c.exists("other"));
        CHECK(c.get<long>("user:2") == std::nullopt);
        CHECK(c.get_many<int>({"user:12", "other", "user:1"}) == std::vector<std::optional<int>>{7, std::nullopt, 6});
        CHECK(loads == 5);
        CHECK(c.keys("*") == std::vector<std::string>{"user:1", "user:12"});
        c.loader([](std::string const& key) { return static_cast<int>(key.size()) * 1000; });
        CHECK(c.get<int>("other") == 5000);
        CHECK(c.get<int>("user:3") == 6);
    });
}

TEST_CASE("hooks: a loader's values pass the hooks, and its exceptions pass through") {
    memo::cache const c;
    c.loader([](std::string_view key) -> int { return key == "bad" ? throw std::out_of_range{"bad"} : -3; });
    CHECK_THROWS_AS(c.get<int>("bad"), std::out_of_range);
    CHECK(c.get<int>("n") == -3);
    c.validator([](std::string_view, int value) { return value > 0; });
    CHECK(c.get<int>("n") == -3);
    CHECK_THROWS_AS(c.get<int>("m"), memo::value_error);
    CHECK_FALSE(c.exists("m"));
    c.before_set([](std::string_view, int value) { return -value; });
    CHECK(c.get<int>("m") == 3);
    CHECK(c.stats().errors == 2);
}

TEST_CASE("hooks: functions that are generic, or can only be moved, say their type aloud") {
    memo::cache const c;
    auto owned = std::make_unique<int>(5);
    c.validator<int>([](auto const&, auto const& value) { return value > 0; });
    c.before_set<int>([owned = std::move(owned)](std::string_view, auto value) { return value + *owned; });
    c.loader<long>([](std::string_view) { return 4; });
    c.set("n", 1);
    CHECK(c.get<int>("n") == 6);
    CHECK(c.get<long>("m") == 4L);
}

TEST_CASE("hooks: functions may use the cache that calls them, and register others") {
    memo::cache const c;
    int heard = 0;
    c.on_event([&](memo::event const&) { ++heard; });
    c.loader([&](std::string_view key) -> std::optional<int> {
        if (key.empty())
            return 0;
        c.validator([](std::string_view, int value) { return value >= 0; });
        return *c.get<int>(key.substr(1)) + 1;
    });
    c.after_get([&](std::string_view, int value) {
        c.set("last", std::to_string(value));
        return value;
    });
    CHECK(c.get<int>("xxx") == 3);
    CHECK(c.get<std::string>("last") == "3");
    CHECK(heard > 0);
}

TEST_CASE("hooks: what a hook throws passes through, and nothing is stored") {
    memo::cache const c;
    c.before_set([](std::string_view, int) -> int { throw std::logic_error{"no"}; });
    CHECK_THROWS_AS(c.set("n", 1), std::logic_error);
    CHECK_THROWS_AS(c.get_or_compute("n", [] { return 1; }), std::logic_error);
    CHECK_FALSE(c.exists("n"));
}

TEST_CASE("cache_hooks: listeners all hear, whatever one of them throws") {
    memo::detail::cache_hooks hooks;
    CHECK_FALSE(hooks.heard());
    int heard = 0;
    hooks.listen([&](memo::event const&) { ++heard; });
    hooks.listen([](memo::event const&) { throw std::runtime_error{"first"}; });
    hooks.listen([&](memo::event const&) { ++heard; });
    CHECK(hooks.heard());
    CHECK_THROWS_AS(hooks.tell({memo::event_kind::hit, {}, {}}), std::runtime_error);
    CHECK(heard == 2);
    CHECK(hooks.of(typeid(int)) == nullptr);
}
