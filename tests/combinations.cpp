#include "queue.hpp"

#include <memo/base/error.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>

using namespace std::chrono_literals;

namespace {

/// Which options a wrapper has.
struct combination {
    bool chooses_calls;    // only_if
    bool refuses;          // unless
    bool decides_ttl;      // ttl(fn)
    bool coalesces;        // coalesce, else no_coalesce
    bool shares;           // shared
    bool keeps_errors;     // cache_errors
    bool revalidates;      // stale_while_revalidate and refresh_ahead
    bool survives_errors;  // stale_if_error
};

constexpr unsigned combinations = 16;

/// Of every three options each of the eight ways to have them occurs: an orthogonal array of strength 3.
///
/// Source: OA(16, 8, 2, 3), of A. Hedayat, N. Sloane, J. Stufken, Orthogonal Arrays, 1999.
constexpr combination row(unsigned number) {
    auto const bit = [number](unsigned mask) { return __builtin_parity(number & mask) != 0; };
    return {bit(1), bit(2), bit(4), bit(8), bit(7), bit(11), bit(13), bit(14)};
}

/// A function, and all that its options ask.
struct world {
    memo::manual_clock time;
    work_queue later;
    int runs = 0;
    bool fails = false;
    std::function<void()> meanwhile;  // of the next run

    static bool wanted(int n) { return n >= 0; }
    static bool refused(int, int n) { return n == 5; }
    static std::chrono::seconds lifetime(int, int n) { return n == 6 ? 20s : 10s; }

    template <combination C>
    auto options() {
        auto const when = []<bool Holds>(std::bool_constant<Holds>, auto... some) {
            if constexpr (Holds)
                return std::tuple{std::move(some)...};
            else
                return std::tuple{};
        };
        auto const either = []<bool Holds>(std::bool_constant<Holds>, auto one, auto other) {
            if constexpr (Holds)
                return std::tuple{std::move(one)};
            else
                return std::tuple{std::move(other)};
        };
        using std::bool_constant;
        return std::tuple_cat(when(bool_constant<C.chooses_calls>{}, memo::only_if(wanted)),
                              when(bool_constant<C.refuses>{}, memo::unless(refused)),
                              either(bool_constant<C.decides_ttl>{}, memo::ttl(lifetime), memo::ttl(10s)),
                              either(bool_constant<C.coalesces>{}, memo::coalesce, memo::no_coalesce),
                              when(bool_constant<C.shares>{}, memo::shared),
                              when(bool_constant<C.keeps_errors>{}, memo::cache_errors<std::out_of_range>(5s)),
                              when(bool_constant<C.revalidates>{}, memo::stale_while_revalidate(5s), memo::refresh_ahead(0.8)),
                              when(bool_constant<C.survives_errors>{}, memo::stale_if_error(20s)));
    }

    template <combination C>
    auto wrapper() {
        auto const f = [this](int) {
            int const run = ++runs;
            if (auto const act = std::exchange(meanwhile, nullptr))
                act();
            return fails ? throw std::out_of_range{"no answer"} : run;
        };
        return std::apply(
            [&](auto... some) { return memo::cached(f, memo::clock(time), memo::executor(later), std::move(some)...); },
            options<C>());
    }
};

int number_in(int result) { return result; }
int number_in(std::shared_ptr<int const> const& result) { return *result; }

template <class Wrapper>
class trial {
public:
    trial(world& at, Wrapper wrapper, combination has) : at_{at}, g_{std::move(wrapper)}, has_{has} {}

    void run() {
        conditions();
        lifetimes();
        windows();
        failures();
        nesting();
        CHECK(g_.inside()->validate());
    }

private:
    int call(int n) { return number_in(g_(n)); }

    bool runs_at(int n) {
        auto const before = at_.runs;
        call(n);
        return at_.runs != before;
    }

    void conditions() {
        CHECK(runs_at(-1));
        CHECK(runs_at(-1) == has_.chooses_calls);
        CHECK(runs_at(5));
        CHECK(runs_at(5) == has_.refuses);
        CHECK(runs_at(7));
        CHECK_FALSE(runs_at(7));
    }

    void lifetimes() {
        call(6);
        at_.time.advance(10s - 1ns);
        CHECK_FALSE(runs_at(6));
        at_.later.drop();
        at_.time.advance(1ns);
        CHECK(g_.contains(6) == has_.decides_ttl);
        static_cast<void>(g_.clear());
    }

    void windows() {
        auto const first = call(7);
        at_.time.advance(8s);
        CHECK_FALSE(runs_at(7));
        CHECK(at_.later.size() == (has_.revalidates ? 1 : 0));
        at_.later.drop();
        at_.time.advance(2s);
        CHECK(runs_at(7) == !has_.revalidates);
        CHECK((call(7) == first) == has_.revalidates);
        CHECK(at_.later.run() == (has_.revalidates ? 1 : 0));
        CHECK(call(7) == first + 1);
        at_.time.advance(20s);
        CHECK(runs_at(7));
        static_cast<void>(g_.clear());
    }

    void failures() {
        auto const first = call(7);
        at_.time.advance(20s);
        at_.fails = true;
        auto const failing_runs = [&](int n) {
            auto const before = at_.runs;
            if (has_.survives_errors && n == 7)
                CHECK(call(n) == first);
            else
                CHECK_THROWS_AS(g_(n), std::out_of_range);
            return at_.runs - before;
        };
        CHECK(failing_runs(7) == 1);
        CHECK(failing_runs(7) == (has_.survives_errors || has_.keeps_errors ? 0 : 1));
        CHECK(failing_runs(8) == 1);
        CHECK(failing_runs(8) == (has_.keeps_errors ? 0 : 1));
        at_.time.advance(5s);
        CHECK(failing_runs(8) == 1);
        at_.fails = false;
        at_.time.advance(5s);
        CHECK(runs_at(8));
        CHECK_FALSE(runs_at(8));
        static_cast<void>(g_.clear());
    }

    void nesting() {
        auto const before = at_.runs;
        if (has_.coalesces)
            at_.meanwhile = [&] { CHECK_THROWS_AS(g_(7), memo::recursion_error); };
        else
            at_.meanwhile = [&] { CHECK(call(7) == before + 2); };
        CHECK(call(7) == before + 1);
        CHECK(call(7) == before + (has_.coalesces ? 1 : 2));
    }

    world& at_;
    Wrapper g_;
    combination has_;
};

template <unsigned Number>
void try_row() {
    constexpr auto has = row(Number);
    CAPTURE(Number);
    world at;
    trial{at, at.wrapper<has>(), has}.run();
}

}  // namespace

TEST_CASE("combinations: each option does its part beside whichever two others") {
    [&]<unsigned... Numbers>(std::integer_sequence<unsigned, Numbers...>) {
        (try_row<Numbers>(), ...);
    }(std::make_integer_sequence<unsigned, combinations>{});
}
