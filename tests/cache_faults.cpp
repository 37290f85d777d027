#include <memo/base/error.hpp>
#include <memo/base/evicted.hpp>
#include <memo/cache.hpp>
#include <memo/manager.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/faulty_store.hpp>
#include <memo/testing/recording_store.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

using namespace std::chrono_literals;

TEST_CASE("cache: when the store is at fault reads are misses, writes throw connection_error, evictions say so") {
    for (auto const when : {memo::fault::before_effect, memo::fault::after_effect}) {
        memo::faulty_store store{memo::memory_bytes_store{}};
        memo::manager m;
        memo::cache const c{store, memo::in(m)};
        auto t = c.transaction();
        t.set("t", 1);
        c.set("n", 1, {.tags = {"t"}});
        store.fail_all(when);
        CHECK(c.get<int>("n") == std::nullopt);
        CHECK(c.get_or<int>("n", 5) == 5);
        CHECK(c.get_many<int>({"n", "m"}) == std::vector<std::optional<int>>{std::nullopt, std::nullopt});
        CHECK_FALSE(c.exists("n"));
        CHECK_FALSE(c.touch("n"));
        CHECK_FALSE(c.expire("n", 1s));
        CHECK(c.ttl("n") == std::nullopt);
        CHECK(c.metadata("n") == std::nullopt);
        CHECK(c.keys("*").empty());
        int runs = 0;
        CHECK(c.get_or_compute("k", [&] { return ++runs; }) == 1);
        CHECK(c.get_or_compute("k", [&] { return ++runs; }) == 2);
        CHECK_THROWS_AS(c.set("n", 1), memo::connection_error);
        CHECK_THROWS_AS(c.set_many<int>({{"n", 1}}), memo::connection_error);
        CHECK_THROWS_AS(c.add("k", 1), memo::connection_error);
        CHECK_THROWS_AS(t.commit(), memo::connection_error);
        CHECK_THROWS_AS(c.ping(), memo::connection_error);
        CHECK_THROWS_AS(c.info(), memo::connection_error);
        CHECK_THROWS_AS(c.set("n", 1, {.ttl = 0s}), memo::connection_error);
        CHECK(c.stats().errors >= 16);
        CHECK(c.stats().hits == 0);
        CHECK(m.stats().errors >= c.stats().errors);
        auto const is_told = [&](memo::evicted gone) {
            return when == memo::fault::before_effect ? gone.failed() : gone.indeterminate();
        };
        CHECK(is_told(c.erase("n")));
        CHECK(is_told(c.erase_many({"n", "m"})));
        CHECK(is_told(c.erase_pattern("*")));
        CHECK(is_told(c.erase_tag("t")));
        CHECK(is_told(c.clear()));
        store.heal();
        CHECK(c.exists("n") == (when == memo::fault::before_effect));
        t.commit();
        CHECK(c.get<int>("t") == 1);
        CHECK(c.erase("t").confirmed());
    }
}

TEST_CASE("cache: a fault in the middle of get_or_compute is no fault of the call's") {
    memo::faulty_store store{memo::memory_bytes_store{}};
    memo::cache const c{store};
    for (auto const what : {memo::byte_operation::get, memo::byte_operation::open, memo::byte_operation::commit}) {
        store.fail_each(what);
        CHECK(c.get_or_compute("n", [] { return 7; }) == 7);
        store.heal();
        CHECK(c.stats().errors > 0);
        CHECK(c.get_or_compute("n", [] { return 7; }) == 7);
        c.clear();
    }
}

TEST_CASE("F13 cache: a record that is damaged on its way is a miss, counted, and never a wrong value") {
    memo::faulty_store store{memo::memory_bytes_store{}};
    memo::cache const c{store};
    auto const size = [&] {
        c.set("n", 7);
        return store->get({"c", "n"})->size();
    }();
    for (std::size_t place = 0; place != size; ++place) {
        c.set("n", 7);
        store.corrupt(memo::byte_operation::get, place);
        CHECK(c.get<int>("n") == std::nullopt);
        store.heal();
        store.corrupt(memo::byte_operation::set, place);
        c.set("n", 8);
        store.heal();
        CHECK(c.get<int>("n") == std::nullopt);
        CHECK(c.add("n", 9));
        CHECK(c.get<int>("n") == 9);
    }
}

TEST_CASE("cache: each verb is one round trip") {
    memo::recording_store store{memo::memory_bytes_store{}};
    memo::cache const c{store};
    auto const costs = [&](auto const& fn) {
        auto const before = store.count();
        fn();
        return store.count() - before;
    };
    CHECK(costs([&] { c.set("n", 1, {.ttl = 1h, .tags = {"t"}}); }) == 1);
    CHECK(costs([&] { c.get<int>("n"); }) == 1);
    CHECK(costs([&] { c.get<int>("none"); }) == 1);
    CHECK(costs([&] { c.get_many<int>({"n", "m", "k"}); }) == 1);
    CHECK(costs([&] { c.set_many<int>({{"a", 1}, {"b", 2}}); }) == 1);
    CHECK(costs([&] { c.add("fresh", 1); }) == 1);
    CHECK(costs([&] { c.get_or_compute("n", [] { return 1; }); }) == 1);
    CHECK(costs([&] { c.get_or_compute("made", [] { return 1; }); }) == 3);
    CHECK(costs([&] { c.exists("n"), c.ttl("n"), c.metadata("n"); }) == 3);
    CHECK(costs([&] { c.touch("n"); }) == 2);
    CHECK(costs([&] { c.erase("n"); }) == 1);
    CHECK(costs([&] { c.erase_many({"a", "b"}); }) == 1);
    CHECK(costs([&] { c.erase_pattern("*"), c.erase_tag("t"), c.clear(); }) == 3);
    CHECK(costs([&] {
              auto t = c.transaction();
              t.set("a", 1);
              t.set("b", 1);
              t.erase("c");
              t.commit();
          }) == 1);
}
