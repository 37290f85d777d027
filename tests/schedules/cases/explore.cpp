#include "schedules/explore.hpp"

#include "schedules/reduced.hpp"
#include "schedules/stage.hpp"

#include <memo/base/sync.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

/// What one thread does to three things, letter by letter: `a`, `b`, `c` are loads, `A`, `B`, `C` additions; `(` and `)` are
/// the ends of a time in which a lock is held, `[` and `]` of another one; `?` tries the first lock; `w` waits for an `n`.
struct toys {
    std::array<memo::detail::atomic<int>, 3> numbers{};
    std::array<memo::detail::mutex, 2> locks;
    memo::detail::condition bell;
    int rung = 0;
};

std::string play(toys& with, std::string const& letters) {
    std::string seen;
    for (char const letter : letters) {
        if (letter >= 'a' && letter <= 'c')
            seen += std::to_string(with.numbers[static_cast<std::size_t>(letter - 'a')].load());
        else if (letter >= 'A' && letter <= 'C')
            seen += std::to_string(with.numbers[static_cast<std::size_t>(letter - 'A')].fetch_add(1));
        else if (letter == '(' || letter == '[')
            with.locks[letter == '(' ? 0 : 1].lock();
        else if (letter == ')' || letter == ']')
            with.locks[letter == ')' ? 0 : 1].unlock();
        else if (letter == '?')
            seen += std::unique_lock{with.locks[0], std::try_to_lock}.owns_lock() ? "y" : "n";
        else if (letter == 'n') {
            std::lock_guard const mine{with.locks[0]};
            ++with.rung;
            with.bell.notify_all();
        } else if (letter == 't') {
            std::unique_lock mine{with.locks[0]};
            seen += with.bell.wait_for(mine, std::chrono::milliseconds{1}, [&] { return with.rung != 0; }) ? "r" : "t";
        }
    }
    return seen;
}

/// One thing that a thread is asked for, and when.
struct request {
    std::string letters;
    std::string seen{};
    schedules::stamp from = 0;
    schedules::stamp to = 0;
};

/// Which request ended before which other one began.
std::string precedence(std::vector<std::vector<request>> const& threads) {
    std::string told;
    for (auto const& one : threads)
        for (auto const& earlier : one)
            for (auto const& other : threads)
                for (auto const& later : other)
                    told += earlier.to < later.from ? '<' : '.';
    return told;
}

/// All that can come of some threads' requests, and in how many schedules.
struct outcomes {
    std::set<std::string> seen;
    std::uint64_t schedules;
};

template <class Explorer>
outcomes all_of(std::vector<std::vector<request>> const& threads, Explorer order) {
    outcomes all{};
    auto const told = explore(
        [&](schedules::chooser& next, schedules::performance& result) {
            toys with;
            auto asked = threads;
            std::vector<std::function<void()>> bodies;
            for (auto& thread : asked)
                bodies.emplace_back([&] {
                    for (auto& one : thread) {
                        schedules::invoke(one.from);
                        one.seen = play(with, one.letters);
                        one.to = schedules::respond();
                    }
                });
            perform(bodies, next, result);
            std::string sum = result.stuck + precedence(asked);
            for (auto const& thread : asked)
                for (auto const& one : thread)
                    sum += one.seen + "|";
            all.seen.insert(sum);
            return result.stuck;
        },
        order, 1'000'000);
    REQUIRE(told.failure == "");
    REQUIRE(told.complete);
    all.schedules = told.schedules;
    return all;
}

/// The same of threads that are asked for nothing, but just do what their letters say.
template <class Explorer>
std::uint64_t schedules_of(std::vector<std::string> const& threads, Explorer order) {
    return explore(
               [&](schedules::chooser& next, schedules::performance& result) {
                   toys with;
                   std::vector<std::function<void()>> bodies;
                   for (auto const& one : threads)
                       bodies.emplace_back([&] { play(with, one); });
                   perform(bodies, next, result);
                   return result.stuck;
               },
               order, 1'000'000)
        .schedules;
}

constexpr unsigned without_bound = 1'000;

}  // namespace

TEST_CASE("explore: with a bound in preemptions, there are as many schedules as can be counted") {
    CHECK(schedules_of({"A", "A"}, schedules::bounded{0}) == 2);
    CHECK(schedules_of({"AA", "AA"}, schedules::bounded{0}) == 2);
    CHECK(schedules_of({"AA", "AA"}, schedules::bounded{1}) == 4);
    CHECK(schedules_of({"AA", "AA"}, schedules::bounded{without_bound}) == 6);
    CHECK(schedules_of({"AAA", "AAA"}, schedules::bounded{without_bound}) == 20);
    CHECK(schedules_of({"A", "A", "A"}, schedules::bounded{without_bound}) == 6);
}

TEST_CASE("explore: what commutes is performed in one order") {
    CHECK(schedules_of({"A", "B"}, schedules::reduced{}) == 1);
    CHECK(schedules_of({"AAA", "BBB", "CCC"}, schedules::reduced{}) == 1);
    CHECK(schedules_of({"aaa", "aaa"}, schedules::reduced{}) == 1);
    CHECK(schedules_of({"A", "A"}, schedules::reduced{}) == 2);
    CHECK(schedules_of({"AA", "AA"}, schedules::reduced{}) == 6);
    CHECK(schedules_of({"(b)", "[c]"}, schedules::reduced{}) == 1);
    CHECK(schedules_of({"(b)", "(c)"}, schedules::reduced{}) == 2);
}

TEST_CASE("explore: one order of what commutes shows all that any order shows") {
    constexpr std::array pieces{"a", "b", "A", "B", "(a)", "(B)", "(AA)", "[aB]", "?", "n", "t"};
    std::mt19937 chance{42};
    std::uint64_t all = 0;
    std::uint64_t fewer = 0;
    for (int round = 0; round != 120; ++round) {
        std::vector<std::vector<request>> threads(2 + chance() % 2);
        for (auto& one : threads)
            for (auto left = 1 + chance() % (threads.size() == 2 ? 3 : 1); left != 0; --left)
                one.push_back({pieces[chance() % pieces.size()]});
        std::string told;
        for (auto const& thread : threads) {
            for (auto const& one : thread)
                told += one.letters + " ";
            told += "| ";
        }
        CAPTURE(told);
        auto const every = all_of(threads, schedules::bounded{without_bound});
        auto const chosen = all_of(threads, schedules::reduced{});
        CHECK(std::ranges::includes(chosen.seen, every.seen));
        all += every.schedules;
        fewer += chosen.schedules;
    }
    MESSAGE(all << " schedules, " << fewer << " after reduction");
    CHECK(fewer < all);
}

TEST_CASE("explore: a schedule of a seed is the same each time, and differs between seeds") {
    std::set<std::string> different;
    for (std::uint64_t seed = 0; seed != 50; ++seed) {
        auto const once = [&] {
            std::string order;
            schedules::perform_at_random(
                [&](schedules::chooser& next, schedules::performance& result) {
                    toys with;
                    std::vector<std::function<void()>> const bodies(3, [&] { play(with, "ABCABC"); });
                    perform(bodies, next, result);
                    order = written(result.steps);
                    return std::string{};
                },
                seed, 18);
            return order;
        };
        auto const first = once();
        CHECK(first == once());
        different.insert(first);
    }
    CHECK(different.size() > 20);
}
