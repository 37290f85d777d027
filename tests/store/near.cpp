#include "store/shared.hpp"

#include <memo/base/stats.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>
#include <memo/store/near.hpp>
#include <memo/testing/store_laws.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

namespace {

using namespace shared;
using memo::detail::store_outcome;

using copies = memo::detail::memory_store<std::int64_t, memo::lru_order>;

/// What happens in the far store while a call is on its way there.
struct far_store : encoded {
    using encoded::encoded;

    std::optional<fetched> fetch(memo::detail::key_view const& key, memo::duration now) {
        auto found = encoded::fetch(key, now);
        ++fetches;
        if (meanwhile)
            std::exchange(meanwhile, nullptr)();
        return found;
    }

    static inline int fetches = 0;
    static inline std::function<void()> meanwhile;
};

using store = memo::detail::near_store<copies, far_store>;

memo::detail::store_plan near_plan(place& at, memo::duration longest = memo::duration::max()) {
    auto plan = at.plan();
    plan.near = true;
    plan.near_ttl = longest;
    return plan;
}

/// A renewal is on when what it is to renew is read from afar.
struct renewal_under_way {
    place at;
    store near{near_plan(at), &at.watcher};
    std::shared_ptr<memo::detail::lease> mine = lease_of(users);

    renewal_under_way() {
        encoded{at.plan(), &at.watcher}.set(users, 1, living(at.now(), 10s), 0);
        near.open(mine, true);
        CHECK(near.get(users, at.now()) == 1);
    }
};

}  // namespace

TEST_CASE("near_store: keeps the laws of stores") {
    place at;
    auto const fresh = [&] {
        at.bytes = memo::memory_bytes_store{};
        return near_plan(at);
    };
    memo::testing::store_laws<store>([&] { return store{fresh(), &at.watcher}; });
    auto const off = [&] {
        auto plan = fresh();
        plan.near = false;
        return plan;
    };
    memo::testing::store_laws<store>([&] { return store{off(), &at.watcher}; });
    CHECK(at.watcher.faults.empty());
}

TEST_CASE("near_store: a hit is near once it was found far, and the far store is not asked again") {
    place at;
    store near{near_plan(at), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    other.set(users, 42, living(at.now()), 0);
    far_store::fetches = 0;
    for (int call = 0; call != 5; ++call)
        CHECK(near.get(users, at.now()) == 42);
    CHECK(far_store::fetches == 1);
    memo::stats sum;
    near.count_into(sum);
    CHECK(sum.hits == 5);
}

TEST_CASE("near_store: what a run stored is near at once") {
    place at;
    store near{near_plan(at), &at.watcher};
    auto const mine = lease_of(users);
    near.begin(mine, at.now(), true);
    CHECK(near.commit(*mine, 42, living(at.now()), 0) == store_outcome::stored);
    far_store::fetches = 0;
    CHECK(near.get(users, at.now()) == 42);
    CHECK(far_store::fetches == 0);
}

TEST_CASE("F40 near_store: a copy keeps the age of what it is a copy of, and ends with it") {
    place at;
    store near{near_plan(at), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    auto kept = living(at.now(), 10s);
    kept.tags = {"a"};
    other.set(users, 42, kept, 0);
    at.clock.advance(6s);
    CHECK(near.get(users, at.now()) == 42);
    auto const facts = near.facts(users, at.now());
    REQUIRE(facts);
    CHECK(facts->tier == "memory");
    CHECK(facts->age(at.now()) == 6s);
    CHECK(facts->remaining(at.now()) == 4s);
    CHECK(facts->tags == kept.tags);
    at.clock.advance(4s);
    CHECK_FALSE(near.get(users, at.now()));
}

TEST_CASE("F40 near_store: a lifetime that was restarted far is the copy's too") {
    place at;
    store near{near_plan(at), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    other.set(users, 42, living(at.now(), 10s), 0);
    at.clock.advance(6s);
    CHECK(other.touch(users, 20s, at.now()));
    CHECK(near.get(users, at.now()) == 42);
    CHECK(near.facts(users, at.now())->remaining(at.now()) == 20s);
    CHECK(near.facts(users, at.now())->age(at.now()) == 6s);
}

TEST_CASE("near_store: a copy answers by itself for so long at most") {
    place at;
    store near{near_plan(at, 5s), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    other.set(users, 1, living(at.now()), 0);
    CHECK(near.get(users, at.now()) == 1);
    other.set(users, 2, living(at.now()), 0);
    at.clock.advance(5s - 1ns);
    CHECK(near.get(users, at.now()) == 1);
    at.clock.advance(1ns);
    CHECK(near.get(users, at.now()) == 2);
}

TEST_CASE("near_store: reads of the copy keep what would idle away alive") {
    place at;
    store near{near_plan(at), &at.watcher};
    auto kept = living(at.now());
    kept.idle = 10s;
    near.set(users, 42, kept, 0);
    for (int read = 0; read != 10; ++read) {
        at.clock.advance(4s);
        CHECK(near.get(users, at.now()) == 42);
    }
    at.clock.advance(15s);
    CHECK_FALSE(near.get(users, at.now()));
}

TEST_CASE("F18 near_store: what was read far before an eviction does not come near after it") {
    place at;
    store near{near_plan(at), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    for (int way = 0; way != 6; ++way) {
        CAPTURE(way);
        auto kept = living(at.now());
        kept.tags = {"a"};
        other.set(users, 42, kept, 0);
        far_store::meanwhile = [&] {
            switch (way) {
                case 0: near.erase(users); break;
                case 1: near.erase_text(users.place, users.text); break;
                case 2: near.erase_tag("a"); break;
                case 3: near.erase_pattern("k:*"); break;
                case 4: near.erase_all(); break;
                default: near.set(users, 43, living(at.now()), 0);
            }
        };
        CHECK(near.get(users, at.now()) == 42);
        CHECK(near.get(users, at.now()) == (way == 5 ? std::optional<std::int64_t>{43} : std::nullopt));
        near.erase_all();
    }
}

TEST_CASE("F20 near_store: a copy that was read while a renewal was on does not outlast it") {
    renewal_under_way with;
    CHECK(with.near.commit(*with.mine, 2, living(with.at.now()), 0) == store_outcome::stored);
    CHECK(with.near.get(users, with.at.now()) == 2);
}

TEST_CASE("F18 near_store: a renewal that a fence stopped takes the copy along that was promoted while it was on") {
    renewal_under_way with;
    with.mine->stopped_at = 1;
    CHECK(with.near.commit(*with.mine, 2, living(with.at.now()), 0) == store_outcome::fenced);
    CHECK_FALSE(with.near.get(users, with.at.now()));
}

TEST_CASE("F30 near_store: what was read while a renewal was on that failed is not renewed again before its time") {
    renewal_under_way with;
    with.near.postpone(*with.mine, with.at.now() + 5s);
    with.near.abandon(*with.mine);
    CHECK(with.near.recall(users, with.at.now())->made.retry_at == with.at.now() + 5s);
}

TEST_CASE("F30 near_store: what could not be renewed is read far, where everybody's failures are known") {
    place at;
    store near{near_plan(at), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    other.set(users, 1, living(at.now(), 10s), 0);
    auto const mine = lease_of(users);
    other.open(mine, true);
    other.postpone(*mine, at.now() + 5s);
    other.abandon(*mine);
    far_store::fetches = 0;
    CHECK(near.recall(users, at.now())->made.failures == 1);
    CHECK(near.recall(users, at.now())->made.retry_at == at.now() + 5s);
    CHECK(far_store::fetches == 2);
}

TEST_CASE("F18 near_store: a run that was evicted elsewhere leaves no copy") {
    place at;
    store near{near_plan(at), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    auto const mine = lease_of(users);
    near.begin(mine, at.now(), true);
    other.erase(users);
    CHECK(near.commit(*mine, 1, living(at.now()), 0) == store_outcome::fenced);
    CHECK_FALSE(near.get(users, at.now()));
}

TEST_CASE("near_store: evictions that the far store was asked for already reach the copies") {
    place at;
    store near{near_plan(at), &at.watcher};
    near.set(users, 42, living(at.now()), 0);
    CHECK(near.get(users, at.now()) == 42);
    at.bytes->erase_all("");
    CHECK(near.get(users, at.now()) == 42);
    CHECK(near.erase_pattern("k:*", memo::detail::reach::here).count() == 0);
    CHECK_FALSE(near.get(users, at.now()));
}
