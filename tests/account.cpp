#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/stats.hpp>
#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/policy/lru.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

template <class Printed>
std::string text_of(Printed const& what) {
    std::ostringstream out;
    out << what;
    return out.str();
}

/// Hears events as words: `miss k`, `evict k capacity`.
struct listener {
    std::shared_ptr<std::vector<std::string>> heard = std::make_shared<std::vector<std::string>>();

    void operator()(memo::event const& happening) const {
        auto line = text_of(happening.kind) + " " + happening.key.text();
        if (happening.cause != memo::evict_cause::none)
            line += " " + text_of(happening.cause);
        heard->push_back(line);
    }
    std::vector<std::string> since() const { return std::exchange(*heard, {}); }
};

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("account: statistics count every call exactly and print") {
    auto g = memo::cached([](int n) {
        if (n < 0)
            throw std::runtime_error{"negative"};
        return n;
    }, memo::max_size(2), memo::unless([](int n) { return n == 0; }));
    CHECK(g.stats().hit_ratio() == 0.0);
    g(1), g(1), g(1), g(2), g(0), g(0), g(3);
    CHECK_THROWS(g(-1));
    g.evict(3);
    auto const s = g.stats();
    CHECK(s.hits == 2);
    CHECK(s.misses == 6);
    CHECK(s.stores == 3);
    CHECK(s.skips == 2);
    CHECK(s.evictions == 2);
    CHECK(s.expirations == 0);
    CHECK(s.joins == 0);
    CHECK(s.stale == 0);
    CHECK(s.refreshes == 0);
    CHECK(s.errors == 1);
    CHECK(s.runs == 6);
    CHECK(s.items == 1);
    CHECK(s.bytes > 0);
    CHECK(s.bytes == g.memory_usage());
    CHECK(s.hit_ratio() == doctest::Approx(2.0 / 8));
    auto const saved = static_cast<double>(s.run_time.count()) * 2 / 6;
    CHECK(static_cast<double>(s.time_saved.count()) == doctest::Approx(saved).epsilon(0.01));
    CHECK(text_of(s).find("2 hits") != std::string::npos);
    auto const twice = s + s;
    CHECK(twice.hits == 4);
    CHECK(twice.items == 2);
    CHECK(twice.run_time == 2 * s.run_time);
    CHECK(twice.hit_ratio() == s.hit_ratio());
}

TEST_CASE("account: the latency of gets is the mean of a sample") {
    auto g = memo::cached([](int n) { return n; });
    for (int n = 0; n != 800; ++n)
        g(1);
    auto const s = g.stats();
    CHECK(s.gets_sampled >= 3);
    CHECK(s.gets_sampled <= 4);
    CHECK(s.get_latency > 0ns);
    CHECK((s + memo::stats{}).get_latency == s.get_latency);
}

TEST_CASE("account: what a predicate throws is an error, and the call returns its result") {
    memo::manager space;
    auto g = memo::cached([](int n) { return n; }, memo::in(space), memo::max_bytes(10),
                          memo::weigher([](int n) { return n; }));
    CHECK(g(-1) == -1);
    CHECK(g.size() == 0);
    CHECK(g.stats().errors == 1);
    auto unsure = memo::cached([](int n) { return n; }, memo::in(space), memo::unless([](int) -> bool { throw 1; }));
    CHECK(unsure(5) == 5);
    CHECK(unsure.size() == 0);
    CHECK(space.stats().errors == 2);
}

TEST_CASE("account: a listener hears each happening once, with the key of the entry and the cause") {
    listener all;
    memo::manual_clock time;
    auto g = memo::cached([](int n) {
        if (n < 0)
            throw std::runtime_error{"negative"};
        return n;
    }, memo::key<"{0}">, memo::on_event(all), memo::max_size(2), memo::policy(memo::lru), memo::ttl(10s), memo::clock(time), memo::tags<"t:{0}">,
       memo::unless([](int n) { return n == 0; }));
    g(1);
    CHECK(all.since() == lines{"miss 1", "store 1"});
    g(1);
    CHECK(all.since() == lines{"hit 1"});
    g(0);
    CHECK(all.since() == lines{"miss 0", "skip 0"});
    g.set(7, 1);
    CHECK(all.since() == lines{"evict 1 replaced", "store 1"});
    g(2), g(3);
    CHECK(all.since() == lines{"miss 2", "store 2", "miss 3", "evict 1 capacity", "store 3"});
    CHECK_THROWS(g(-1));
    CHECK(all.since() == lines{"miss -1", "error -1"});
    g.evict(2);
    CHECK(all.since() == lines{"evict 2 explicit"});
    g.refresh(4);
    CHECK(all.since() == lines{"refresh 4", "store 4"});
    memo::default_manager().evict_tag("t:4");
    CHECK(all.since() == lines{"evict 4 tag"});
    memo::default_manager().evict_pattern("[3]");
    CHECK(all.since() == lines{"evict 3 pattern"});
    g(5);
    g.clear();
    CHECK(all.since() == lines{"miss 5", "store 5", "evict 5 cleared"});
    g(6);
    time.advance(10s);
    all.since();
    g(6);
    CHECK(all.since() == lines{"expire 6 expired", "miss 6", "store 6"});
    g.peek(6), g.contains(6), g.ttl(6), g.explain(6), g.key(6), g.uncached(6), g.touch(1s, 6);
    CHECK(all.since().empty());
}

TEST_CASE("F25 account: a listener may make the very call again that failed, was stored or was skipped") {
    std::function<int()> again;
    std::vector<memo::event_kind> heard;
    int runs = 0;
    auto g = memo::cached([&runs](int n) {
        if (++runs == 1)
            throw std::runtime_error{"once"};
        return n;
    }, memo::unless([](int n) { return n == 0; }), memo::on_event([&](memo::event const& e) {
        heard.push_back(e.kind);
        auto const ended = e.kind == memo::event_kind::error || e.kind == memo::event_kind::store || e.kind == memo::event_kind::skip;
        if (ended && again)
            std::exchange(again, nullptr)();
    }));
    using enum memo::event_kind;
    again = [&g] { return g(1); };
    CHECK_THROWS(g(1));
    CHECK(heard == std::vector{miss, error, miss, store});
    heard.clear();
    again = [&g] { return g(2); };
    CHECK(g(2) == 2);
    CHECK(heard == std::vector{miss, store, hit});
    heard.clear();
    again = [&g] { return g(0); };
    CHECK(g(0) == 0);
    CHECK(heard == std::vector{miss, skip, miss, skip});
    CHECK(g.stats().errors == 1);
}

TEST_CASE("account: an event names its wrapper and carries the exception and the time that a run took") {
    std::string name;
    std::string what;
    memo::duration took{-1};
    auto g = memo::cached([](int) -> int { throw std::runtime_error{"broken"}; }, memo::name("broken.get"),
                          memo::on_event([&](memo::event const& e) {
                              if (e.kind != memo::event_kind::error)
                                  return;
                              name = e.name;
                              took = e.took;
                              try {
                                  std::rethrow_exception(e.error);
                              } catch (std::exception const& error) {
                                  what = error.what();
                              }
                          }));
    CHECK_THROWS(g(1));
    CHECK(name == "broken.get");
    CHECK(what == "broken");
    CHECK(took >= 0ns);
}
