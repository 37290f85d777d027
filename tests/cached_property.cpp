#include <memo/cached_property.hpp>

#include <memo/base/error.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

memo::manual_clock time_of_tests;

class shape {
public:
    explicit shape(int of) : side{of} {}

    int side;
    mutable int runs = 0;
    mutable int failures = 0;

    int area_() const {
        if (failures > 0)
            throw std::runtime_error{"not yet, " + std::to_string(failures--)};
        return ++runs, side * side;
    }
    int volume_() const { return area() * side; }
    std::string label_() const { return std::to_string(volume()) + "!"; }
    int again_() const { return again(); }
    int grow_() { return ++side; }

    memo::cached_property<&shape::area_> area{this};
    memo::cached_property<&shape::volume_> volume{this, {.ttl = 60s, .clock = memo::clock(time_of_tests)}};
    memo::cached_property<&shape::label_> label{this, {.ttl = memo::forever, .idle = 10s, .clock = time_of_tests}};
    memo::cached_property<&shape::again_> again{this};
    memo::cached_property<&shape::grow_> grow{this};
};

class owner_of_pointers {
    std::unique_ptr<int> number = std::make_unique<int>(4);
    int twice_() const { return *number * 2; }

public:
    memo::cached_property<&owner_of_pointers::twice_> twice{this};
    void change(int to) { *number = to; }
};

struct waiting {
    std::shared_ptr<std::promise<void>> begun = std::make_shared<std::promise<void>>();
    std::shared_ptr<std::promise<void>> go = std::make_shared<std::promise<void>>();
    std::shared_ptr<std::atomic<int>> runs = std::make_shared<std::atomic<int>>(0);

    int slow_() const {
        auto const run = ++*runs;
        if (run == 1) {
            begun->set_value();
            go->get_future().wait();
        }
        return run;
    }
    memo::cached_property<&waiting::slow_> slow{this};
};

}  // namespace

TEST_CASE("cached_property: the getter runs once per object") {
    shape one{3};
    shape other{4};
    CHECK(one.area() == 9);
    CHECK(one.area() == 9);
    CHECK(other.area() == 16);
    CHECK(one.runs == 1);
    shape const steady{5};
    CHECK(steady.area() == 25);
    static_assert(std::is_same_v<decltype(one.area()), int>);
    static_assert(std::is_same_v<decltype(one.area.peek()), std::optional<int>>);
}

TEST_CASE("cached_property: peek finds what is there and never runs, set puts, reset forgets") {
    shape one{3};
    CHECK(one.area.peek() == std::nullopt);
    CHECK(one.runs == 0);
    one.area.set(100);
    CHECK(one.area() == 100);
    CHECK(one.area.peek() == 100);
    one.area.reset();
    CHECK(one.area.peek() == std::nullopt);
    CHECK(one.area() == 9);
    CHECK(one.runs == 1);
}

TEST_CASE("cached_property: a value is fresh while its age is below ttl, and while it was read within idle") {
    shape one{2};
    CHECK(one.volume() == 8);
    one.area.reset();
    time_of_tests.advance(60s - 1ns);
    CHECK(one.volume() == 8);
    CHECK(one.runs == 1);
    time_of_tests.advance(1ns);
    CHECK(one.volume.peek() == std::nullopt);
    CHECK(one.volume() == 8);
    CHECK(one.runs == 2);

    CHECK(one.label() == "8!");
    for (int n = 0; n != 3; ++n) {
        time_of_tests.advance(9s);
        CHECK(one.label() == "8!");
    }
    CHECK(one.label.peek() == "8!");
    time_of_tests.advance(10s);
    CHECK(one.label.peek() == std::nullopt);
}

TEST_CASE("cached_property: a getter uses other cached properties of the same object") {
    shape one{3};
    CHECK(one.label() == "27!");
    CHECK(one.runs == 1);
    CHECK(one.area.peek() == 9);
    CHECK(one.volume.peek() == 27);
}

TEST_CASE("cached_property: a getter that changes its object serves too") {
    shape one{3};
    CHECK(one.grow() == 4);
    CHECK(one.grow() == 4);
    CHECK(one.side == 4);
}

TEST_CASE("cached_property: a copy carries the value along and is bound to the new object") {
    shape one{3};
    one.area();
    shape copy{one};
    CHECK(copy.area.peek() == 9);
    copy.side = 5;
    copy.area.reset();
    CHECK(copy.area() == 25);
    CHECK(one.area() == 9);
    one = copy;
    CHECK(one.area.peek() == 25);
    one.side = 6;
    one.area.reset();
    CHECK(one.area() == 36);
    auto const& self = one;
    one = self;
    CHECK(one.area.peek() == 36);
}

TEST_CASE("cached_property: a move takes the value, leaves the source empty and stays bound to the new object") {
    shape one{3};
    one.area();
    shape moved{std::move(one)};
    CHECK(moved.area.peek() == 9);
    CHECK(one.area.peek() == std::nullopt);
    CHECK(one.area() == 9);
    moved.side = 4;
    moved.area.reset();
    CHECK(moved.area() == 16);
    one.side = 7;
    one.area.reset();
    one = std::move(moved);
    CHECK(one.area.peek() == 16);
    CHECK(moved.area.peek() == std::nullopt);
    one.area.reset();
    CHECK(one.area() == 16);

    std::vector<owner_of_pointers> many;
    for (int n = 0; n != 20; ++n) {
        many.emplace_back().change(n);
        for (int before = 0; before <= n; ++before)
            CHECK(many[static_cast<std::size_t>(before)].twice() == 2 * before);
    }
}

TEST_CASE("cached_property: assigned from another place, a property stays bound to the object that it stands in") {
    struct pair {
        int first;
        char between[40] = {};
        int value() const { return first; }
        memo::cached_property<&pair::value> left{this};
        memo::cached_property<&pair::value> right{this};
    };
    pair one{5};
    one.left = one.right;
    CHECK(one.left() == 5);
    one.right = std::move(one.left);
    CHECK(one.right() == 5);
    one.right.reset();
    CHECK(one.right() == 5);
}

TEST_CASE("cached_property: a getter that throws is tried again") {
    shape one{3};
    one.failures = 2;
    CHECK_THROWS_WITH(one.area(), "not yet, 2");
    CHECK(one.area.peek() == std::nullopt);
    CHECK_THROWS_WITH(one.area(), "not yet, 1");
    CHECK(one.area() == 9);
}

TEST_CASE("cached_property: a getter that asks for itself throws recursion_error") {
    shape one{3};
    CHECK_THROWS_AS(one.again(), memo::recursion_error);
    CHECK_THROWS_AS(one.again(), memo::recursion_error);
}

TEST_CASE("cached_property: a later object at the same address computes its own value") {
    alignas(shape) std::byte place[sizeof(shape)];
    for (int side = 0; side != 100; ++side) {
        auto* const here = new (place) shape{side};
        CHECK(here->area() == side * side);
        std::destroy_at(here);
    }
}

TEST_SUITE("concurrent") {
    TEST_CASE("cached_property: concurrent first accesses share one run") {
        waiting one;
        auto first = std::async(std::launch::async, [&] { return one.slow(); });
        one.begun->get_future().wait();
        auto second = std::async(std::launch::async, [&] { return one.slow(); });
        auto third = std::async(std::launch::async, [&] { return one.slow(); });
        one.go->set_value();
        CHECK(first.get() == 1);
        CHECK(second.get() == 1);
        CHECK(third.get() == 1);
        CHECK(*one.runs == 1);
    }

    TEST_CASE("cached_property: reset and set revoke a run in flight") {
        for (bool const resets : {true, false}) {
            waiting one;
            auto early = std::async(std::launch::async, [&] { return one.slow(); });
            one.begun->get_future().wait();
            if (resets) {
                one.slow.reset();
                CHECK(one.slow() == 2);
            } else {
                one.slow.set(2);
            }
            one.go->set_value();
            CHECK(early.get() == 1);
            CHECK(one.slow() == 2);
        }
    }

    TEST_CASE("cached_property: a copy made during a run is empty and bound to itself") {
        waiting one;
        auto early = std::async(std::launch::async, [&] { return one.slow(); });
        one.begun->get_future().wait();
        waiting copy{one};
        CHECK(copy.slow.peek() == std::nullopt);
        CHECK(copy.slow() == 2);
        one.go->set_value();
        CHECK(early.get() == 1);
        CHECK(one.slow.peek() == 1);
        CHECK(copy.slow.peek() == 2);
    }
}
