#include <memo/options.hpp>

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/event.hpp>
#include <memo/base/hash.hpp>
#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/recursive.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

int echo(int n) { return n; }

/// What `make` throws, as a config_error; empty when it throws none.
template <class Fn>
std::string fault(Fn const& make) {
    try {
        make();
    } catch (memo::config_error const& error) {
        CHECK(error.code() == memo::error_code::bad_config);
        return error.what();
    }
    return {};
}

template <class... Options>
std::string fault_of(Options... options) {
    return fault([&] { memo::cached(echo, options...); });
}

/// The message says who, what happened and what to do.
bool is_told(std::string const& message, std::string_view who, std::string_view remedy) {
    return message.starts_with(who) && message.find(": ") != std::string::npos && message.find("; ") != std::string::npos &&
           message.find(remedy) != std::string::npos;
}

}  // namespace

TEST_CASE("ttl: a result is fresh while its age is below the lifetime, and runs again from there on") {
    memo::manual_clock time;
    int runs = 0;
    auto g = memo::cached([&runs](int) { return ++runs; }, memo::ttl(10s), memo::clock(time));
    g(1);
    time.advance(10s - 1ns);
    CHECK(g(1) == 1);
    time.advance(1ns);
    CHECK(g(1) == 2);
}

TEST_CASE("ttl: forever never ends, zero or less stores nothing") {
    memo::manual_clock time;
    auto forever = memo::cached(echo, memo::ttl(memo::forever), memo::clock(time));
    forever(1);
    time.advance(24h * 365 * 200);
    CHECK(forever.contains(1));
    CHECK(forever.ttl(1) == memo::duration::max());
    auto longest = memo::cached(echo, memo::ttl(std::chrono::hours::max()), memo::clock(time));
    longest(1);
    CHECK(longest.ttl(1) == memo::duration::max());
    for (auto const lifetime : {0s, -1s, std::chrono::seconds::min()}) {
        auto never = memo::cached(echo, memo::ttl(lifetime));
        CHECK(never(1) == 1);
        never.set(2, 1);
        CHECK(never.size() == 0);
        CHECK(never.stats().skips == 2);
    }
    auto exact = memo::cached(echo, memo::ttl(std::chrono::duration<double>{0.5}), memo::clock(time));
    exact(1);
    CHECK(exact.ttl(1) == 500ms);
}

TEST_CASE("ttl: a function of the result, or of result and arguments, decides for each value") {
    memo::manual_clock time;
    auto by_result = memo::cached(echo, memo::ttl([](int result) { return std::chrono::seconds{result}; }), memo::clock(time));
    by_result(3), by_result(5), by_result(0), by_result(-1);
    CHECK(by_result.ttl(3) == 3s);
    CHECK(by_result.ttl(5) == 5s);
    CHECK(by_result.size() == 2);
    by_result.set(7, 3);
    CHECK(by_result.ttl(3) == 7s);
    auto by_both = memo::cached([](int a, int b) { return a + b; },
                                memo::ttl([](int sum, int a, int) { return std::chrono::milliseconds{sum * 10 + a}; }),
                                memo::clock(time));
    by_both(1, 2);
    CHECK(by_both.ttl(1, 2) == 31ms);
    by_both.warm(std::vector{std::tuple{4, 5}});
    CHECK(by_both.ttl(4, 5) == 94ms);
    CHECK(by_both.refresh(1, 3) == 4);
    CHECK(by_both.ttl(1, 3) == 41ms);
}

TEST_CASE("idle: an entry expires when it was not read for so long, whatever its ttl") {
    memo::manual_clock time;
    auto g = memo::cached(echo, memo::idle(10s), memo::ttl(25s), memo::clock(time));
    g(1);
    time.advance(9s);
    g(1);
    time.advance(9s);
    CHECK(g.contains(1));
    CHECK(g.ttl(1) == 1s);
    g(1);
    time.advance(6s);
    CHECK(g.contains(1));
    time.advance(1s);
    CHECK(!g.contains(1));
    g(1);
    time.advance(9s);
    CHECK(g.peek(1) == 1);
    time.advance(1s);
    CHECK(!g.contains(1));
}

TEST_CASE("cleanup_interval: expired entries that nobody asks for are removed by calls as they pass") {
    memo::manual_clock time;
    auto g = memo::cached(echo, memo::ttl(5s), memo::cleanup_interval(10s), memo::clock(time));
    for (int n = 0; n != 100; ++n)
        g(n);
    time.advance(5s);
    CHECK(g.size() == 100);
    time.advance(6s);
    g(1000), g(1000);
    CHECK(g.size() == 1);
    CHECK(g.stats().expirations == 100);
}

TEST_CASE("jitter: lifetimes spread by at most the fraction, to both sides, and none is shared by all") {
    memo::manual_clock time;
    auto g = memo::cached(echo, memo::ttl(100s), memo::jitter(0.1), memo::clock(time));
    int shorter = 0;
    for (int n = 0; n != 200; ++n) {
        time.advance(1ms);
        g(n);
        auto const left = *g.ttl(n);
        CHECK(left >= 90s);
        CHECK(left <= 110s);
        shorter += left < 100s;
    }
    CHECK(shorter > 50);
    CHECK(shorter < 150);
    auto exact = memo::cached(echo, memo::ttl(100s), memo::jitter(0), memo::clock(time));
    exact(1);
    CHECK(exact.ttl(1) == 100s);
}

TEST_CASE("max_size: the bound holds at every instant") {
    auto three = memo::cached(echo, memo::max_size(3));
    for (int n = 0; n != 10; ++n) {
        three(n);
        CHECK(three.size() <= 3);
    }
    CHECK(three.stats().evictions == 7);
}

TEST_CASE("max_size: the bound is 65,536 unless it is said, and unbounded is none") {
    bool const places_are_few = memo::detail::place_of("any text") >> 32 == 0;  // with weak_hash_bits so large a table is a list
    if (places_are_few)
        return;
    auto usual = memo::cached(echo);
    auto endless = memo::cached(echo, memo::unbounded);
    for (int n = 0; n != 65'536 + 100; ++n)
        usual(n), endless(n);
    CHECK(usual.size() == 65'536);
    CHECK(endless.size() == 65'636);
}

TEST_CASE("max_bytes: keys, values and overhead count, and an entry above the bound is not stored") {
    auto g = memo::cached([](int size) { return std::string(static_cast<std::size_t>(size), 'x'); }, memo::max_bytes(10'000));
    for (int n = 100; n != 200; ++n) {
        g(n);
        CHECK(g.memory_usage() < 10'000 + 2'000);
    }
    CHECK(g.size() >= 10);
    CHECK(g.size() < 100);
    CHECK(g(20'000).size() == 20'000);
    CHECK(!g.contains(20'000));
}

TEST_CASE("weigher: max_bytes is counted in its unit") {
    auto g = memo::cached(echo, memo::max_bytes(10), memo::policy(memo::lru), memo::weigher([](int result) { return result; }));
    g(4), g(6);
    CHECK(g.size() == 2);
    g(1);
    CHECK(!g.contains(4));
    CHECK(g.size() == 2);
    g(11);
    CHECK(!g.contains(11));
    g(0);
    CHECK(g.contains(0));
    auto pairs = memo::cached([](int a, int) { return a; }, memo::weigher([](int, int, int weight) { return weight; }),
                              memo::max_bytes(5));
    pairs(1, 5), pairs(2, 3);
    CHECK(!pairs.contains(1, 5));
    CHECK(pairs.contains(2, 3));
}

TEST_CASE("policy: lru, fifo and lfu differ in who leaves") {
    auto const left_after = [](auto const& g) {
        g(1), g(2), g(3);
        g(1), g(1), g(2), g(3);
        g(4);
        std::string left;
        for (int n = 1; n != 5; ++n)
            left += g.contains(n) ? std::to_string(n) : "-";
        return left;
    };
    CHECK(left_after(memo::cached(echo, memo::max_size(3), memo::policy(memo::lru))) == "-234");
    CHECK(left_after(memo::cached(echo, memo::max_size(3), memo::policy(memo::fifo))) == "-234");
    CHECK(left_after(memo::cached(echo, memo::max_size(3), memo::policy(memo::lfu))) == "1-34");
    auto fifo = memo::cached(echo, memo::policy(memo::fifo), memo::max_size(2));
    auto lru = memo::cached(echo, memo::policy(memo::lru), memo::max_size(2));
    fifo(1), fifo(2), fifo(1), fifo(3);
    lru(1), lru(2), lru(1), lru(3);
    CHECK(!fifo.contains(1));
    CHECK(lru.contains(1));
}

TEST_CASE("unless: a result that it refuses is returned, not stored, and runs again") {
    int runs = 0;
    auto g = memo::cached([&runs](int n) { return ++runs, n; }, memo::unless([](int result) { return result < 0; }));
    CHECK(g(-1) == -1);
    CHECK(g(-1) == -1);
    CHECK(runs == 2);
    g.set(-5, 1), g.refresh(-1), g.warm(std::vector{-1});
    CHECK(g.size() == 0);
    auto with_arguments = memo::cached([](int a, int b) { return a * b; },
                                       memo::unless([](int product, int a, int) { return product == 0 && a == 0; }));
    with_arguments(0, 5), with_arguments(5, 0);
    CHECK(with_arguments.size() == 1);
    CHECK(with_arguments.contains(5, 0));
}

TEST_CASE("only_if: calls that it does not want just run and find nothing") {
    int runs = 0;
    auto g = memo::cached([&runs](int n) { return ++runs, n; }, memo::only_if([](int n) { return n > 0; }));
    g(-1), g(-1), g(1), g(1);
    CHECK(runs == 3);
    g.set(7, -1);
    CHECK(g(-1) == -1);
    CHECK(!g.contains(-1));
    CHECK(g.peek(-1) == std::nullopt);
    g.warm(std::vector{-1, 2});
    CHECK(g.refresh(-2) == -2);
    CHECK(g.size() == 2);
    CHECK(g.stats().misses == 2);
}

TEST_CASE("unless, only_if and ttl see the arguments as they were before the call") {
    auto g = memo::cached([](std::vector<int>&& given) { return std::vector<int>{std::move(given)}.size(); },
                          memo::unless([](std::size_t, std::vector<int> const& given) { return given.empty(); }),
                          memo::only_if([](std::vector<int> const& given) { return !given.empty(); }));
    CHECK(g(std::vector<int>{1, 2}) == 2);
    CHECK(g.size() == 1);
    auto text = memo::cached([](std::string given) { return std::string{std::move(given)}.size(); },
                             memo::ttl([](std::size_t size, std::string_view given) {
                                 return given.size() == size ? 10s : 0s;
                             }));
    text(std::string(100, 'x'));
    CHECK(text.size() == 1);
}

TEST_CASE("coalesce: on is the default said aloud, off lets equal calls run each for itself") {
    auto said = memo::cached(echo, memo::coalesce);
    CHECK(said(1) == 1);
    std::promise<void> begun;
    std::promise<void> go;
    std::atomic<int> runs = 0;
    auto g = memo::cached(
        [&](int) {
            auto const run = ++runs;
            if (run == 1) {
                begun.set_value();
                go.get_future().wait();
            }
            return run;
        },
        memo::no_coalesce);
    auto first = std::async(std::launch::async, [&] { return g(1); });
    begun.get_future().wait();
    CHECK(g(1) == 2);
    go.set_value();
    CHECK(first.get() == 1);
    CHECK(g.stats().joins == 0);
    CHECK(g(1) == 2);
}

TEST_CASE("clock: anything with now() serves, by value and by reference") {
    struct own_clock {
        int* seconds;
        std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds> now() const {
            return std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>{std::chrono::seconds{*seconds}};
        }
    };
    int seconds = 5;
    own_clock by_reference{&seconds};
    own_clock const unchanging{&seconds};
    auto one = memo::cached(echo, memo::ttl(10s), memo::clock(own_clock{&seconds}));
    auto other = memo::cached(echo, memo::ttl(10s), memo::clock(by_reference));
    auto third = memo::cached(echo, memo::ttl(10s), memo::clock(unchanging));
    auto real = memo::cached(echo, memo::ttl(10s), memo::clock(std::chrono::system_clock{}));
    one(1), other(1), third(1), real(1);
    seconds += 9;
    CHECK((one.contains(1) && other.contains(1) && third.contains(1) && real.contains(1)));
    seconds += 1;
    CHECK((!one.contains(1) && !other.contains(1) && !third.contains(1)));
}

TEST_CASE("no_stats: counters are off, what is held is still told") {
    auto g = memo::cached(echo, memo::no_stats);
    g(1), g(1);
    CHECK(g.stats().hits == 0);
    CHECK(g.stats().misses == 0);
    CHECK(g.stats().runs == 0);
    CHECK(g.stats().items == 1);
    CHECK(g.size() == 1);
    CHECK(g.memory_usage() > 0);
}

TEST_CASE("trust_lifetime: results that are views or pointers are stored") {
    static int const numbers[] = {1, 2, 3};
    auto view = memo::cached([](int n) { return std::span{numbers}.subspan(static_cast<std::size_t>(n)); }, memo::trust_lifetime);
    CHECK(view(1).size() == 2);
    auto pointer = memo::cached([](int n) { return &numbers[n]; }, memo::trust_lifetime);
    CHECK(pointer(2) == &numbers[2]);
    CHECK(pointer(2) == &numbers[2]);
    CHECK(pointer.stats().hits == 1);
}

TEST_CASE("options stand in any order and combine") {
    memo::manager space;
    memo::manual_clock time;
    int heard = 0;
    auto const check = [&heard](auto const& g) {
        heard = 0;
        CHECK(g(1, "a") == 2);
        CHECK(g(1, "a") == 2);
        CHECK(g(-1, "b") == 0);
        CHECK(g(0, "skip") == 4);
        CHECK(g.size() == 1);
        CHECK(g.ttl(1, "a") == 2s);
        CHECK(g.key(1, "a") == "k:a:1");
        CHECK(heard == 5);
        CHECK(g.stats().hits == 1);
        return true;
    };
    auto f = [](int n, std::string const& text) { return n + static_cast<int>(text.size()); };
    auto a = memo::ttl([](int result, int, std::string const&) { return std::chrono::seconds{result}; });
    auto b = memo::key<"k:{1}:{0}">;
    auto c = memo::unless([](int result) { return result == 0; });
    auto d = memo::only_if([](int, std::string_view text) { return text != "skip"; });
    auto e = memo::clock(time);
    auto h = memo::on_event([&heard](memo::event const&) { ++heard; });
    CHECK(check(memo::cached(f, a, b, c, d, e, h, memo::in(space), memo::max_size(5), memo::tags<"t:{1}">)));
    CHECK(check(memo::cached(f, memo::tags<"t">, memo::max_size(5), h, e, d, c, b, a, memo::in(space), memo::policy(memo::lfu))));
    CHECK(check(memo::cached(f, memo::in(space), d, h, a, memo::idle(1h), c, memo::no_coalesce, e, b, memo::max_bytes(9'999))));
    CHECK(check(memo::cached(f, h, memo::signature<int(int, std::string const&)>, memo::name("n"), b, memo::version(2), e, a, d, c)));
    CHECK(check(memo::cached(f, memo::unbounded, e, memo::cleanup_interval(1s), c, a, memo::coalesce, b, d, h)));
}

TEST_CASE("options: values out of range throw config_error with who, what and what to do") {
    CHECK(is_told(fault_of(memo::max_size(0)), "memo::max_size", "1 or more"));
    CHECK(is_told(fault_of(memo::max_size(-3)), "memo::max_size", "1 or more"));
    CHECK(is_told(fault_of(memo::max_bytes(0)), "memo::max_bytes", "1 or more"));
    CHECK(is_told(fault_of(memo::max_bytes(-1L)), "memo::max_bytes", "1 or more"));
    CHECK(is_told(fault_of(memo::name("")), "memo::name", "give"));
    CHECK(is_told(fault_of(memo::name(std::string(129, 'n'))), "memo::name", "128"));
    CHECK(is_told(fault_of(memo::ttl(1s), memo::jitter(-0.1)), "memo::jitter", "fraction"));
    CHECK(is_told(fault_of(memo::ttl(1s), memo::jitter(1.1)), "memo::jitter", "fraction"));
    CHECK(is_told(fault_of(memo::ttl(1s), memo::jitter(std::numeric_limits<double>::quiet_NaN())), "memo::jitter", "fraction"));
    CHECK(is_told(fault_of(memo::idle(0s)), "memo::idle", "above 0"));
    CHECK(is_told(fault_of(memo::idle(-1s)), "memo::idle", "above 0"));
    CHECK(is_told(fault_of(memo::cleanup_interval(0s)), "memo::cleanup_interval", "above 0"));
    CHECK(is_told(fault_of(memo::version(-1)), "memo::version", "0 or more"));
    CHECK(is_told(fault([] { memo::recursive<int(int)>([](auto&, int n) { return n; }, memo::max_size(0)); }), "memo::max_size",
                  "1 or more"));
    CHECK(fault_of(memo::max_size(1), memo::max_bytes(std::numeric_limits<unsigned long long>::max()), memo::name("n"),
                   memo::version(0), memo::ttl(1s), memo::jitter(1), memo::idle(1ns), memo::cleanup_interval(1ns)).empty());
    CHECK(fault_of(memo::name(std::string(128, 'n'))).empty());
}
