#include <memo/testing/disable.hpp>

#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/cached_property.hpp>
#include <memo/manager.hpp>
#include <memo/recursive.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

using namespace std::chrono_literals;

namespace {

int echo(int n) { return n; }

struct shape {
    mutable int runs = 0;
    int area_() const { return ++runs; }
    memo::cached_property<&shape::area_> area{this};
};

}  // namespace

TEST_CASE("disable: while it lives calls just run, and afterwards the cache is as it was") {
    int runs = 0;
    auto g = memo::cached([&runs](int n) { return ++runs, n; });
    g(1);
    {
        auto const off = memo::testing::disable();
        CHECK(g(1) == 1);
        CHECK(g(2) == 2);
        CHECK(g(2) == 2);
        CHECK(runs == 4);
        CHECK(g.refresh(1) == 1);
        g.warm(std::vector{3});
        CHECK(runs == 6);
    }
    CHECK(g(1) == 1);
    CHECK(runs == 6);
    CHECK(g.size() == 1);
    CHECK(g.stats().hits == 1);
    CHECK(g.stats().misses == 1);
}

TEST_CASE("disable: peek, contains, ttl and touch find nothing, set stores nothing") {
    auto g = memo::cached(echo, memo::ttl(10s));
    auto shared = memo::cached(echo, memo::shared);
    g(1), shared(1);
    memo::testing::disable const off;
    CHECK(g.peek(1) == std::nullopt);
    CHECK(shared.peek(1) == nullptr);
    CHECK(!g.contains(1));
    CHECK(g.ttl(1) == std::nullopt);
    CHECK(!g.touch(20s, 1));
    CHECK(!g.explain(1).hit);
    g.set(5, 2);
    memo::cache_put(echo, memo::entry(g))(3);
    CHECK(g.size() == 1);
}

TEST_CASE("disable: evictions evict") {
    memo::manager space;
    auto g = memo::cached(echo, memo::key<"{0}">, memo::tags<"t:{0}">, memo::in(space));
    for (int n = 0; n != 8; ++n)
        g(n);
    auto evict = memo::cache_evict(echo, memo::in(space), memo::entry(g));
    {
        memo::testing::disable const off;
        CHECK(g.evict(0).count() == 1);
        CHECK(evict(1) == 1);
        CHECK(space.evict_key("2").count() == 1);
        CHECK(space.evict_tag("t:3").count() == 1);
        CHECK(space.evict_pattern("[45]").count() == 2);
    }
    CHECK(g.size() == 2);
    CHECK(g.contains(7));
    memo::testing::disable const off;
    CHECK(g.clear().count() == 2);
}

TEST_CASE("disable: properties and recursive functions just run too") {
    shape one;
    one.area();
    auto sum = memo::recursive<int(int)>([](auto& self, int n) -> int { return n == 0 ? 0 : n + self(n - 1); });
    {
        memo::testing::disable const off;
        CHECK(one.area() == 2);
        CHECK(one.area() == 3);
        CHECK(one.area.peek() == std::nullopt);
        one.area.set(100);
        CHECK(sum(10) == 55);
    }
    CHECK(sum.size() == 0);
    CHECK(one.area() == 1);
}

TEST_CASE("disable: scopes nest, overlap and hold for every thread") {
    auto g = memo::cached(echo);
    g(1);
    auto outer = std::make_unique<memo::testing::disable>();
    auto inner = std::make_unique<memo::testing::disable>();
    outer.reset();
    bool elsewhere = true;
    std::thread{[&] { elsewhere = g.contains(1); }}.join();
    CHECK(!elsewhere);
    inner.reset();
    CHECK(g.contains(1));
    static_assert(!std::is_copy_constructible_v<memo::testing::disable>);
}
