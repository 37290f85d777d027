#include "store/shared.hpp"
#include "store/simple_bytes.hpp"

#include <memo/base/error.hpp>
#include <memo/store/record_store.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace {

using namespace shared;
using memo::detail::record_times;
using memo::detail::stands;
using memo::detail::store_outcome;

/// A store that may be out of reach.
struct faint : simple::bytes {
    std::optional<std::string> get(memo::entry_name at) override {
        ++asked;
        check();
        return simple::bytes::get(at);
    }
    memo::opened open(memo::entry_name at, std::span<std::string const> tags, std::string_view seen,
                      memo::run_ticket joining) override {
        ++asked;
        check();
        return simple::bytes::open(at, tags, seen, joining);
    }
    memo::committed commit(memo::entry_name at, memo::run_ticket mine, memo::stored_bytes const& fresh) override {
        ++asked;
        check();
        return simple::bytes::commit(at, mine, fresh);
    }
    memo::evicted erase(std::span<memo::entry_name const> all) noexcept override {
        return down ? memo::evicted{0, memo::evicted::outcome::failed} : simple::bytes::erase(all);
    }
    std::exception_ptr known_fault() const noexcept override { return known; }
    void check() const {
        if (down)
            throw memo::connection_error{"faint: down"};
    }

    bool down = false;
    std::exception_ptr known;
    int asked = 0;
};

struct faint_place : place {
    std::shared_ptr<faint> store = std::make_shared<faint>();
    faint_place() { bytes = memo::shared_store{store}; }
};

}  // namespace

TEST_CASE("stands: an entry is fresh for its ttl from its last touch on, and gone after grace or idleness") {
    record_times times;
    times.created = 1s;
    times.touched = 5s;
    times.read = 7s;
    CHECK(stands(times).fresh_until == memo::duration::max());
    CHECK(stands(times).gone_at == memo::duration::max());
    times.ttl = 10s;
    times.grace = 3s;
    CHECK(stands(times).fresh_until == 15s);
    CHECK(stands(times).gone_at == 18s);
    CHECK(stands(times).age(9s) == 8s);
    times.idle = 4s;
    CHECK(stands(times).gone_at == 11s);
    times.ttl = memo::duration::max() - 1ns;
    times.idle = memo::duration::max();
    CHECK(stands(times).gone_at == memo::duration::max());
}

TEST_CASE("F51 record_store: a store that is out of reach is asked once a call, and runs are shared all the same") {
    faint_place at;
    encoded one{at.plan(), &at.watcher};
    at.store->down = true;
    CHECK_FALSE(one.get(users, at.now()));
    auto const mine = lease_of(users);
    CHECK(one.begin(mine, at.now(), true).joined == nullptr);
    CHECK(mine->standing());
    CHECK(at.store->asked == 1);
    CHECK(at.watcher.faults.size() == 1);
    CHECK_FALSE(one.get(users, at.now()));
    CHECK(one.begin(lease_of(users), at.now(), true).joined == mine);
    CHECK(one.commit(*mine, 1, living(at.now()), 0) == store_outcome::fenced);
    CHECK(at.store->asked == 2);
    CHECK_FALSE(mine->standing());
}

TEST_CASE("F51 record_store: a store whose fault is known beforehand is not asked at all, and told of each time") {
    faint_place at;
    auto plan = at.plan();
    encoded one{plan, &at.watcher};
    at.store->known = std::make_exception_ptr(memo::connection_error{"faint: rests"});
    for (unsigned call = 1; call != 3; ++call) {
        CHECK_FALSE(one.get(users, at.now()));
        auto const mine = lease_of(users);
        CHECK(one.begin(mine, at.now(), true).joined == nullptr);
        CHECK(one.commit(*mine, 1, living(at.now()), 0) == store_outcome::fenced);
        CHECK(at.watcher.faults.size() == call);
    }
    CHECK(at.watcher.faults.back() == "faint: rests");
    plan.rethrows = true;
    CHECK_THROWS_AS(encoded(plan, &at.watcher).get(users, at.now()), memo::connection_error);
    CHECK(at.store->asked == 0);
    at.store->known = nullptr;
    CHECK_FALSE(one.get(users, at.now()));
    CHECK(at.store->asked == 1);
}

TEST_CASE("F18 record_store: a result whose ticket was not to be had is not stored, though the store is back") {
    faint_place at;
    encoded one{at.plan(), &at.watcher};
    at.store->down = true;
    auto const mine = lease_of(users);
    one.begin(mine, at.now(), true);
    at.store->down = false;
    CHECK(one.commit(*mine, 1, living(at.now()), 0) == store_outcome::fenced);
    CHECK_FALSE(one.get(users, at.now()));
}

TEST_CASE("F18 F20 record_store: a run that a fence stopped takes along what it would have replaced, and nothing newer") {
    place at;
    encoded one{at.plan(), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    auto const left_by_a_run = [&](auto const& meanwhile) {
        one.set(users, 1, living(at.now(), 10s), 0);
        auto const mine = lease_of(users);
        mine->stopped_at = 1;
        one.open(mine, true);
        meanwhile();
        CHECK(one.commit(*mine, 3, living(at.now()), 0) == store_outcome::fenced);
        CHECK_FALSE(mine->standing());
        return one.get(users, at.now());
    };
    CHECK_FALSE(left_by_a_run([] {}));
    CHECK(one.size() == 0);
    CHECK_FALSE(left_by_a_run([&] { CHECK(other.touch(users, 20s, at.now())); }));
    CHECK(left_by_a_run([&] { other.set(users, 2, living(at.now()), 0); }) == 2);
    CHECK(at.watcher.faults.empty());
}

TEST_CASE("F20 record_store: a run that a fence stopped ends those that began before it, here and elsewhere") {
    two_runs at;
    auto const mine = lease_of(users);
    mine->stopped_at = 1;
    at.here.open(mine, true);
    CHECK(at.here.commit(*mine, 3, living(at.now()), 0) == store_outcome::fenced);
    CHECK(at.here.commit(*at.early, 1, living(at.now()), 0) == store_outcome::fenced);
    CHECK(at.elsewhere.commit(*at.late, 1, living(at.now()), 0) == store_outcome::fenced);
    CHECK(at.here.size() == 0);
}

TEST_CASE("record_store: with rethrow a look-up that fails throws") {
    faint_place at;
    auto plan = at.plan();
    plan.rethrows = true;
    encoded one{plan, &at.watcher};
    at.store->down = true;
    CHECK_THROWS_AS(one.get(users, at.now()), memo::connection_error);
    CHECK_THROWS_AS(one.begin(lease_of(users), at.now(), true), memo::connection_error);
    CHECK(at.watcher.faults.empty());
}

TEST_CASE("record_store: an eviction that was not confirmed says so, and is told") {
    faint_place at;
    encoded one{at.plan(), &at.watcher};
    one.set(users, 1, living(at.now()), 0);
    at.store->down = true;
    CHECK(one.erase(users).failed());
    REQUIRE(at.watcher.faults.size() == 1);
    CHECK(at.watcher.faults.front().find("not confirmed") != std::string::npos);
    at.store->down = false;
    CHECK(one.erase(users).confirmed());
    CHECK(at.watcher.seen.size() == 1);
}

TEST_CASE("record_store: a postponed renewal is known to every process") {
    place at;
    encoded one{at.plan(), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    one.set(users, 1, living(at.now(), 10s), 0);
    auto const mine = lease_of(users);
    one.open(mine, true);
    one.postpone(*mine, at.now() + 5s);
    auto const facts = other.facts(users, at.now());
    REQUIRE(facts);
    CHECK(facts->failures == 1);
    CHECK(facts->retry_at == at.now() + 5s);
    CHECK(one.commit(*mine, 2, living(at.now(), 10s), 0) == store_outcome::stored);
    CHECK(other.facts(users, at.now())->failures == 0);
}

TEST_CASE("record_store: a result that outlived its lifetime while it was made takes the old one's place and is no answer") {
    place at;
    encoded one{at.plan(), &at.watcher};
    auto const mine = lease_of(users);
    one.begin(mine, at.now(), true);
    auto const begun = at.now();
    at.clock.advance(10s);
    CHECK(one.commit(*mine, 1, living(begun, 10s), 0) == store_outcome::stored);
    CHECK_FALSE(one.get(users, at.now()));
    CHECK(one.size() == 0);
}
