#include <memo/manager.hpp>

#include <memo/base/error.hpp>
#include <memo/base/event.hpp>
#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/open.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/manual_clock.hpp>

#include "call/spy_store.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <concepts>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

int echo(int n) { return n; }

template <class Error, class Fn>
std::string message_of(Fn const& fn) {
    try {
        fn();
    } catch (Error const& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("manager: in(m) puts a wrapper into it, and managers are apart") {
    memo::manager one;
    memo::manager other;
    auto in_one = memo::cached(echo, memo::key<"k:{0}">, memo::tags<"t">, memo::in(one));
    auto in_other = memo::cached(echo, memo::in(other), memo::key<"k:{0}">, memo::tags<"t">);
    auto in_default = memo::cached(echo, memo::key<"k:{0}">, memo::tags<"t">);
    auto said = memo::cached(echo, memo::key<"k:{0}">, memo::in(memo::default_manager()));
    auto const fill = [&] { in_one(1), in_other(1), in_default(1), said(1); };
    fill();
    CHECK(one.evict_pattern("k:*").count() == 1);
    CHECK(!in_one.contains(1));
    CHECK((in_other.contains(1) && in_default.contains(1)));
    fill();
    CHECK(other.evict_tag("t").count() == 1);
    CHECK(!in_other.contains(1));
    CHECK((in_one.contains(1) && in_default.contains(1)));
    CHECK(memo::default_manager().evict_key("k:1").count() == 2);
    CHECK((!in_default.contains(1) && !said.contains(1)));
    fill();
    memo::cache_evict([] {}, memo::tags<"t">, memo::in(one))();
    CHECK(!in_one.contains(1));
    CHECK(in_default.contains(1));
    memo::cache_evict([] {}, memo::tags<"t">)();
    CHECK(!in_default.contains(1));
    CHECK(in_other.contains(1));
    in_default.clear(), said.clear();
}

TEST_CASE("manager: clear forgets what any wrapper in it stored, evictions say how many entries went") {
    memo::manager space;
    auto one = memo::cached(echo, memo::in(space));
    auto other = memo::cached(echo, memo::in(space), memo::key<"o:{0}">);
    auto outside = memo::cached(echo);
    one(1), one(2), other(1), outside(1);
    auto const gone = space.clear();
    CHECK(gone.confirmed());
    CHECK(gone.count() == 3);
    CHECK(outside.size() == 1);
    CHECK(space.clear().count() == 0);
}

TEST_CASE("manager: patterns have Redis's grammar") {
    memo::manager space;
    auto g = memo::cached([](std::string const& text) { return text; }, memo::in(space), memo::key<"{0}">);
    auto const left_by = [&](std::string_view glob) {
        for (auto const* const key : {"a1", "a2", "b1", "abc", "a-c"})
            g(key);
        space.evict_pattern(glob);
        std::string left;
        for (auto const* const key : {"a1", "a2", "b1", "abc", "a-c"})
            left += g.contains(key) ? "x" : "-";
        return left;
    };
    CHECK(left_by("*") == "-----");
    CHECK(left_by("a?") == "--xxx");
    CHECK(left_by("[ab]1") == "-x-xx");
    CHECK(left_by("[a-b]1") == "-x-xx");
    CHECK(left_by("a[^1]") == "x-xxx");
    CHECK(left_by("a\\-c") == "xxxx-");
    CHECK(left_by("a\\?") == "xxxxx");
    CHECK(left_by("a*c") == "xxx--");
    CHECK(left_by("") == "xxxxx");
}

TEST_CASE("manager: a malformed pattern throws key_error with who, what and what to do, and evicts nothing") {
    memo::manager space;
    auto g = memo::cached(echo, memo::in(space), memo::key<"{0}">);
    g(1);
    for (auto const* const glob : {"[", "[a", "1\\", "[^", "[1-"}) {
        auto const message = message_of<memo::key_error>([&] { space.evict_pattern(glob); });
        CHECK(message.starts_with("memo::manager(evict_pattern): "));
        CHECK(message.find("; ") != std::string::npos);
    }
    CHECK(g.contains(1));
}

TEST_CASE("manager: statistics are the sum, and wrappers lists name and statistics of each") {
    memo::manager space;
    auto one = memo::cached(echo, memo::in(space), memo::name("one"));
    auto other = memo::cached(echo, memo::in(space), memo::name("other"));
    one(1), one(1), other(1), other(2), other(2), other(2);
    auto const sum = space.stats();
    CHECK(sum.hits == 3);
    CHECK(sum.misses == 3);
    CHECK(sum.stores == 3);
    CHECK(sum.items == 3);
    CHECK(sum.runs == 3);
    CHECK(sum.hit_ratio() == 0.5);
    CHECK(sum.bytes == one.stats().bytes + other.stats().bytes);
    CHECK(sum.run_time == one.stats().run_time + other.stats().run_time);
    auto const listed = space.wrappers();
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].name == "one");
    CHECK(listed[0].stats.hits == 1);
    CHECK(listed[1].name == "other");
    CHECK(listed[1].stats.hits == 2);
    auto copy = one;
    CHECK(space.wrappers().size() == 2);
    {
        auto gone = memo::cached(echo, memo::in(space));
        CHECK(space.wrappers().size() == 3);
    }
    CHECK(space.wrappers().size() == 2);
}

TEST_CASE("manager: every listener hears the events of all its wrappers, and one that throws disturbs nobody") {
    memo::manager space;
    std::vector<std::string> heard;
    int others = 0;
    space.on_event([](memo::event const&) { throw std::runtime_error{"listener"}; });
    space.on_event([&heard](memo::event const& e) { heard.push_back(std::string{e.name} + " " + e.key.text()); });
    space.on_event([&others](memo::event const&) { ++others; });
    auto one = memo::cached(echo, memo::in(space), memo::name("one"), memo::key<"1:{0}">,
                            memo::on_event([](memo::event const&) { throw 1; }));
    auto other = memo::cached(echo, memo::in(space), memo::name("other"), memo::key<"2:{0}">);
    auto outside = memo::cached(echo);
    CHECK(one(7) == 7);
    CHECK(other(8) == 8);
    outside(9);
    CHECK(heard == std::vector<std::string>{"one 1:7", "one 1:7", "other 2:8", "other 2:8"});
    CHECK(others == 4);
    CHECK(one.contains(7));
    CHECK(space.stats().errors == 6);
}

TEST_CASE("manager: a listener may call back into the wrapper and the manager") {
    memo::manager space;
    auto g = memo::cached(echo, memo::in(space), memo::key<"{0}">);
    int depth = 0;
    space.on_event([&](memo::event const& e) {
        if (e.kind != memo::event_kind::store || depth++ != 0)
            return;
        g(100), g.evict(100), g.stats();
        space.evict_pattern("10*"), space.wrappers();
        space.on_event([](memo::event const&) {});
    });
    CHECK(g(1) == 1);
    CHECK(g.contains(1));
    CHECK(!g.contains(100));
}

TEST_CASE("manager: its defaults stand below what a wrapper says") {
    memo::manual_clock time;
    memo::manager space{{.ttl = 10s, .prefix = "shop:", .clock = memo::clock(time)}};
    auto silent = memo::cached(echo, memo::in(space), memo::key<"k:{0}">);
    auto own = memo::cached(echo, memo::in(space), memo::ttl(20s), memo::key<"o:{0}">);
    silent(1), own(1);
    CHECK(silent.key(1) == "shop:k:1");
    CHECK(silent.ttl(1) == 10s);
    CHECK(own.ttl(1) == 20s);
    time.advance(10s);
    CHECK(!silent.contains(1));
    CHECK(own.contains(1));
    CHECK(space.evict_pattern("o:*").count() == 1);
}

TEST_CASE("manager: a store that is added or opened has a name, and strings reach it") {
    memo::manager m{{.stores = {{"first", {memo::open("memory:")}}}}};
    auto const added = m.add("second", memo::open("memory:"), memo::near_settings{.max_size = 7});
    auto const opened = m.open("third", "memory:?max_size=5");
    CHECK(m.stores() == std::vector<std::string>{"first", "second", "third"});
    CHECK(m.store("second").inside() == added.inside());
    CHECK(m.store("third").inside() == opened.inside());
    CHECK(m.inside()->store("second").near->max_size == 7U);
    for (auto const* const name : {"first", "second", "third"}) {
        m.store(name)->set({"c", "user:1"}, {"a"});
        m.store(name)->set({"f:g:0:0", "user:2"}, {"b"});
    }
    CHECK(m.evict_key("user:1").count() == 3);
    CHECK(m.evict_pattern("user:*").count() == 3);
    std::vector<std::string> const tags{"t"};
    opened->set({"c", "x"}, {.record = "a", .tags = tags});
    CHECK(m.evict_tag("t").count() == 1);
    opened->set({"c", "x"}, {"a"});
    CHECK(m.clear().count() == 1);
}

TEST_CASE("F60 manager: a name of a store that is taken, empty, long or not to be printed is refused, and so is a wrong URL") {
    memo::manager m;
    m.open("main", "memory:");
    for (auto const& name : {std::string{"main"}, std::string{}, std::string(129, 'n'), std::string{"a\nb"}})
        CHECK(message_of<memo::config_error>([&] { m.open(name, "memory:"); }).starts_with("memo::manager: "));
    CHECK(message_of<memo::config_error>([&] { m.open("other", "memory:x"); }).starts_with("memo::open: "));
    CHECK(m.stores().size() == 1);
    CHECK(message_of<memo::config_error>([&] { m.store("other"); }).find("there is main") != std::string::npos);
}

TEST_CASE("manager: an eviction that a store does not confirm is counted and told, once") {
    std::vector<std::string> heard;
    auto const store = std::make_shared<spy_store>(heard);
    memo::manager m{{.stores = {{"main", {store}}}}};
    std::vector<std::string> told;
    m.on_event([&](memo::event const& happening) {
        if (happening.kind == memo::event_kind::error)
            told.push_back(message_of<memo::connection_error>([&] { std::rethrow_exception(happening.error); }));
    });
    auto const forget = memo::cache_evict(echo, memo::in(m), memo::key<"user:{0}">);
    forget(7), m.evict_key("user:1"), m.clear();
    CHECK(told.empty());
    store->answer = memo::evicted{0, memo::evicted::outcome::failed};
    CHECK(m.evict_key("secret:1").failed());
    m.evict_pattern("secret:*"), m.evict_tag("secret"), m.clear(), forget(7);
    REQUIRE(told.size() == 5);
    CHECK(told[0].starts_with("memo::manager(evict_key): "));
    CHECK(told[3].starts_with("memo::manager(clear): "));
    for (auto const& message : told)
        CHECK(message.find("secret") == std::string::npos);
    CHECK(m.stats().errors == 5);
}

TEST_CASE("manager: what it says of a wrapper by name holds, whatever the code says") {
    memo::manual_clock time;
    memo::manager m{{.clock = memo::clock(time),
                     .wrappers = {{"off", {.enabled = false}}, {"small", {.max_size = 1}}, {"short", {.ttl = 5s}}, {"long", {.ttl = 50s}}}}};
    int runs = 0;
    auto const count = [&runs](int n) { return ++runs, n; };
    auto off = memo::cached(count, memo::in(m), memo::name("off"));
    off(1), off(1);
    CHECK(runs == 2);
    CHECK_FALSE(off.contains(1));
    off.set(3, 1);
    CHECK(off.size() == 0);
    CHECK(off.explain(1).why == "the configuration has switched this cache off");
    auto small = memo::cached(count, memo::in(m), memo::name("small"), memo::max_size(100));
    small(1), small(2);
    CHECK(small.size() == 1);
    auto shorter = memo::cached(count, memo::in(m), memo::name("short"), memo::ttl(1h));
    auto longer = memo::cached(count, memo::in(m), memo::name("long"), memo::ttl([](int) { return 1s; }));
    shorter(1), longer(1);
    CHECK(shorter.ttl(1) == 5s);
    CHECK(longer.ttl(1) == 50s);
    auto other = memo::cached(count, memo::in(m), memo::name("other"), memo::ttl(1h));
    other(1);
    CHECK(other.ttl(1) == 1h);
}

TEST_CASE("manager: the store of its caches is the one that it was given") {
    auto const store = memo::open("memory:");
    memo::manager const m{{.prefix = "shop:", .store = store, .stores = {{"main", {store}}}}};
    REQUIRE(m.inside()->default_store());
    CHECK(m.inside()->default_store()->store.inside() == m.store("main").inside());
    CHECK(m.store("main")->prefix() == "shop:");
    CHECK(m.stores() == std::vector<std::string>{"main"});
}

TEST_CASE("manager: its end flushes its stores, which end when nobody uses them") {
    std::vector<std::string> heard;
    std::optional<memo::manager> m{std::in_place};
    auto const used = m->add("used", std::make_shared<spy_store>(heard));
    m->add("unused", std::make_shared<spy_store>(heard));
    auto const g = memo::cached(echo, memo::in(*m));
    m.reset();
    CHECK(heard == std::vector<std::string>{"flush", "flush", "ended"});
}

TEST_CASE("manager: its listeners end with it, whoever goes on calling") {
    std::optional<memo::manager> space{std::in_place};
    auto heard = std::make_shared<int>(0);
    space->on_event([heard](memo::event const&) { ++*heard; });
    auto g = memo::cached(echo, memo::in(*space));
    g(1);
    CHECK(*heard == 2);
    space.reset();
    CHECK(heard.use_count() == 1);
    g(1), g(2);
    CHECK(*heard == 2);
}

TEST_CASE("manager: wrappers outlive it and go on caching, strings no longer reach them and their calls go on") {
    std::optional<memo::manager> space{std::in_place};
    int runs = 0;
    auto g = memo::cached([&runs](int n) { return ++runs, n; }, memo::in(*space), memo::key<"{0}">);
    auto evict = memo::cache_evict(echo, memo::in(*space), memo::key<"{0}">, memo::entry(g));
    auto by_text = memo::cache_evict(echo, memo::in(*space), memo::key<"{0}">);
    auto const late = memo::in(*space);
    g(1);
    space.reset();
    CHECK(g(1) == 1);
    CHECK(runs == 1);
    CHECK(by_text(1) == 1);
    CHECK(g.contains(1));
    CHECK(evict(1) == 1);
    CHECK(!g.contains(1));
    g(2);
    CHECK(g.stats().items == 1);
    auto const message = message_of<memo::config_error>([&] { memo::cached(echo, late); });
    CHECK(message.starts_with("memo::in: "));
    CHECK(message.find("; ") != std::string::npos);
    CHECK(!message_of<memo::config_error>([&] { memo::cache_evict(echo, late, memo::key<"{0}">); }).empty());
}

TEST_CASE("manager: moved, it is the same space; used after it was moved away it throws config_error") {
    memo::manager first;
    auto g = memo::cached(echo, memo::in(first), memo::key<"{0}">);
    g(1), g(2);
    memo::manager second{std::move(first)};
    CHECK(second.evict_key("1").count() == 1);
    CHECK(second.wrappers().size() == 1);
    for (auto const& message : {message_of<memo::config_error>([&] { first.clear(); }),
                                message_of<memo::config_error>([&] { first.evict_tag("t"); }),
                                message_of<memo::config_error>([&] { first.evict_pattern("*"); }),
                                message_of<memo::config_error>([&] { first.evict_key("1"); }),
                                message_of<memo::config_error>([&] { static_cast<void>(first.stats()); }),
                                message_of<memo::config_error>([&] { static_cast<void>(first.wrappers()); }),
                                message_of<memo::config_error>([&] { first.on_event([](memo::event const&) {}); }),
                                message_of<memo::config_error>([&] { memo::cached(echo, memo::in(first)); })}) {
        CHECK(message.starts_with("memo::manager: "));
        CHECK(message.find("; ") != std::string::npos);
    }
    CHECK(g.contains(2));
    memo::manager third;
    auto of_third = memo::cached(echo, memo::in(third), memo::key<"{0}">);
    of_third(1);
    third = std::move(second);
    CHECK(third.evict_pattern("*").count() == 1);
    CHECK(!g.contains(2));
    CHECK(of_third.contains(1));
    auto& same = third;
    third = std::move(same);
    CHECK(third.wrappers().size() == 1);
}

TEST_CASE("manager: static wrappers of the default manager may be used by anything that ends later") {
    static auto kept = memo::cached(echo, memo::key<"static:{0}">);
    struct last {
        ~last() { kept(1), memo::default_manager().evict_pattern("static:*"); }
    };
    static last const at_the_end;
    CHECK(kept(1) == 1);
    CHECK(&memo::default_manager() == &memo::default_manager());
}

TEST_CASE("manager: an error of memo's has a code, and is a runtime_error") {
    try {
        memo::cached(echo, memo::max_size(0));
        FAIL("no error");
    } catch (std::runtime_error const& error) {
        auto const& own = dynamic_cast<memo::error const&>(error);
        CHECK(own.code() == memo::error_code::bad_config);
    }
    static_assert(std::derived_from<memo::key_error, memo::error>);
    static_assert(std::derived_from<memo::value_error, memo::error>);
    static_assert(std::derived_from<memo::connection_error, memo::error>);
    static_assert(std::derived_from<memo::recursion_error, memo::error>);
    static_assert(std::derived_from<memo::error, std::runtime_error>);
}
