#include "process.hpp"

#include <memo/cache.hpp>
#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/recursive.hpp>
#include <memo/store/memory_bytes.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <future>
#include <latch>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace {

/// A page that is made of a name, both remembered. What evicts both passes the pages first, and `between` is called then, once.
struct site {
    memo::manager m;
    std::string name = "old";
    std::function<void()> between;
    std::function<void()> meanwhile;  // of the next page's run, when it has read the name

    void passed(memo::event const& what) {
        if (what.kind == memo::event_kind::evict)
            if (auto const act = std::exchange(between, nullptr))
                act();
    }
    std::string made_of(std::string const& read) {
        if (auto const act = std::exchange(meanwhile, nullptr))
            act();
        return read;
    }

    template <class... Options>
    auto pages(std::function<std::string(int)> from, Options... options) {
        return memo::cached([this, from = std::move(from)](int id) { return made_of(from(id)); }, memo::key<"page:{0}">, memo::tags<"pages", "person:{0}">,
                            memo::on_event([this](memo::event const& what) { passed(what); }), memo::in(m), std::move(options)...);
    }
    auto names() {
        return memo::cached([this](int) { return name; }, memo::key<"name:{0}">, memo::tags<"names", "person:{0}">, memo::in(m));
    }
};

/// Pages of names, and what renames by an eviction of both.
struct renamed_site : site {
    std::function<std::string(int)> read;
    decltype(std::declval<site&>().pages(read)) page = pages([this](int id) { return read(id); });
    std::function<void()> rename;

    renamed_site() {
        auto of_names = names();
        read = of_names;
        rename = memo::cache_evict([this] { name = "new"; }, memo::all(page), memo::all(of_names));
        CHECK(page(1) == "old");
    }
};

}  // namespace

TEST_CASE("F18 nested: what is made of an old result while an eviction is under way is given and not kept, whatever evicts") {
    site at;
    std::function<std::string(int)> read;
    auto page = at.pages([&](int id) { return read(id); });
    auto name = at.names();
    read = name;
    auto const rename = [&](int) { at.name = "new"; };
    auto const is_one = [&](auto write) {
        at.name = "old";
        static_cast<void>(at.m.clear());
        CHECK(page(1) == "old");
        std::string seen;
        at.between = [&] { seen = page(1); };
        write(1);
        CHECK(seen == "old");
        CHECK(page(1) == "new");
        CHECK(page.contains(1));
    };
    auto const by_hand = [&](auto evict) {
        is_one([&](int) {
            at.name = "new";
            CHECK(evict().confirmed());
        });
    };
    is_one(memo::cache_evict(rename, memo::all(page), memo::all(name)));
    is_one(memo::cache_evict(rename, memo::entry(page), memo::entry(name)));
    is_one(memo::cache_evict(rename, memo::entry(page), memo::pattern<"name:*">, memo::in(at.m)));
    is_one(memo::cache_evict(rename, memo::key<"page:{0}">, memo::key<"name:{0}">, memo::in(at.m)));
    is_one(memo::cache_evict(rename, memo::pattern<"page:*">, memo::tags<"names">, memo::in(at.m)));
    is_one(memo::cache_evict(rename, memo::tags<"pages", "names">, memo::in(at.m)));
    is_one(memo::cache_evict(rename, memo::tags<"person:{0}">, memo::in(at.m)));
    by_hand([&] { return at.m.evict_tag("person:1"); });
    by_hand([&] { return at.m.evict_pattern("*:1"); });
    by_hand([&] { return at.m.clear(); });
}

TEST_CASE("F18 nested: a refresh that begins while an eviction is under way stores nothing") {
    renamed_site at;
    at.between = [&] { CHECK(at.page.refresh(1) == "old"); };
    at.rename();
    CHECK_FALSE(at.page.contains(1));
    CHECK(at.page(1) == "new");
}

TEST_CASE("F18 nested: a wrapper that is made while an eviction is under way keeps nothing of what has yet to go") {
    site at;
    auto spare = at.pages([](int) { return std::string{"spare"}; });
    auto name = at.names();
    auto const made = [&] { return memo::cached([&](int id) { return "of " + name(id); }, memo::in(at.m)); };
    std::optional<decltype(made())> page;
    spare(1);
    CHECK(name(1) == "old");
    at.between = [&] {
        page.emplace(made());
        CHECK((*page)(1) == "of old");
    };
    at.name = "new";
    CHECK(at.m.clear().confirmed());
    CHECK((*page)(1) == "of new");
}

TEST_CASE("nested: after a refresh beside an eviction of others, its result is there or nothing is") {
    site at;
    auto spare = at.pages([](int) { return std::string{"spare"}; });
    auto name = memo::cached([&](int) { return at.name; }, memo::in(at.m));
    spare(1);
    CHECK(name(1) == "old");
    at.name = "new";
    at.between = [&] { CHECK(name.refresh(1) == "new"); };
    CHECK(at.m.evict_tag("person:1").confirmed());
    CHECK(name(1) == "new");
}

TEST_CASE("nested: who hears that one entry went may make it anew at once") {
    site at;
    auto page = at.pages([](int) { return std::string{"page"}; });
    page(1);
    at.between = [&] { page(1); };
    CHECK(page.evict(1).count() == 1);
    CHECK(page.contains(1));
    memo::cache const pages;
    bool again = true;
    pages.on_event([&](memo::event const& what) {
        if (what.kind == memo::event_kind::evict && std::exchange(again, false))
            pages.get_or_compute("page", [] { return 2; });
    });
    pages.set("page", 1);
    CHECK(pages.erase("page").count() == 1);
    CHECK(pages.get<int>("page") == 2);
}

TEST_CASE("F18 nested: what a cache computes of an old result while an eviction is under way is not kept either") {
    memo::manager m;
    std::string name = "old";
    std::function<void()> between;
    auto first = memo::cached([](int id) { return id; }, memo::in(m), memo::on_event([&](memo::event const& what) {
                                  if (what.kind == memo::event_kind::evict) between();
                              }));
    auto names = memo::cached([&](int) { return name; }, memo::in(m));
    memo::cache const pages{memo::in(m)};
    auto const page = [&] { return pages.get_or_compute("page", [&] { return names(1); }); };
    CHECK(page() == "old");
    first(1);
    between = [&] { CHECK(page() == "old"); };
    name = "new";
    CHECK(m.clear().confirmed());
    CHECK(page() == "new");
    CHECK(pages.exists("page"));
}

TEST_SUITE("concurrent") {
    TEST_CASE("F18 nested: after an eviction nobody joins a run that began while it was under way") {
        renamed_site at;
        std::latch has_read{1};
        std::latch may_end{1};
        std::future<std::string> late;
        at.between = [&] {
            at.meanwhile = [&] {
                has_read.count_down();
                may_end.wait();
            };
            late = std::async(std::launch::async, [&] { return at.page(1); });
            has_read.wait();
        };
        at.rename();
        CHECK(at.page(1) == "new");
        may_end.count_down();
        CHECK(late.get() == "old");
        CHECK(at.page(1) == "new");
    }

    TEST_CASE("F20 nested: a refresh beside an eviction of others ends the run that began before it") {
        auto const is_ended = [](auto... options) {
            site at;
            auto spare = at.pages([](int) { return std::string{"spare"}; });
            std::latch has_read{1};
            std::latch may_end{1};
            std::atomic<bool> holds{true};
            auto name = memo::cached(
                [&](int) {
                    auto const read = at.name;
                    if (holds.exchange(false)) {
                        has_read.count_down();
                        may_end.wait();
                    }
                    return read;
                },
                memo::name("names"), memo::key<"name:{0}">, memo::in(at.m), options...);
            spare(1);
            auto early = std::async(std::launch::async, [&] { return name(1); });
            has_read.wait();
            at.name = "new";
            at.between = [&] { CHECK(name.refresh(1) == "new"); };
            CHECK(at.m.evict_tag("person:1").confirmed());
            may_end.count_down();
            CHECK(early.get() == "old");
            CHECK(name(1) == "new");
        };
        is_ended();
        is_ended(memo::store(memo::memory_bytes_store{{}}));
    }

    TEST_CASE("F18 nested: after a clear beside runs that call themselves, nothing is made of what it removed") {
        constexpr int deepest = 200;
        constexpr int rounds = process::instrumented ? 300 : 2'000;
        std::atomic<long> step = 1;
        auto sum = memo::recursive<long(int)>([&](auto& self, int n) { return n == 0 ? 0 : self(n - 1) + step.load(); });
        std::jthread const beside{[&](std::stop_token const& stop) {
            for (int n = 0; !stop.stop_requested(); n = (n + 7) % deepest)
                sum(n);
        }};
        int wrong = 0;
        for (int round = 0; round != rounds; ++round) {
            auto const now = ++step;
            CHECK(sum.clear().confirmed());
            wrong += sum(deepest) != now * deepest;
        }
        CHECK(wrong == 0);
    }
}
