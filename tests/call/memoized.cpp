#include <memo/call/memoized.hpp>

#include "call/nth.hpp"
#include "call/over.hpp"
#include "call/shortage.hpp"

#include <memo/base/event.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/recursive.hpp>
#include <memo/testing/faulty.hpp>
#include <memo/testing/inline_executor.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using memo::event_kind;
using memo::testing::fault;
using memo::testing::fault_plan;
using memo::testing::faulty;

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
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    try {
        return operator new(size, alignment);
    } catch (std::bad_alloc const&) {
        return nullptr;
    }
}
[[gnu::noinline]] void* operator new(std::size_t size, std::nothrow_t const& never) noexcept {
    return operator new(size, std::align_val_t{alignof(std::max_align_t)}, never);
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
    runs("warm by two", does([](Wrapper& g) { g.warm(std::span{places}, {.parallelism = 2}); }));
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

/// Makes wrappers and carries out each verb on one while the nth of what can fail does, for n = 1, 2, ... Whatever fails: a verb
/// that runs f returns its result and throws nothing; then the structure is sound, each name gives its result, and nobody waits
/// for a run that is no more.
template <class Make>
void survive(Make const& make, nth::failure const& fails) {
    using wrapper = decltype(make());
    each_verb<wrapper>([&](std::string const& name, auto const& verb, bool runs) {
        CAPTURE(name);
        nth::each(fails, [&](auto const& begin, auto const& end) {
            auto g = make();
            CHECK(g(town) == reversed(town));
            std::optional<std::string> result;
            bool thrown = false;
            begin();
            try {
                result = verb(g);
            } catch (...) {
                thrown = true;
            }
            end();
            CHECK_FALSE((runs && thrown));
            CHECK((!result || *result == reversed(result->back() == city.front() ? city : town)));
            CHECK(g.inside()->validate());
            CHECK(g(city) == reversed(city));
            CHECK(g(town) == reversed(town));
            CHECK(g.inside()->validate());
        });
    });
    nth::tell();
}

}  // namespace

TEST_CASE("F23 memoized: whichever allocation fails within whichever verb, a run's result arrives and the cache stays sound") {
    survive(
        [] {
            return memo::cached(backwards{}, memo::key<"city:{0}">, memo::tags<"cities", "city:{0}">, memo::ttl(1h),
                                memo::unless([](std::string const&, std::string const& name) { return name.empty(); }),
                                memo::on_event([](memo::event const&) {}), memo::max_size(1),
                                memo::executor(memo::inline_executor{}));
        },
        nth::allocations());
}

TEST_CASE("F23 memoized: whichever operation of the store fails within whichever verb, a run's result arrives and the cache stays sound") {
    for (auto const when : {fault::before_effect, fault::after_effect}) {
        fault_plan plan;
        survive(
            [] {
                return over<faulty, std::string(std::string const&)>(backwards{}, memo::key<"city:{0}">, memo::tags<"cities">,
                                                                     memo::ttl(1h), memo::max_size(1),
                                                                     memo::executor(memo::inline_executor{}));
            },
            nth::store_operations(plan, when));
    }
}

namespace {

struct still_clock {
    auto now() const { return std::chrono::steady_clock::time_point{1h}; }
};

}  // namespace

TEST_CASE("F23 memoized: whichever callback throws within whichever verb, a run's result arrives and the cache stays sound") {
    nth::trap at;
    memo::inline_executor here;
    nth::trapped_executor<memo::inline_executor> executor{here, &at};
    survive(
        [&] {
            return memo::cached(
                backwards{}, memo::key_builder([&](std::string const& name) { return at.pass("city:" + name); }),
                memo::only_if([&](std::string const&) { return at.pass(true); }),
                memo::unless([&](std::string const& result) { return at.pass(result.empty()); }),
                memo::ttl([&](std::string const&, std::string const&) { return at.pass(1h); }), memo::max_bytes(100),
                memo::weigher([&](std::string const&) { return at.pass(60); }), memo::executor(executor),
                memo::on_event([&](memo::event const&) { at.pass(0); }), memo::clock(nth::trapped_clock<still_clock>{{}, &at}));
        },
        nth::callbacks(at));
}

TEST_CASE("F23 memoized: what only_if, unless, ttl or a weigher throws is counted and told, and f's result returns uncached") {
    auto const try_out = [](auto... options) {
        int runs = 0;
        std::vector<event_kind> told;
        auto g = memo::cached([&](int n) { return ++runs, n; }, options...,
                              memo::on_event([&](memo::event const& happening) { told.push_back(happening.kind); }));
        CHECK(g(7) == 7);
        CHECK(g(7) == 7);
        CHECK(g.refresh(7) == 7);
        g.set(7, 7);
        CHECK(runs == 3);
        CHECK(g.size() == 0);
        CHECK(g.stats().errors == 4);
        CHECK(std::ranges::count(told, event_kind::error) == 4);
        CHECK(std::ranges::count(told, event_kind::store) == 0);
        CHECK(g.inside()->validate());
    };
    try_out(memo::only_if([](int) -> bool { throw 42; }));
    try_out(memo::unless([](int) -> bool { throw 42; }));
    try_out(memo::ttl([](int) -> std::chrono::seconds { throw 42; }));
    try_out(memo::max_bytes(100), memo::weigher([](int) -> int { throw 42; }));
    try_out(memo::max_bytes(100), memo::weigher([](int) { return -1; }));
}

TEST_CASE("F23 memoized: a set that fails leaves no older result behind") {
    bool fails = false;
    auto g = memo::cached([](int n) { return n; }, memo::unless([&](int) { return fails ? throw 42 : false; }));
    CHECK(g(7) == 7);
    fails = true;
    g.set(8, 7);
    CHECK(g.stats().errors == 1);
    CHECK_FALSE(g.contains(7));
}

TEST_CASE("F22 memoized: what f throws passes through untouched, is counted as a failed run, and nothing is stored") {
    struct fault_of_f {
        int number;
    };
    int runs = 0;
    auto g = memo::cached([&](int n) -> int { throw fault_of_f{n + ++runs}; });
    for (int call = 1; call <= 3; ++call) {
        int seen = 0;
        try {
            g(7);
        } catch (fault_of_f const& error) {
            seen = error.number;
        }
        CHECK(seen == 7 + call);
    }
    CHECK_THROWS_AS(g.refresh(7), fault_of_f);
    CHECK_THROWS_AS(g.uncached(7), fault_of_f);
    CHECK(runs == 5);
    CHECK(g.size() == 0);
    auto const seen = g.stats();
    CHECK(seen.runs == 4);
    CHECK(seen.misses == 3);
    CHECK(seen.stores + seen.skips == 0);
    CHECK(g.inside()->validate());
}

TEST_CASE("memoized: without coalescing equal calls each run for themselves, also within one another") {
    int runs = 0;
    std::function<int(int)> again;
    auto g = memo::cached([&](int n) { return ++runs == 1 ? again(n) : n; }, memo::no_coalesce);
    again = [&](int n) { return g(n); };
    CHECK(g(7) == 7);
    CHECK(runs == 2);
    CHECK(g(7) == 7);
    CHECK(runs == 2);
}

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer);
#else
constexpr bool sanitized = false;
#endif

/// How many calls nest on the 8 MiB of an ordinary stack; frames are several times as large under AddressSanitizer, and again unless optimized.
#if defined(__OPTIMIZE__)
constexpr int nested = sanitized ? 700 : 5'000;
#else
constexpr int nested = sanitized ? 300 : 700;
#endif

}  // namespace

TEST_CASE("F24 memoized: five thousand calls for other arguments nest on an ordinary stack") {
    auto count = memo::recursive<long(int)>([](auto& self, int n) -> long { return n == 0 ? 0 : 1 + self(n - 1); });
    CHECK(count(nested) == nested);
    CHECK(count.stats().runs == nested + 1);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F24 memoized: threads that climb down one recursion from many places meet, and each gets the right number") {
    auto steps = memo::recursive<int(int)>([](auto& self, int n) -> int {
        return n <= 1 ? 0 : 1 + self(n % 2 == 0 ? n / 2 : 3 * n + 1);
    });
    auto const plain = [](long n) {
        int sum = 0;
        for (; n > 1; ++sum)
            n = n % 2 == 0 ? n / 2 : 3 * n + 1;
        return sum;
    };
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> climbers;
        for (int climber = 0; climber < 4; ++climber)
            climbers.emplace_back([&] {
                for (int n = 1; n < 600; ++n)
                    wrong += steps(n) != plain(n);
            });
    }
    CHECK(wrong == 0);
    CHECK(steps.stats().runs == steps.stats().stores);
}

TEST_SUITE_END();
