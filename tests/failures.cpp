#include "call/nth.hpp"
#include "call/over.hpp"
#include "call/shortage.hpp"
#include "queue.hpp"

#include <memo/base/event.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/testing/faulty.hpp>
#include <memo/testing/inline_executor.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using memo::testing::fault;
using memo::testing::fault_plan;
using memo::testing::faulty;

namespace {

std::string const town = "town whose name is too long to stand within a string object";
std::string const city = "city whose name is too long to stand within a string object";
std::string reversed(std::string const& name) { return {name.rbegin(), name.rend()}; }

enum class state { absent, fresh, ahead, revalidating, failing, resting, gone };
constexpr std::array states{state::absent,  state::fresh,   state::ahead, state::revalidating,
                            state::failing, state::resting, state::gone};

char const* name_of(state of) {
    static constexpr char const* names[]{"absent", "fresh", "ahead", "revalidating", "failing", "resting", "gone"};
    return names[static_cast<std::size_t>(of)];
}

/// Time, background work, and what makes a function throw.
struct world {
    memo::manual_clock time;
    work_queue later;
    bool fails = false;

    /// Spells a name backwards; its own allocations never fail.
    auto spelling() {
        return [this](std::string const& name) -> std::string {
            shortage::pause const own;
            return fails ? throw std::out_of_range{"no answer"} : reversed(name);
        };
    }

    /// Brings the entry of `town` into this state.
    template <class Wrapper>
    void reach(state wanted, Wrapper& g) {
        if (wanted == state::absent)
            return;
        CHECK(g(town) == reversed(town));
        switch (wanted) {
            case state::ahead: return time.advance(9s);
            case state::revalidating: return time.advance(12s);
            case state::failing: return time.advance(20s);
            case state::gone: return time.advance(2min);
            case state::resting:
                time.advance(20s);
                fails = true;
                CHECK(g(town) == reversed(town));
                return;
            default: return;
        }
    }
};

/// Fresh for ten seconds, renewed from the eighth on; old until the fifteenth; until the thirtieth when nothing else comes.
template <class With>
auto of_all_ages(With const& with) {
    return with(memo::ttl(10s), memo::refresh_ahead(0.8), memo::stale_while_revalidate(5s), memo::stale_if_error(20s),
                memo::cache_errors<std::out_of_range>(5s), memo::key<"name:{0}">, memo::tags<"names", "name:{0}">,
                memo::on_event([](memo::event const&) {}));
}

/// One call and the work behind it, in each state, with a function that works or throws, while the nth of what can fail does, for
/// n = 1, 2, ...: the call returns f's result or throws f's exception; what was swallowed is counted; and all is usable at once.
template <class Make>
void survive_each_state(world& at, Make const& make, nth::failure const& fails) {
    for (auto const from : states)
        for (bool const throws : {false, true}) {
            CAPTURE(name_of(from));
            CAPTURE(throws);
            nth::each(fails, [&](auto const& begin, auto const& end) {
                at.fails = false;
                at.later.drop();
                auto g = make();
                at.reach(from, g);
                at.fails = throws;
                std::optional<bool> right;
                bool own = false;
                bool foreign = false;
                auto const counted = g.stats().errors;
                begin();
                try {
                    auto const result = g(town);
                    shortage::pause const looking;
                    right = result == reversed(town);
                } catch (std::out_of_range const&) {
                    own = true;
                } catch (...) {
                    foreign = true;
                }
                at.later.run();
                bool const struck = end();
                CHECK_FALSE(foreign);
                CHECK((right.value_or(false) || (own && throws)));
                CHECK((!struck || g.stats().errors > counted));
                CHECK(g.inside()->validate());
                at.fails = false;
                CHECK(g.refresh(town) == reversed(town));
                CHECK(g(town) == reversed(town));
                CHECK(g(city) == reversed(city));
                at.time.advance(12s);
                CHECK(g(town) == reversed(town));
                CHECK(at.later.run() == 1);
                CHECK(g.contains(town));
                CHECK(g.inside()->validate());
            });
        }
    nth::tell();
}

}  // namespace

TEST_CASE("F23 failures: whichever allocation fails in whichever state of freshness, the call has its result") {
    world at;
    auto const make = [&] {
        return of_all_ages([&](auto... options) {
            // an order that allocates learns less without memory, which is not counted
            return memo::cached(at.spelling(), memo::clock(at.time), memo::executor(at.later), memo::policy(memo::lru), options...);
        });
    };
    survive_each_state(at, make, nth::allocations());
}

TEST_CASE("F23 failures: whichever operation of the store fails in whichever state of freshness, the call has its result") {
    world at;
    fault_plan plan;
    auto const make = [&] {
        return of_all_ages([&](auto... options) {
            return over<faulty, std::string(std::string const&)>(at.spelling(), memo::clock(memo::manual_clock{at.time}),
                                                                 memo::executor(at.later), options...);
        });
    };
    for (auto const when : {fault::before_effect, fault::after_effect})
        survive_each_state(at, make, nth::store_operations(plan, when));
}

TEST_CASE("F23 failures: whichever callback or copy fails in whichever state of freshness, the call has its result") {
    world at;
    nth::trap by;
    nth::trapped_executor<work_queue> executor{at.later, &by};
    auto const make = [&] {
        return memo::cached(
            [&](std::string const& name) {
                return at.fails ? throw std::out_of_range{"no answer"} : nth::trapped_text{reversed(name), &by};
            },
            memo::refresh_ahead(0.8), memo::stale_while_revalidate(5s), memo::stale_if_error(20s),
            memo::cache_errors<std::out_of_range>(5s), memo::max_bytes(1'000), memo::unbounded,
            memo::key_builder([&](std::string const& name) { return by.pass("name:" + name); }),
            memo::only_if([&](std::string const&) { return by.pass(true); }),
            memo::unless([&](nth::trapped_text const& result) { return by.pass(result.text.empty()); }),
            memo::ttl([&](nth::trapped_text const&, std::string const&) { return by.pass(10s); }),
            memo::weigher([&](nth::trapped_text const&) { return by.pass(60); }),
            memo::on_event([&](memo::event const&) { by.pass(0); }), memo::executor(executor),
            memo::clock(nth::trapped_clock<memo::manual_clock>{at.time, &by}));
    };
    survive_each_state(at, make, nth::callbacks(by));
}

TEST_CASE("F23 failures: a hit whose copy or allocation fails is a run, by numbers as by texts") {
    nth::trap by;
    auto const survive_hit = [](nth::failure const& fails, auto const& g, auto const&... arguments) {
        auto const known = g(arguments...);
        nth::each(fails, [&](auto const& begin, auto const& end) {
            begin();
            auto const given = g(arguments...);
            end();
            CHECK(given.text == known.text);
            CHECK(g.inside()->validate());
        });
    };
    auto const text = [&](std::string name) {
        shortage::pause const own;
        return nth::trapped_text{std::move(name), &by};
    };
    auto const by_number = memo::cached([&](std::int64_t number) { return text(town + std::to_string(number)); });
    auto const by_text = memo::cached([&](std::string const& name, int number) { return text(name + std::to_string(number)); });
    for (auto const& fails : {nth::callbacks(by), nth::allocations()}) {
        survive_hit(fails, by_number, 7);
        survive_hit(fails, by_text, city, 7);
    }
}

TEST_CASE("F23 failures: whichever allocation or callback fails in a call that runs early, it has its result") {
    world at;
    nth::trap by;
    auto const survive_early = [&](nth::failure const& fails) {
        for (bool const throws : {false, true}) {
            CAPTURE(throws);
            nth::each(fails, [&](auto const& begin, auto const& end) {
                at.fails = false;
                auto g = memo::cached(at.spelling(), memo::ttl(10s), memo::early_expiration(1e300),
                                      memo::on_event([&](memo::event const&) { by.pass(0); }),
                                      memo::clock(nth::trapped_clock<memo::manual_clock>{at.time, &by}));
                CHECK(g(town) == reversed(town));
                at.fails = throws;
                bool right = false;
                bool thrown = false;
                begin();
                try {
                    right = g(town).size() == town.size();
                } catch (std::out_of_range const&) {
                    thrown = true;
                }
                bool const struck = end();
                CHECK((right || (struck && throws && thrown)));
                at.fails = false;
                at.time.advance(1s);
                CHECK(g(town) == reversed(town));
                CHECK(g.stats().refreshes >= 1);
                CHECK(g.inside()->validate());
            });
        }
    };
    survive_early(nth::allocations());
    survive_early(nth::callbacks(by));
    nth::tell();
}

TEST_CASE("F23 failures: whichever allocation fails while several warm, all is filled and told") {
    std::array const names{town, city};
    world at;
    auto const survive_warming = [&](auto executor) {
        nth::each(nth::allocations(), [&](auto const& begin, auto const& end) {
            auto g = memo::cached(at.spelling(), memo::executor(std::move(executor)), memo::max_size(4));
            bool thrown = false;
            std::size_t told = 0;
            begin();
            try {
                g.warm(std::span{names}, [&](std::size_t done, std::size_t) { told = done; }, {.parallelism = 2});
            } catch (...) {
                thrown = true;
            }
            end();
            at.later.run();
            CHECK_FALSE(thrown);
            CHECK(told == names.size());
            for (auto const& name : names)
                CHECK(g(name) == reversed(name));
            CHECK(g.inside()->validate());
        });
    };
    survive_warming(memo::inline_executor{});
    nth::trap none;
    survive_warming(nth::trapped_executor<work_queue>{at.later, &none});
    nth::tell();
}
