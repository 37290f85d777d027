#include "folder.hpp"
#include "live/redis_server.hpp"
#include "process.hpp"

#include <memo/codec/cereal.hpp>
#include <memo/memo.hpp>
#include <memo/open.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/store/prefixed.hpp>
#include <memo/store/redis.hpp>
#include <memo/store/sqlite.hpp>
#include <memo/store/tiered.hpp>
#include <memo/testing.hpp>
#include <memo/testing/byte_decoration.hpp>

#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;

struct user {
    BOOST_HANA_DEFINE_STRUCT(user, (int, id), (std::string, name), (std::vector<int>, groups));
    friend bool operator==(user const&, user const&) = default;
};

user fetch(int id) {
    return {id, "user " + std::to_string(id), {id, id + 1}};
}

/// A wrapper of the same function as another process might make it.
template <class... Options>
auto fetching(std::atomic<int>& runs, Options... options) {
    return memo::cached([&runs](int id) { return ++runs, fetch(id); }, memo::name("users.get"), memo::key<"user:{0}">,
                        memo::tags<"users">, std::move(options)...);
}

void with_each_store(std::function<void(memo::shared_store const&)> const& check) {
    folder const home{folder::in_memory()};
    live::redis_server const server;
    check(memo::memory_bytes_store{});
    check(memo::sqlite_store{home / "memo.db", {.timeout = 10s}});
    check(memo::redis_store{server.over_unix()});
    check(memo::tiered(memo::memory_bytes_store{}, memo::sqlite_store{home / "far.db", {.timeout = 10s}}));
    check(memo::prefixed(memo::redis_store{server.over_unix()}, "shop:"));
}

/// Before it first learns who leads, something happens.
class interrupted final : public memo::detail::byte_decoration {
public:
    interrupted(memo::shared_store inside, std::function<void()> const& happens) : byte_decoration{std::move(inside)}, happens_{happens} {}

private:
    void around(memo::byte_operation what, action const& act) override {
        if (what == memo::byte_operation::open && !happened_.exchange(true))
            happens_();
        act();
    }
    memo::evicted around_evict(memo::byte_operation, eviction const& act) noexcept override { return act(); }
    void around_quietly(memo::byte_operation, action const& act) noexcept override { act(); }

    std::function<void()> const& happens_;
    std::atomic<bool> happened_ = false;
};

}  // namespace

TEST_CASE("stores: what one wrapper stored, another one finds, annotated types included") {
    with_each_store([](memo::shared_store const& bytes) {
        std::atomic<int> runs{0};
        auto const one = fetching(runs, memo::store(bytes));
        auto const other = fetching(runs, memo::store(bytes), memo::shared);
        CHECK(one(7) == fetch(7));
        CHECK(*other(7) == fetch(7));
        CHECK(runs == 1);
        CHECK(other.explain(7).tier == bytes->kind());
        CHECK(other.key(7).text() == "user:7");
        CHECK(one.size() == 1);
    });
}

TEST_CASE("stores: a raised version makes older entries misses, and clear leaves them to whom they belong") {
    with_each_store([](memo::shared_store const& bytes) {
        std::atomic<int> runs{0};
        auto const old = fetching(runs, memo::store(bytes));
        auto const raised = fetching(runs, memo::store(bytes), memo::version(2));
        old(7), raised(7);
        CHECK(runs == 2);
        CHECK(raised.clear().count() == 1);
        CHECK(old.contains(7));
        CHECK_FALSE(raised.contains(7));
    });
}

TEST_CASE("stores: strings reach entries of wrappers that are gone") {
    with_each_store([](memo::shared_store const& bytes) {
        memo::manager m;
        std::atomic<int> runs{0};
        auto const fill = [&] {
            auto const gone = fetching(runs, memo::store(bytes), memo::in(m));
            for (int id = 1; id != 4; ++id)
                gone(id);
        };
        auto const other = memo::cached([](int n) { return n; }, memo::name("squares"), memo::store(bytes), memo::in(m));
        fill();
        CHECK(m.evict_key("user:1").count() == 1);
        CHECK(m.evict_pattern("user:[23]").count() == 2);
        fill();
        CHECK(m.evict_tag("users").count() == 3);
        fill();
        CHECK(m.clear().count() == 3);
        CHECK(fetching(runs, memo::store(bytes), memo::in(m)).size() == 0);
    });
}

TEST_CASE("stores: a manager's prefix keeps its entries apart from others of the same function") {
    with_each_store([](memo::shared_store const& bytes) {
        memo::manager shop{{.prefix = "shop:"}};
        memo::manager mill{{.prefix = "mill:"}};
        std::atomic<int> runs{0};
        auto const in_shop = fetching(runs, memo::store(bytes), memo::in(shop));
        auto const in_mill = fetching(runs, memo::store(bytes), memo::in(mill));
        in_shop(7), in_mill(7);
        CHECK(runs == 2);
        CHECK(shop.evict_tag("users").count() == 1);
        CHECK(shop.clear().count() == 0);
        CHECK(in_mill.contains(7));
    });
}

TEST_CASE("stores: code names a store, the manager says what it is, and which tier stands in front") {
    memo::manager m;
    memo::recording_store const bytes{memo::memory_bytes_store{}};
    m.add("main", bytes, memo::near_settings{.max_size = 10});
    m.add("bare", bytes);
    std::atomic<int> runs{0};
    auto const near = fetching(runs, memo::store("main"), memo::in(m));
    near(7);
    auto const asked = bytes.count();
    for (int call = 0; call != 5; ++call)
        near(7);
    CHECK(bytes.count() == asked);
    auto const bare = fetching(runs, memo::store(std::string{"bare"}), memo::in(m));
    bare(7), bare(7);
    CHECK(bytes.count(memo::byte_operation::get) >= 2);
    CHECK(runs == 1);
    CHECK_THROWS_AS(fetching(runs, memo::store("elsewhere"), memo::in(m)), memo::config_error);
}

TEST_CASE("stores: a store at fault is a miss, counted and told; with rethrow the caller hears of it") {
    memo::faulty_store bytes{memo::memory_bytes_store{}};
    std::atomic<int> runs{0};
    int told = 0;
    auto const open = fetching(runs, memo::store(bytes), memo::on_event([&](memo::event const& e) {
        told += e.kind == memo::event_kind::error;
    }));
    auto const strict = fetching(runs, memo::store(bytes), memo::on_store_error(memo::rethrow));
    bytes.fail_all();
    CHECK(open(7) == fetch(7));
    CHECK(open(7) == fetch(7));
    CHECK(runs == 2);
    CHECK(told == 2);
    CHECK(open.stats().errors == 2);
    CHECK_FALSE(open.peek(7));
    CHECK_FALSE(open.touch(1s, 7));
    CHECK(open.evict(7).failed());
    CHECK_THROWS_AS(strict(7), memo::connection_error);
    CHECK_THROWS_AS(strict.peek(7), memo::connection_error);
    CHECK(runs == 2);
    bytes.heal();
    CHECK(strict(7) == fetch(7));
    CHECK(open(7) == fetch(7));
    CHECK(runs == 3);
}

TEST_CASE("F13 stores: whichever byte of whichever record is changed, the answer is right") {
    memo::faulty_store bytes{memo::memory_bytes_store{}};
    std::atomic<int> runs{0};
    auto const g = fetching(runs, memo::store(bytes));
    for (std::size_t place = 0; place != 400; ++place) {
        g(7);
        bytes.corrupt(memo::byte_operation::get, place);
        CHECK(g(7) == fetch(7));
        bytes.heal();
    }
    CHECK(g.stats().errors >= 300);
}

TEST_CASE("F35 stores: after a fork both sides use the store, each by connections of its own") {
    with_each_store([](memo::shared_store const& bytes) {
        std::atomic<int> runs{0};
        auto const g = fetching(runs, memo::store(bytes));
        g(7);
        CHECK(process::holds_in_child([&] {
            bool const found = g(7) == fetch(7) && runs == 1;
            g(8);
            return found && g.evict(7).confirmed() && !g.contains(7);
        }));
        CHECK(g(8) == fetch(8));
        if (bytes->kind() == "sqlite" || bytes->kind() == "redis") {
            CHECK(runs == 1);
            CHECK_FALSE(g.contains(7));
        }
    });
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F29 stores: many callers of one cold key make one run") {
    with_each_store([](memo::shared_store const& bytes) {
        constexpr int callers = 32;
        std::atomic<int> runs{0};
        std::atomic<int> right{0};
        auto const g = fetching(runs, memo::store(bytes));
        std::barrier start{callers};
        std::vector<std::thread> threads;
        for (int caller = 0; caller != callers; ++caller)
            threads.emplace_back([&] {
                start.arrive_and_wait();
                right += g(7) == fetch(7);
            });
        for (auto& one : threads)
            one.join();
        CHECK(runs == 1);
        CHECK(right == callers);
    });
}

TEST_CASE("stores: who joined a call that then finds the result stored asks again, and does not wait for a run") {
    std::atomic<int> runs{0};
    memo::memory_bytes_store const shared;
    auto const other = fetching(runs, memo::store(shared));
    auto const begun = std::chrono::steady_clock::now();
    std::function<void()> happens;
    auto const g = fetching(runs, memo::store(memo::shared_store{std::make_shared<interrupted>(shared, happens)}));
    std::thread joiner;
    happens = [&] {
        joiner = std::thread{[&] { CHECK(g(7) == fetch(7)); }};
        while (g.stats().joins == 0 && std::chrono::steady_clock::now() - begun < 15s)
            std::this_thread::yield();
        other(7);
    };
    CHECK(g(7) == fetch(7));
    joiner.join();
    CHECK(std::chrono::steady_clock::now() - begun < 15s);  // half of what a call waits for a run
    CHECK(runs == 1);
}

TEST_SUITE_END();
