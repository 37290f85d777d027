#include <memo/recursive.hpp>

#include <memo/base/error.hpp>
#include <memo/manager.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

TEST_CASE("recursive: inner calls are memoized too") {
    int runs = 0;
    auto fibonacci = memo::recursive<long(int)>([&runs](auto& self, int n) -> long {
        ++runs;
        return n < 2 ? n : self(n - 1) + self(n - 2);
    });
    CHECK(fibonacci(80) == 23'416'728'348'467'685L);
    CHECK(runs == 81);
    CHECK(fibonacci.size() == 81);
    CHECK(fibonacci.peek(50) == 12'586'269'025L);
    CHECK(fibonacci.stats().hits == 78);
    CHECK(fibonacci.stats().misses == 81);
}

TEST_CASE("recursive: several arguments, text and every verb") {
    auto distance = memo::recursive<std::size_t(std::string const&, std::string const&)>(
        [](auto& self, std::string const& a, std::string const& b) -> std::size_t {
            if (a.empty() || b.empty())
                return a.size() + b.size();
            auto const rest_of_a = std::string_view{a}.substr(1);
            auto const rest_of_b = std::string_view{b}.substr(1);
            if (a[0] == b[0])
                return self(rest_of_a, rest_of_b);
            return 1 + std::min({self(rest_of_a, b), self(a, rest_of_b), self(rest_of_a, rest_of_b)});
        },
        memo::max_size(1'000));
    CHECK(distance("kitten", "sitting") == 3);
    CHECK(distance(std::string_view{"saturday"}, "sunday") == 3);
    CHECK(distance.contains("itten", "itting"));
    CHECK(distance.evict("itten", "itting").count() == 1);
    CHECK(distance.uncached("itten", "itting") == 2);
    CHECK(!distance.contains("itten", "itting"));
    CHECK(distance.refresh("itten", "itting") == 2);
    distance.set(100, "itten", "itting");
    CHECK(distance("itten", "itting") == 100);
    distance.warm(std::vector{std::pair{"abc", "abd"}});
    CHECK(distance.peek("abc", "abd") == 1);
    CHECK(distance.clear().confirmed());
    CHECK(distance.size() == 0);
}

TEST_CASE("recursive: options hold for the inner calls") {
    memo::manager space;
    auto sum = memo::recursive<long(int)>([](auto& self, int n) -> long { return n == 0 ? 0 : n + self(n - 1); },
                                          memo::unless([](long result) { return result % 2 == 0; }), memo::key<"sum:{0}">,
                                          memo::only_if([](int n) { return n != 5; }), memo::in(space), memo::name("sum"));
    CHECK(sum(10) == 55);
    CHECK(sum.size() == 5);
    CHECK(sum.key(3) == "sum:3");
    CHECK(!sum.contains(5));
    CHECK(space.evict_pattern("sum:*").count() == 5);
    auto bounded = memo::recursive<long(int)>([](auto& self, int n) -> long { return n < 2 ? n : self(n - 1) + self(n - 2); },
                                              memo::max_size(3));
    CHECK(bounded(60) == 1'548'008'755'920L);
    CHECK(bounded.size() == 3);
    auto shared = memo::recursive<std::string(int)>(
        [](auto const& self, int n) -> std::string { return n == 0 ? "" : *self(n - 1) + "x"; }, memo::shared);
    CHECK(*shared(5) == "xxxxx");
}

TEST_CASE("recursive: a body that moves only, and one that calls itself through an algorithm") {
    auto tree = memo::recursive<int(int)>([step = std::make_unique<int>(1)](auto& self, int n) -> int {
        return n <= 0 ? *step : self(n - *step) + self(n - 2 * *step);
    });
    CHECK(tree(10) == 144);
    auto copy = tree;
    CHECK(copy.size() == tree.size());
    std::function<int(int)> const kept = tree;
    CHECK(kept(10) == 144);
}

TEST_CASE("recursive: a call that would wait for itself throws recursion_error, and the next one runs") {
    bool again = true;
    auto circle = memo::recursive<int(int)>([&again](auto& self, int n) -> int { return again ? self(n) : n; },
                                            memo::name("circle"));
    std::string message;
    try {
        circle(1);
    } catch (memo::recursion_error const& error) {
        message = error.what();
    }
    CHECK(message.find("circle") != std::string::npos);
    CHECK(message.find("; ") != std::string::npos);
    again = false;
    CHECK(circle(1) == 1);
    auto round = memo::recursive<int(int)>([](auto& self, int n) -> int { return self((n + 1) % 3); });
    CHECK_THROWS_AS(round(0), memo::recursion_error);
    CHECK(round.size() == 0);
}

TEST_CASE("recursive: what the body throws passes through every level and leaves nothing stored") {
    auto deep = memo::recursive<int(int)>([](auto& self, int n) -> int {
        if (n == 0)
            throw std::string{"bottom"};
        return self(n - 1);
    });
    CHECK_THROWS_AS(deep(20), std::string);
    CHECK(deep.size() == 0);
}

TEST_SUITE("concurrent") {
    TEST_CASE("recursive: many threads at once agree, and each result is made once") {
        std::atomic<int> runs = 0;
        auto fibonacci = memo::recursive<long(int)>([&runs](auto& self, int n) -> long {
            ++runs;
            return n < 2 ? n : self(n - 1) + self(n - 2);
        });
        std::vector<std::future<long>> all;
        for (int thread = 0; thread != 8; ++thread)
            all.push_back(std::async(std::launch::async, [&fibonacci, thread] { return fibonacci(60 + thread % 4); }));
        std::vector<long> const right{1'548'008'755'920, 2'504'730'781'961, 4'052'739'537'881, 6'557'470'319'842};
        for (std::size_t thread = 0; thread != 8; ++thread)
            CHECK(all[thread].get() == right[thread % 4]);
        CHECK(runs == 64);
    }
}

namespace {

/// Ends after `main`, when the thread's own objects are gone; hangs where a circle is not seen.
struct epilogue {
    bool due = false;
    ~epilogue() {
        if (!due)
            return;
        auto const g = memo::recursive<int(int)>([](auto& self, int n) -> int { return self(n); });
        try {
            g(1);
        } catch (memo::recursion_error const&) {
            return;
        }
        std::_Exit(EXIT_FAILURE);
    }
} at_exit;

}  // namespace

TEST_CASE("F24 recursive: a call that would wait for itself throws also in a static destructor (told at exit)") {
    CHECK(memo::cached([](int n) { return n; })(1) == 1);
    at_exit.due = true;
}
