#include "linearizable.hpp"

#include "one_key.hpp"

#include <memo/cached.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using linearizable::explains;
using one_key::deed;
using one_key::model;
using one_key::number;
using one_key::operation;
using one_key::sharing;

namespace {

using history = std::vector<linearizable::span_of<operation>>;

/// One after the other.
history in_a_row(std::vector<operation> const& all) {
    history sum;
    for (std::uint64_t time = 0; auto const& one : all) {
        sum.push_back({one, time, time + 1});
        time += 2;
    }
    return sum;
}

std::string told(history const& all) {
    std::ostringstream out;
    for (auto const& one : all)
        out << "\n    [" << one.from << ", " << one.to << "] " << one.what;
    return out.str();
}

}  // namespace

TEST_CASE("linearizable: what one thread did after another is explained when the model can do it, and only then") {
    CHECK(explains(model{}, history{}));
    CHECK(explains(model{}, in_a_row({{deed::look}, {deed::put, 1}, {deed::have, 1}, {deed::drop}, {deed::have}})));
    CHECK_FALSE(explains(model{}, in_a_row({{deed::put, 1}, {deed::look}})));
    CHECK_FALSE(explains(model{}, in_a_row({{deed::put, 1}, {deed::put, 2}, {deed::look, 1}})));
    CHECK_FALSE(explains(model{}, in_a_row({{deed::put, 1}, {deed::drop}, {deed::get, 1}})));
    CHECK_FALSE(explains(model{}, in_a_row({{deed::have, 1}})));
}

TEST_CASE("linearizable: operations that overlap may have been done in either order, those that do not may not") {
    history const put_while_looked{{{deed::put, 1}, 1, 10}, {{deed::look, 0}, 2, 3}, {{deed::look, 1}, 4, 5}};
    CHECK(explains(model{}, put_while_looked));
    history const seen_and_unseen{{{deed::put, 1}, 1, 10}, {{deed::look, 1}, 2, 3}, {{deed::look, 0}, 4, 5}};
    CHECK_FALSE(explains(model{}, seen_and_unseen));
    history const two_orders{{{deed::put, 1}, 1, 6}, {{deed::put, 2}, 2, 5}, {{deed::look, 1}, 7, 8}, {{deed::look, 2}, 9, 10}};
    CHECK_FALSE(explains(model{}, two_orders));
}

TEST_CASE("F18 linearizable: a run that an eviction overtook goes to who joined it, is never stored, and joined by nobody else") {
    auto const overtaken = [](operation next, std::uint64_t from, std::uint64_t to) {
        return history{{{deed::begin, 1}, 1, 4}, {{deed::drop}, 5, 6}, {next, from, to}, {{deed::commit, 1}, 20, 30}};
    };
    CHECK(explains(model{}, overtaken({deed::get, 1}, 2, 25)));
    CHECK_FALSE(explains(model{}, overtaken({deed::get, 1}, 7, 25)));
    CHECK_FALSE(explains(model{}, overtaken({deed::look, 1}, 31, 32)));
    CHECK(explains(model{}, overtaken({deed::begin, 2}, 7, 8)));
}

TEST_CASE("F20 linearizable: what began later wins, whichever ends last") {
    auto const ends = [](operation first, operation second, number stored) {
        history all{{{deed::open, 1}, 1, 2}, {{deed::open, 2}, 3, 4}};
        all.insert(all.end(), {{first, 5, 6}, {second, 7, 8}, {{deed::look, stored}, 9, 10}});
        return all;
    };
    operation const one{deed::commit, 1};
    operation const two{deed::commit, 2};
    CHECK(explains(model{}, ends(one, two, 2)));
    CHECK(explains(model{}, ends(two, one, 2)));
    CHECK_FALSE(explains(model{}, ends(two, one, 1)));
    CHECK(explains(model{}, ends({deed::abandon, 2}, one, 1)));
    CHECK(explains(model{}, ends({deed::put, 3}, two, 3)));
    CHECK_FALSE(explains(model{}, ends({deed::put, 3}, two, 2)));
}

TEST_CASE("linearizable: two runs at a time are explained where calls do not share them") {
    history const both{{{deed::begin, 1}, 1, 2}, {{deed::begin, 2}, 3, 4}, {{deed::commit, 1}, 5, 6}, {{deed::commit, 2}, 7, 8}};
    CHECK_FALSE(explains(model{}, both));
    CHECK(explains(model{sharing::never}, both));
    CHECK(explains(model{sharing::sometimes}, both));
    history const joined{{{deed::begin, 1}, 1, 2}, {{deed::get, 1}, 3, 4}, {{deed::commit, 1}, 5, 6}};
    CHECK(explains(model{}, joined));
    CHECK_FALSE(explains(model{sharing::never}, joined));
}

TEST_CASE("linearizable: what a run threw is given to calls, found by nobody, and stored in the place of no result") {
    CHECK(explains(model{}, in_a_row({{deed::begin, 1}, {deed::fail, 1}, {deed::get, 1}, {deed::look}})));
    CHECK(explains(model{}, in_a_row({{deed::begin, 1}, {deed::fail, 1}, {deed::open, 2}, {deed::commit, 2}, {deed::look, 2}})));
    CHECK_FALSE(explains(model{}, in_a_row({{deed::begin, 1}, {deed::fail, 1}, {deed::look, 1}})));
    CHECK(explains(model{}, in_a_row({{deed::put, 3}, {deed::open, 1}, {deed::fail, 1}, {deed::look, 3}})));
    CHECK_FALSE(explains(model{}, in_a_row({{deed::begin, 1}, {deed::drop}, {deed::fail, 1}, {deed::get, 1}})));
}

TEST_SUITE_BEGIN("concurrent");

namespace {

/// A call of a thread of its own, and the run that it led.
struct call_of_thread {
    std::uint64_t from = 0;
    std::uint64_t started = 0;
    std::uint64_t ended = 0;
    number run = 0;
};
thread_local call_of_thread current;

/// What threads see of one key, by the ticks of one counter.
template <class... Options>
class observed {
public:
    explicit observed(Options... options) : wrapper_{run_of{this}, std::move(options)...} {}

    history of(std::size_t threads, std::size_t requests, std::uint64_t seed) {
        std::vector<history> seen(threads);
        {
            std::barrier start{static_cast<std::ptrdiff_t>(threads)};
            std::vector<std::jthread> all;
            for (std::size_t at = 0; at != threads; ++at)
                all.emplace_back([&, at] {
                    std::mt19937_64 chance{seed + at};
                    start.arrive_and_wait();
                    for (auto left = requests; left != 0; --left)
                        ask(chance() % 6, seen[at]);
                });
        }
        history sum;
        for (auto const& one : seen)
            sum.insert(sum.end(), one.begin(), one.end());
        return sum;
    }

private:
    struct run_of {
        observed* in;
        int operator()(int) const {
            current.run = in->fresh();
            current.started = in->tick();
            std::this_thread::yield();
            current.ended = in->tick();
            return current.run;
        }
    };

    std::uint64_t tick() { return time_.fetch_add(1); }
    number fresh() { return static_cast<number>(++results_); }

    void ask(std::uint64_t what, history& seen) {
        current = {.from = tick()};
        if (what == 0) {
            auto const given = fresh();
            wrapper_.set(given, 7);
            seen.push_back({{deed::put, given}, current.from, tick()});
        } else if (what == 1) {
            wrapper_.evict(7);
            seen.push_back({{deed::drop}, current.from, tick()});
        } else if (what == 2) {
            auto const found = wrapper_.peek(7);
            seen.push_back({{deed::look, static_cast<number>(found.value_or(0))}, current.from, tick()});
        } else {
            auto const given = static_cast<number>(wrapper_(7));
            auto const now = tick();
            if (current.run == 0) {
                seen.push_back({{deed::get, given}, current.from, now});
            } else {
                seen.push_back({{deed::begin, current.run}, current.from, current.started});
                seen.push_back({{deed::commit, current.run}, current.ended, now});
            }
        }
    }

    std::atomic<std::uint64_t> time_{1};
    std::atomic<unsigned> results_{0};
    memo::cached<run_of, Options...> wrapper_;
};

}  // namespace

TEST_CASE("F18 F20 linearizable: what four threads see of a key, one could have seen") {
    for (std::uint64_t seed = 0; seed != 300; ++seed) {
        auto const seen = observed<>{}.of(4, 6, seed);
        CAPTURE(told(seen));
        CHECK(explains(model{}, seen));
        auto const apart = observed{memo::no_coalesce}.of(4, 6, seed);
        CAPTURE(told(apart));
        CHECK(explains(model{sharing::never}, apart));
    }
}

TEST_SUITE_END();
