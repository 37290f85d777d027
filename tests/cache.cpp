#include <memo/cache.hpp>

#include "cache_grounds.hpp"
#include "process.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/cached.hpp>
#include <memo/key/traits.hpp>
#include <memo/manager.hpp>
#include <memo/open.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

using texts = std::vector<std::string>;
using metadata = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("cache: what was set is got, by its type, until it is set anew") {
    on_each([](stand& on) {
        auto& c = on.c;
        CHECK(c.get<int>("n") == std::nullopt);
        c.set("n", 7);
        CHECK(c.get<int>("n") == 7);
        c.set("n", 8);
        CHECK(c.get<int>("n") == 8);
        CHECK(c.get_or<int>("n", 1) == 8);
        CHECK(c.get_or<int>("other", 1) == 1);
        CHECK(c.get_or<std::string>("other", "none") == "none");
    });
}

TEST_CASE("cache: an entry of another type is a miss, and stays") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.set("n", 7);
        CHECK(c.get<unsigned>("n") == std::nullopt);
        CHECK(c.get<long>("n") == std::nullopt);
        CHECK(c.get<float>("n") == std::nullopt);
        CHECK(c.get<std::string>("n") == std::nullopt);
        CHECK(c.get<int>("n") == 7);
        c.set("n", 7L);
        CHECK(c.get<int>("n") == std::nullopt);
        CHECK(c.get<long>("n") == 7);
    });
}

TEST_CASE("cache: literals and string_views are stored as std::string") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.set("literal", "text");
        c.set("view", std::string_view{"te\0xt", 5});
        char const* pointer = "pointed";
        c.set("pointer", pointer);
        char array[] = "array";
        c.set("array", array);
        CHECK(c.get<std::string>("literal") == "text");
        CHECK(c.get<std::string>("view") == std::string{"te\0xt", 5});
        CHECK(c.get<std::string>("pointer") == "pointed");
        CHECK(c.get<std::string>("array") == "array");
        CHECK(c.get_or_compute("made", [] { return "made"; }) == std::string{"made"});
        CHECK(c.get<std::string>("made") == "made");
        char const* null = nullptr;
        CHECK_THROWS_AS(c.set("null", null), memo::value_error);
        CHECK_FALSE(c.exists("null"));
    });
}

TEST_CASE("cache: add stores only what is absent, and says so") {
    on_each([](stand& on) {
        auto& c = on.c;
        CHECK(c.add("n", 1, {.ttl = 1s}));
        CHECK_FALSE(c.add("n", 2));
        CHECK_FALSE(c.add("n", "of another type"));
        CHECK(c.get<int>("n") == 1);
        on.time.advance(1s);
        CHECK(c.add("n", 3));
        CHECK(c.get<int>("n") == 3);
        CHECK_FALSE(c.add("n", 4, {.ttl = 0s}));
        CHECK_FALSE(c.add("other", 4, {.ttl = 0s}));
        CHECK(c.get<int>("n") == 3);
        CHECK_FALSE(c.exists("other"));
    });
}

TEST_CASE("cache: erase and its kin are confirmed and count what went") {
    on_each([](stand& on) {
        auto& c = on.c;
        auto const fill = [&] {
            c.set("user:1", 1, {.tags = {"users", "even"}});
            c.set("user:2", 2, {.tags = {"users"}});
            c.set("org:1", 3, {.tags = {"even"}});
        };
        fill();
        CHECK(c.erase("user:1") == memo::evicted{1});
        CHECK(c.erase("user:1") == memo::evicted{0});
        CHECK(c.keys("*") == texts{"org:1", "user:2"});
        fill();
        CHECK(c.erase_many({"user:1", "org:1", "none"}) == memo::evicted{2});
        CHECK(c.erase_many(texts{"user:2"}) == memo::evicted{1});
        CHECK(c.erase_many(texts{}) == memo::evicted{0});
        CHECK(c.keys("*").empty());
        fill();
        CHECK(c.erase_pattern("user:*") == memo::evicted{2});
        CHECK(c.keys("*") == texts{"org:1"});
        fill();
        CHECK(c.erase_tag("even") == memo::evicted{2});
        CHECK(c.keys("*") == texts{"user:2"});
        fill();
        c.set("user:1", 1);
        CHECK(c.erase_tag("even") == memo::evicted{1});
        CHECK(c.clear() == memo::evicted{2});
        CHECK(c.keys("*").empty());
    });
}

TEST_CASE("cache: set replaces the whole entry: lifetime, tags and metadata") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.set("n", 1, {.ttl = 1s, .tags = {"t"}, .metadata = {{"author", "ann"}, {"", "nobody"}}});
        CHECK(c.metadata("n") == metadata{{"author", "ann"}, {"", "nobody"}});
        CHECK(c.ttl("n") == 1s);
        c.set("n", 2);
        CHECK(c.metadata("n") == metadata{});
        CHECK(c.ttl("n") == memo::duration::max());
        CHECK(c.erase_tag("t").count() == 0);
        CHECK(c.get<int>("n") == 2);
        CHECK(c.metadata("none") == std::nullopt);
        CHECK(c.ttl("none") == std::nullopt);
    });
}

TEST_CASE("F37 cache: lifetimes are exact, and one of zero or less stores nothing and removes what was there") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.set("n", 1, {.ttl = 5ms});
        on.time.advance(5ms - 1ns);
        CHECK(c.get<int>("n") == 1);
        CHECK(c.ttl("n") == 1ns);
        on.time.advance(1ns);
        CHECK(c.get<int>("n") == std::nullopt);
        CHECK(c.ttl("n") == std::nullopt);
        for (auto const none : {memo::duration{0}, memo::duration{-1}, memo::duration::min()}) {
            c.set("n", 1);
            c.set("n", 2, {.ttl = none});
            CHECK_FALSE(c.exists("n"));
            c.set("n", 1);
            c.set_many(std::map<std::string, int>{{"n", 2}, {"m", 3}}, {.ttl = none});
            CHECK(c.keys("*").empty());
            CHECK(c.get_or_compute("n", [] { return 3; }, {.ttl = none}) == 3);
            CHECK_FALSE(c.exists("n"));
        }
        for (auto const ever : {memo::duration::max(), memo::duration::max() - 1ns}) {
            c.set("n", 1, {.ttl = ever});
            CHECK(c.ttl("n") == memo::duration::max());
        }
        c.set("n", 1, {.ttl = memo::forever});
        CHECK(c.ttl("n") == memo::duration::max());
        c.set("n", 1, {.ttl = std::chrono::hours{24 * 365 * 250}});
        CHECK(c.get<int>("n") == 1);
        c.set("n", 1, {.ttl = 1ns});
        CHECK(c.exists("n"));
        on.time.advance(1ns);
        CHECK_FALSE(c.exists("n"));
    });
}

TEST_CASE("cache: touch restarts the entry's own lifetime, expire gives it another; tags and metadata stay") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.set("n", 1, {.ttl = 10s, .tags = {"t"}, .metadata = {{"a", "b"}}});
        on.time.advance(7s);
        CHECK(c.ttl("n") == 3s);
        CHECK(c.touch("n"));
        CHECK(c.ttl("n") == 10s);
        CHECK(c.expire("n", 2s));
        CHECK(c.ttl("n") == 2s);
        on.time.advance(1s);
        CHECK(c.touch("n"));
        CHECK(c.ttl("n") == 2s);
        CHECK(c.expire("n", memo::forever));
        CHECK(c.ttl("n") == memo::duration::max());
        CHECK(c.touch("n"));
        CHECK(c.metadata("n") == metadata{{"a", "b"}});
        CHECK(c.get<int>("n") == 1);
        CHECK(c.erase_tag("t").count() == 1);
        CHECK_FALSE(c.touch("n"));
        CHECK_FALSE(c.expire("n", 1s));
        c.set("n", 1);
        CHECK(c.expire("n", 0s));
        CHECK_FALSE(c.exists("n"));
        CHECK_FALSE(c.expire("n", -1s));
    });
}

TEST_CASE("cache: keys are those that match, sorted, and none that has expired") {
    on_each([](stand& on) {
        auto& c = on.c;
        for (auto const* key : {"b", "a", "user:2", "user:1", "user:10", "[x]"})
            c.set(key, 1);
        c.set("user:3", 1, {.ttl = 1s});
        CHECK(c.keys("*") == texts{"[x]", "a", "b", "user:1", "user:10", "user:2", "user:3"});
        on.time.advance(1s);
        CHECK(c.keys("user:*") == texts{"user:1", "user:10", "user:2"});
        CHECK(c.keys("user:?") == texts{"user:1", "user:2"});
        CHECK(c.keys("[ab]") == texts{"a", "b"});
        CHECK(c.keys("\\[x]") == texts{"[x]"});
        CHECK(c.keys("none").empty());
        CHECK_THROWS_AS(c.keys("[a"), memo::key_error);
        CHECK_THROWS_AS(c.erase_pattern("a\\"), memo::key_error);
    });
}

TEST_CASE("cache: any bytes are a key, also none; one longer than 64 KiB throws key_error") {
    on_each([](stand& on) {
        auto& c = on.c;
        std::string every;
        for (int byte = 0; byte != 256; ++byte)
            every += static_cast<char>(byte);
        std::string const longest(65'536, 'k');
        for (auto const& key : {std::string{}, every, longest, std::string{"\0", 1}, std::string{"a\r\nb"}}) {
            c.set(key, key);
            CHECK(c.get<std::string>(key) == key);
            CHECK(c.keys("*") == texts{key});
            CHECK(c.erase(key).count() == 1);
        }
        auto const longer = longest + "k";
        CHECK_THROWS_AS(c.get<int>(longer), memo::key_error);
        CHECK_THROWS_AS(c.set(longer, 1), memo::key_error);
        CHECK_THROWS_AS(c.add(longer, 1), memo::key_error);
        CHECK_THROWS_AS(c.erase(longer), memo::key_error);
        CHECK_THROWS_AS(c.exists(longer), memo::key_error);
        CHECK_THROWS_AS(c.get_many<int>({"a", longer}), memo::key_error);
        CHECK_THROWS_AS(c.set_many<int>({{"a", 1}, {longer, 1}}), memo::key_error);
        CHECK_THROWS_AS(c.get_or_compute(longer, [] { return 1; }), memo::key_error);
        CHECK_THROWS_AS(c.set("n", 1, {.tags = {"\1mine"}}), memo::key_error);
        CHECK(c.keys("*").empty());
    });
}

TEST_CASE("cache: batches are in the order of their keys") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.set_many(std::map<std::string, int>{{"a", 1}, {"b", 2}}, {.ttl = 1s, .tags = {"t"}, .metadata = {{"x", "y"}}});
        c.set_many<int>({{"c", 3}, {"c", 4}});
        c.set("text", "none of ours");
        CHECK(c.get_many<int>({"c", "none", "a", "text", "b", "a"}) ==
              std::vector<std::optional<int>>{4, std::nullopt, 1, std::nullopt, 2, 1});
        CHECK(c.get_many<int>(texts{"b"}) == std::vector<std::optional<int>>{2});
        CHECK(c.get_many<int>(texts{}).empty());
        CHECK(c.metadata("b") == metadata{{"x", "y"}});
        CHECK(c.ttl("a") == 1s);
        CHECK(c.erase_tag("t").count() == 2);
        c.set_many(std::vector<std::pair<std::string, std::string>>{{"s", "text"}});
        CHECK(c.get<std::string>("s") == "text");
        c.set_many(std::map<std::string, int>{});
    });
}

TEST_CASE("cache: it sees entries made through other caches on its store, and none of wrappers") {
    on_each([](stand& on) {
        on.c.set("n", 7);
        memo::cache const same{on.store, memo::clock(on.time), memo::name("same")};
        CHECK(same.get<int>("n") == 7);
        same.set("m", 8);
        CHECK(on.c.get<int>("m") == 8);
        memo::cache const copy = same;
        copy.set("k", 9);
        CHECK(same.keys("*") == texts{"k", "m", "n"});
    });
}

TEST_CASE("cache: without a store it has memory of its own, or its manager's store") {
    memo::cache const one;
    memo::cache const other;
    one.set("n", 1);
    CHECK(one.get<int>("n") == 1);
    CHECK_FALSE(other.exists("n"));
    memo::manager m{{.ttl = 5s, .store = memo::memory_bytes_store{}}};
    memo::cache const in_m{memo::in(m)};
    memo::cache const in_m_too{memo::in(m)};
    in_m.set("n", 2);
    CHECK(in_m_too.get<int>("n") == 2);
    CHECK(*in_m.ttl("n") <= 5s);
    CHECK(*in_m.ttl("n") > 4s);
}

TEST_CASE("cache: it is made of an address, or of the name of a store in its manager") {
    memo::cache const opened{memo::open("memory:?max_size=10")};
    for (int n = 0; n != 20; ++n)
        opened.set(std::to_string(n), n);
    CHECK(opened.keys().size() == 10);
    memo::manager m;
    m.open("main", "memory:");
    memo::cache const named{memo::store("main"), memo::in(m)};
    memo::cache const same{m.store("main"), memo::in(m)};
    named.set("n", 1);
    CHECK(same.get<int>("n") == 1);
    CHECK_THROWS_AS((memo::cache{memo::store("other"), memo::in(m)}), memo::config_error);
}

TEST_CASE("F08 cache: managers with prefixes are apart on one store, also in what they evict") {
    on_each([](stand& on) {
        memo::manager one{{.prefix = "one:", .clock = on.time}};
        memo::manager two{{.prefix = "two:", .clock = on.time}};
        memo::cache const a{on.store, memo::in(one)};
        memo::cache const b{on.store, memo::in(two)};
        a.set("n", 1, {.tags = {"t"}});
        b.set("n", 2, {.tags = {"t"}});
        CHECK(a.get<int>("n") == 1);
        CHECK(b.get<int>("n") == 2);
        CHECK(a.keys("*") == texts{"n"});
        CHECK(one.evict_pattern("*").count() == 1);
        CHECK(b.get<int>("n") == 2);
        a.set("n", 1, {.tags = {"t"}});
        CHECK(one.evict_tag("t").count() == 1);
        CHECK(one.clear().count() == 0);
        a.set("n", 1, {.tags = {"t"}});
        CHECK(a.erase_tag("t").count() == 1);
        a.set("n", 1);
        CHECK(a.clear().count() == 1);
        CHECK(b.get<int>("n") == 2);
    });
}

TEST_CASE("cache: by the system's clock an entry ends when its lifetime does, on every store") {
    for (auto const& where : grounds()) {
        INFO("on ", where.name);
        memo::manual_clock const unused;
        auto const store = where.store(unused);
        memo::cache const c{store};
        c.set("n", 1, {.ttl = 30ms});
        c.set("m", 1, {.ttl = 1h});
        auto const end = std::chrono::steady_clock::now() + 10s;
        while (c.exists("n") && std::chrono::steady_clock::now() < end)
            std::this_thread::yield();
        CHECK_FALSE(c.exists("n"));
        CHECK(c.keys("*") == texts{"m"});
        CHECK(*c.ttl("m") > 59min);
        CHECK(*c.ttl("m") <= 1h);
    }
}

TEST_CASE("F35 cache: the child of a fork goes on with the cache, whoever was using it") {
    on_each([](stand& on) {
        auto& c = on.c;
        c.set("n", 1);
        CHECK(c.get<int>("n") == 1);
        CHECK(process::holds_in_child([&] {
            c.validator([](std::string_view, int value) { return value > 0; });
            c.set("m", 2);
            return c.get<int>("n") == 1 && c.get<int>("m") == 2 && c.get_or_compute("k", [] { return 3; }) == 3;
        }));
        CHECK(c.get<int>("n") == 1);
        c.set("n", -1);
        CHECK(c.get<int>("n") == -1);
    });
}
