#include "schedules/explore.hpp"

#include "schedules/reduced.hpp"
#include "schedules/stage.hpp"

#include <memo/base/sync.hpp>

#include <doctest/doctest.h>

#include <array>
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

/// All that can come of some threads' letters, and in how many schedules.
struct outcomes {
    std::set<std::string> seen;
    std::uint64_t schedules;
};

template <class Explorer>
outcomes all_of(std::vector<std::string> const& threads, Explorer order) {
    outcomes all{};
    auto const told = explore(
        [&](schedules::chooser& next, schedules::performance& result) {
            toys with;
            std::vector<std::string> seen(threads.size());
            std::vector<std::function<void()>> bodies;
            for (std::size_t at = 0; at != threads.size(); ++at)
                bodies.emplace_back([&, at] { seen[at] = play(with, threads[at]); });
            perform(bodies, next, result);
            std::string sum = result.stuck;
            for (auto const& one : seen)
                sum += one + "|";
            all.seen.insert(sum);
            return result.stuck;
        },
        order, 1'000'000);
    REQUIRE(told.failure == "");
    REQUIRE(told.complete);
    all.schedules = told.schedules;
    return all;
}

constexpr unsigned without_bound = 1'000;

}  // namespace

TEST_CASE("explore: with a bound in preemptions, there are as many schedules as can be counted") {
    CHECK(all_of({"A", "A"}, schedules::bounded{0}).schedules == 2);
    CHECK(all_of({"AA", "AA"}, schedules::bounded{0}).schedules == 2);
    CHECK(all_of({"AA", "AA"}, schedules::bounded{1}).schedules == 4);
    CHECK(all_of({"AA", "AA"}, schedules::bounded{without_bound}).schedules == 6);
    CHECK(all_of({"AAA", "AAA"}, schedules::bounded{without_bound}).schedules == 20);
    CHECK(all_of({"A", "A", "A"}, schedules::bounded{without_bound}).schedules == 6);
}

TEST_CASE("explore: what commutes is performed in one order") {
    CHECK(all_of({"A", "B"}, schedules::reduced{}).schedules == 1);
    CHECK(all_of({"AAA", "BBB", "CCC"}, schedules::reduced{}).schedules == 1);
    CHECK(all_of({"aaa", "aaa"}, schedules::reduced{}).schedules == 1);
    CHECK(all_of({"A", "A"}, schedules::reduced{}).schedules == 2);
    CHECK(all_of({"AA", "AA"}, schedules::reduced{}).schedules == 6);
    CHECK(all_of({"(b)", "[c]"}, schedules::reduced{}).schedules == 1);
    CHECK(all_of({"(b)", "(c)"}, schedules::reduced{}).schedules == 2);
}

TEST_CASE("explore: one order of what commutes shows all that any order shows") {
    constexpr std::array pieces{"a", "b", "A", "B", "(a)", "(B)", "(AA)", "[aB]", "?", "n", "t"};
    std::mt19937 chance{42};
    std::uint64_t all = 0;
    std::uint64_t fewer = 0;
    for (int round = 0; round != 40; ++round) {
        std::vector<std::string> threads(2 + chance() % 2);
        for (auto& one : threads)
            for (auto left = 1 + chance() % (threads.size() == 2 ? 3 : 1); left != 0; --left)
                one += pieces[chance() % pieces.size()];
        std::string told;
        for (auto const& one : threads)
            told += one + " | ";
        CAPTURE(told);
        auto const every = all_of(threads, schedules::bounded{without_bound});
        auto const chosen = all_of(threads, schedules::reduced{});
        CHECK(every.seen == chosen.seen);
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
