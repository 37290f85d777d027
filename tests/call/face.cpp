#include <memo/call/face.hpp>

#include <memo/base/error.hpp>
#include <memo/base/event.hpp>
#include <memo/cached.hpp>
#include <memo/call/footprint.hpp>
#include <memo/key/traits.hpp>
#include <memo/key/writer.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

TEST_CASE("face: the verbs take what the function takes, converted as a call converts") {
    int runs = 0;
    auto g = memo::cached([&](std::string const& name, long number) { return ++runs, name.size() + static_cast<std::size_t>(number); });
    std::string_view const view = "abc";
    short const small = 4;
    CHECK(g("abc", 4) == 7);
    CHECK(g(view, small) == 7);
    CHECK(g({'a', 'b', 'c'}, 4) == 7);
    CHECK(g.peek(view, small) == 7);
    CHECK(g.contains("abc", small));
    CHECK(g.key("abc", 4) == g.key(view, small));
    CHECK(g.ttl("abc", 4) == memo::duration::max());
    CHECK(g.touch(1h, view, 4));
    CHECK(g.evict("abc", small).count() == 1);
    CHECK(runs == 1);
}

TEST_CASE("face: a wrapper is const-callable exactly when the function is") {
    struct steady {
        int operator()(int n) const { return n; }
    };
    struct counter {
        int calls = 0;
        int operator()(int) { return ++calls; }
    };
    static_assert(std::invocable<memo::cached<steady> const&, int>);
    static_assert(!std::invocable<memo::cached<counter> const&, int>);
    static_assert(std::invocable<memo::cached<counter>&, int>);
    auto g = memo::cached(counter{});
    CHECK(g(5) == 1);
    CHECK(g(6) == 2);
    CHECK(g(5) == 1);
}

TEST_CASE("face: copies share everything, a copy outlives its origin") {
    auto first = std::make_unique<memo::cached<int (*)(int)>>([](int n) { return 2 * n; });
    auto second = *first;
    CHECK((*first)(2) == 4);
    first.reset();
    CHECK(second.contains(2));
    CHECK(second.size() == 1);
}

TEST_CASE("face: warm runs what is not stored, tells how far it is, and takes tuples, single arguments and one-way ranges") {
    std::vector<int> runs;
    auto g = memo::cached([&](int a, int b) { return runs.push_back(10 * a + b), a + b; });
    CHECK(g(1, 2) == 3);
    std::vector<std::pair<std::size_t, std::size_t>> told;
    g.warm(std::vector<std::tuple<int, int>>{{1, 2}, {3, 4}, {3, 4}}, [&](std::size_t done, std::size_t total) {
        told.emplace_back(done, total);
    });
    CHECK(runs == std::vector{12, 34});
    CHECK(g.stats().hits == 0);
    CHECK(told == std::vector<std::pair<std::size_t, std::size_t>>{{1, 3}, {2, 3}, {3, 3}});

    auto single = memo::cached([](int n) { return n; });
    single.warm(std::list{4, 5});
    CHECK(single.size() == 2);
    single.warm(std::vector<int>{});
    CHECK(single.size() == 2);
}

TEST_CASE("face: warm throws what a run throws, and what was stored before it stays") {
    auto g = memo::cached([](int n) { return n == 3 ? throw 42 : n; });
    CHECK_THROWS_AS(g.warm(std::array{1, 2, 3, 4}), int);
    CHECK(g.contains(2));
    CHECK_FALSE(g.contains(4));
}

TEST_CASE("face: with shared every verb that gives a result gives the pointer, peek a null one when there is none") {
    auto g = memo::cached([](int n) { return std::make_unique<int>(n); }, memo::shared);
    CHECK(g.peek(7) == nullptr);
    auto const made = g(7);
    CHECK(**made == 7);
    CHECK(g(7) == made);
    CHECK(g.peek(7) == made);
    auto const again = g.refresh(7);
    CHECK(again != made);
    CHECK(g.peek(7) == again);
    CHECK(**g.uncached(8) == 8);
    CHECK_FALSE(g.contains(8));
    g.set(std::make_unique<int>(9), 7);
    CHECK(**g(7) == 9);
    g.set(made, 7);
    CHECK(g(7) == made);
    CHECK(**again == 7);
}

TEST_CASE("face: a null pointer is no result: set refuses it, and what is stored stays") {
    auto g = memo::cached([](int n) { return std::string(40, static_cast<char>('a' + n)); }, memo::shared);
    auto const was = g(1);
    CHECK_THROWS_AS(g.set(g.peek(2), 1), memo::value_error);
    CHECK(g(1) == was);
}

namespace {

/// Where user code is called from within memo, it calls every verb of the wrapper that called it, once a level.
class visitor {
public:
    static inline std::function<void()> all_verbs;
    static inline int visits = 0;

    static void come() noexcept {
        if (inside_ || !all_verbs)
            return;
        inside_ = true;
        ++visits;
        all_verbs();
        inside_ = false;
    }

private:
    static inline bool inside_ = false;
};

struct plot {
    int number;
};

/// A result whose copies and end are user code, too.
struct crop {
    int number;
    std::vector<int> grains{1, 2, 3};

    explicit crop(int of) : number{of} {}
    crop(crop const& other) : number{other.number}, grains{other.grains} { visitor::come(); }
    crop& operator=(crop const&) = delete;
    ~crop() { visitor::come(); }
};

struct visited_clock {
    std::chrono::steady_clock::time_point now() const {
        visitor::come();
        return std::chrono::steady_clock::time_point{1h};
    }
};

template <class Wrapper>
void call_all_verbs(Wrapper& g, plot const& on) {
    auto const attempt = [](auto const& verb) {
        try {
            verb();
        } catch (memo::recursion_error const&) {  // on the arguments whose run called the user's code
        }
    };
    attempt([&] {
        auto const result = g(on);
        CHECK(result.number == on.number);
    });
    attempt([&] {
        auto const result = g.refresh(on);
        CHECK(result.number == on.number);
    });
    attempt([&] { g.warm(std::array{on}); });
    CHECK(g.uncached(on).number == on.number);
    static_cast<void>(g.peek(on));
    static_cast<void>(g.contains(on));
    static_cast<void>(g.touch(1h, on));
    static_cast<void>(g.ttl(on));
    static_cast<void>(g.key(on));
    static_cast<void>(g.explain(on));
    static_cast<void>(g.stats());
    static_cast<void>(g.size());
    static_cast<void>(g.memory_usage());
    static_cast<void>(g.evict(on));
    g.set(crop{on.number}, on);
    static_cast<void>(g.clear());
}

}  // namespace

template <>
struct memo::key_traits<plot> {
    static void feed(key_writer& write, plot const& value) {
        visitor::come();
        write(value.number);
    }
};

template <>
struct memo::footprint_traits<crop> {
    static std::size_t heap_bytes(crop const&) noexcept {
        visitor::come();
        return 0;
    }
};

TEST_CASE("F25 face: whatever user code memo calls may call every verb of the same wrapper, no lock is held") {
    auto const visit = [](auto answer) {
        return [answer](auto const&...) {
            visitor::come();
            return answer;
        };
    };
    memo::manager m;
    m.on_event([](memo::event const&) { visitor::come(); });
    auto const field = [](plot const& on) {
        visitor::come();
        return crop{on.number};
    };
    auto const try_out = [&](auto g) {
        for (plot const reached : {plot{1}, plot{2}}) {
            visitor::all_verbs = [&] {
                call_all_verbs(g, reached);
                static_cast<void>(m.evict_tag("crops"));
                static_cast<void>(m.evict_pattern("*"));
                static_cast<void>(m.stats());
            };
            visitor::visits = 0;
            for (plot const on : {plot{1}, plot{2}, plot{3}, plot{1}}) {
                CHECK(g(on).number == on.number);
                call_all_verbs(g, on);
            }
            CHECK(visitor::visits > 100);
            CHECK(g.inside()->validate());
            visitor::all_verbs = nullptr;
        }
    };
    try_out(memo::cached(field, memo::unless(visit(false)), memo::only_if(visit(true)), memo::ttl(visit(1h)), memo::max_bytes(50),
                         memo::weigher(visit(20)), memo::key_builder([&](plot const& on) { return visitor::come(), on; }),
                         memo::tags<"crops">, memo::on_event([](memo::event const&) { visitor::come(); }),
                         memo::clock(visited_clock{}), memo::in(m)));
    try_out(memo::cached(field, memo::max_size(1), memo::idle(1h), memo::clock(visited_clock{}), memo::in(m)));
    try_out(memo::cached(field, memo::max_bytes(2'000), memo::in(m)));
}
