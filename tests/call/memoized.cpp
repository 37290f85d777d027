#include <memo/call/memoized.hpp>

#include "call/over.hpp"
#include "call/shortage.hpp"

#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/testing/faulty.hpp>
#include <memo/testing/manual_clock.hpp>
#include <memo/testing/null.hpp>
#include <memo/testing/recording.hpp>

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::event_kind;
using memo::testing::fault;
using memo::testing::fault_plan;
using memo::testing::faulty;
using memo::testing::store_operation;

namespace {

thread_local std::size_t allocations_left = 0;  // 0: none fails

void* allocate(std::size_t size, std::size_t alignment) {
    if (allocations_left != 0 && --allocations_left == 0)
        throw std::bad_alloc{};
    auto const whole = (size + alignment) / alignment * alignment;
    if (auto* const block = std::aligned_alloc(alignment, whole))
        return block;
    throw std::bad_alloc{};
}

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
    return allocate(size, alignof(std::max_align_t));
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* block) noexcept {
    std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept {
    std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::align_val_t) noexcept {
    std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
    std::free(block);
}

shortage::shortage(std::size_t nth) noexcept {
    allocations_left = nth;
}
shortage::~shortage() {
    allocations_left = 0;
}
bool shortage::struck() const noexcept {
    return allocations_left == 0;
}
shortage::pause::pause() noexcept : left_{std::exchange(allocations_left, 0)} {}
shortage::pause::~pause() {
    allocations_left = left_;
}

namespace {

std::string const city = "city whose name is too long to stand within a string object";
std::string const town = "town whose name is too long to stand within a string object";

std::array const places{city, town};

/// Spells a name backwards; its own allocations never fail.
struct backwards {
    std::string operator()(std::string const& name) const {
        shortage::pause const own;
        return {name.rbegin(), name.rend()};
    }
};
std::string reversed(std::string const& name) {
    return {name.rbegin(), name.rend()};
}


/// Calls `fn` with the name of each verb of a wrapper and with what carries it out; that returns f's result where the verb does.
template <class Wrapper, class Fn>
void each_verb(Fn const& fn) {
    using verb = std::function<std::optional<std::string>(Wrapper&)>;
    auto const does = [](auto act) {
        return verb{[act](Wrapper& g) {
            act(g);
            return std::optional<std::string>{};
        }};
    };
    auto const runs = [&](std::string const& name, verb const& one) { fn(name, one, true); };
    auto const looks = [&](std::string const& name, verb const& one) { fn(name, one, false); };
    runs("call", [](Wrapper& g) { return std::optional{g(city)}; });
    runs("call of what is stored", [](Wrapper& g) { return std::optional{g(town)}; });
    runs("refresh", [](Wrapper& g) { return std::optional{g.refresh(city)}; });
    runs("refresh of what is stored", [](Wrapper& g) { return std::optional{g.refresh(town)}; });
    runs("uncached", [](Wrapper& g) { return std::optional{g.uncached(city)}; });
    runs("warm", does([](Wrapper& g) { g.warm(std::span{places}); }));
    looks("set", does([](Wrapper& g) { g.set(reversed(city), city); }));
    looks("set of what is stored", does([](Wrapper& g) { g.set(reversed(town), town); }));
    looks("peek", does([](Wrapper& g) { static_cast<void>(g.peek(town)); }));
    looks("contains", does([](Wrapper& g) { static_cast<void>(g.contains(town)); }));
    looks("evict", does([](Wrapper& g) { static_cast<void>(g.evict(town)); }));
    looks("clear", does([](Wrapper& g) { static_cast<void>(g.clear()); }));
    looks("touch", does([](Wrapper& g) { static_cast<void>(g.touch(1h, town)); }));
    looks("ttl", does([](Wrapper& g) { static_cast<void>(g.ttl(town)); }));
    looks("key", does([](Wrapper& g) { static_cast<void>(g.key(town)); }));
    looks("explain", does([](Wrapper& g) { static_cast<void>(g.explain(town)); }));
    looks("stats", does([](Wrapper& g) { static_cast<void>(g.stats()); }));
    looks("size", does([](Wrapper& g) { static_cast<void>(g.size()); }));
}

/// Makes wrappers and carries out each verb on one, with `begin(n)` before and `struck()` after it, for n = 1, 2, ... until
/// nothing was struck. Whatever strikes: a verb that runs f returns its result and throws nothing; then the structure is sound,
/// each name gives its result, and nobody waits for a run that is no more.
template <class Make, class Begin, class Struck>
void survive(Make const& make, Begin const& begin, Struck const& struck) {
    using wrapper = decltype(make());
    each_verb<wrapper>([&](std::string const& name, auto const& verb, bool runs) {
        CAPTURE(name);
        for (std::size_t nth = 1;; ++nth) {
            CAPTURE(nth);
            auto g = make();
            CHECK(g(town) == reversed(town));
            std::optional<std::string> result;
            bool thrown = false;
            begin(nth);
            try {
                result = verb(g);
            } catch (...) {
                thrown = true;
            }
            bool const was_struck = struck();
            CHECK_FALSE((runs && thrown));
            CHECK((!result || *result == reversed(result->back() == city.front() ? city : town)));
            CHECK(g.inside()->validate());
            CHECK(g(city) == reversed(city));
            CHECK(g(town) == reversed(town));
            CHECK(g.inside()->validate());
            if (!was_struck)
                break;
        }
    });
}

}  // namespace

TEST_CASE("F23 memoized: whichever allocation fails within whichever verb, a run's result arrives and the cache stays sound") {
    std::optional<shortage> scarce;
    survive(
        [] {
            return memo::cached(backwards{}, memo::key<"city:{0}">, memo::tags<"cities", "city:{0}">, memo::ttl(1h),
                                memo::on_event([](memo::event const&) {}), memo::max_size(1));
        },
        [&](std::size_t nth) { scarce.emplace(nth); },
        [&] {
            bool const struck = scarce->struck();
            scarce.reset();
            return struck;
        });
}

TEST_CASE("F23 memoized: whichever operation of the store fails within whichever verb, a run's result arrives and the cache stays sound") {
    for (auto const when : {fault::before_effect, fault::after_effect}) {
        fault_plan plan;
        survive(
            [] {
                return over<faulty, std::string(std::string const&)>(backwards{}, memo::key<"city:{0}">, memo::tags<"cities">,
                                                                     memo::ttl(1h), memo::max_size(1));
            },
            [&](std::size_t nth) { plan.fail_nth(nth, when); },
            [&] {
                bool const struck = plan.failed() != 0;
                plan.heal();
                return struck;
            });
    }
}

namespace {

/// Throws on the nth call of any callback; 0 is never.
struct trap {
    std::size_t left = 0;
    bool struck = false;

    template <class Result>
    Result pass(Result result) {
        if (left != 0 && --left == 0) {
            struck = true;
            throw 42;
        }
        return result;
    }
};

struct trapped_clock {
    trap* at;
    auto now() const { return at->pass(std::chrono::steady_clock::time_point{1h}); }
};

}  // namespace

TEST_CASE("F23 memoized: whichever callback throws within whichever verb, a run's result arrives and the cache stays sound") {
    trap at;
    survive(
        [&] {
            return memo::cached(
                backwards{}, memo::key_builder([&](std::string const& name) { return at.pass("city:" + name); }),
                memo::only_if([&](std::string const&) { return at.pass(true); }),
                memo::unless([&](std::string const& result) { return at.pass(result.empty()); }),
                memo::ttl([&](std::string const&, std::string const&) { return at.pass(1h); }), memo::max_bytes(100),
                memo::weigher([&](std::string const&) { return at.pass(60); }),
                memo::on_event([&](memo::event const&) { at.pass(0); }), memo::clock(trapped_clock{&at}));
        },
        [&](std::size_t nth) { at = {nth, false}; }, [&] { return std::exchange(at, {}).struck; });
}
