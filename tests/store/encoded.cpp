#include "store/shared.hpp"

#include <memo/base/error.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/stats.hpp>
#include <memo/codec/record.hpp>
#include <memo/store/encoded.hpp>
#include <memo/testing/store_laws.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace shared;
using memo::detail::store_outcome;

template <class Held>
using store_of = memo::detail::encoded_store<Held>;

/// The one entry that a family holds, as bytes.
std::string bytes_of(place& at, memo::entry_name name) {
    auto found = at.bytes->get(name);
    REQUIRE(found);
    return std::move(*found);
}

std::string family_of(place& at, std::string_view kind = "") {
    return "f:" + at.plan().function + ":" + memo::detail::hex_of(memo::detail::fingerprint_of<std::int64_t>()) + std::string{kind};
}

}  // namespace

TEST_CASE("encoded_store: keeps the laws of stores") {
    place at;
    using numbers = store_of<memo::detail::holding<std::int64_t, false>>;
    using texts = store_of<memo::detail::holding<std::string, true>>;
    auto const fresh = [&] {
        at.bytes = memo::memory_bytes_store{};
        return at.plan();
    };
    memo::testing::store_laws<numbers>([&] { return numbers{fresh(), &at.watcher}; });
    memo::testing::store_laws<texts>([&] { return texts{fresh(), &at.watcher}; });
    CHECK(at.watcher.faults.empty());
}

TEST_CASE("encoded_store: what one process stored, another one finds") {
    place at;
    encoded one{at.plan(), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    CHECK(one.set(users, 42, living(at.now(), 10s), 0) == store_outcome::stored);
    CHECK(other.get(users, at.now()) == 42);
    auto const facts = other.facts(users, at.now() + 3s);
    REQUIRE(facts);
    CHECK(facts->age(at.now() + 3s) == 3s);
    CHECK(facts->remaining(at.now() + 3s) == 7s);
    CHECK(facts->tier == "memory");
    CHECK(other.size() == 1);
}

TEST_CASE("F03 encoded_store: another function, version, type or kind of key finds nothing") {
    place at;
    encoded one{at.plan(), &at.watcher};
    one.set(users, 42, living(at.now()), 0);
    auto plan = at.plan();
    plan.function = "users.get:2";
    CHECK_FALSE(encoded(plan, &at.watcher).get(users, at.now()));
    plan.function = "users.put:1";
    CHECK_FALSE(encoded(plan, &at.watcher).get(users, at.now()));
    store_of<memo::detail::holding<std::string, false>> texts{at.plan(), &at.watcher};
    CHECK_FALSE(texts.get(users, at.now()));
    plan = at.plan();
    plan.readable = false;
    CHECK_FALSE(encoded(plan, &at.watcher).get(users, at.now()));
    CHECK(one.get(users, at.now()) == 42);
    CHECK(at.watcher.faults.empty());
}

TEST_CASE("F01 encoded_store: keys of one text take turns, and none answers for the other") {
    place at;
    encoded store{at.plan(), &at.watcher};
    memo::detail::key_view const twin{7, "users, too", "k:users"};
    store.set(users, 1, living(at.now()), 0);
    CHECK_FALSE(store.get(twin, at.now()));
    CHECK(store.get(users, at.now()) == 1);
    store.set(twin, 2, living(at.now()), 0);
    CHECK_FALSE(store.get(users, at.now()));
    CHECK(at.watcher.faults.empty());
}

TEST_CASE("F13 encoded_store: a damaged record is a miss, told and removed") {
    place at;
    encoded store{at.plan(), &at.watcher};
    auto const family = family_of(at);
    memo::entry_name const name{family, users.text};
    for (std::size_t const distance : {0UL, 16UL, 17UL, 60UL}) {
        store.set(users, 42, living(at.now()), 0);
        auto bytes = bytes_of(at, name);
        bytes[bytes.size() - 1 - distance] ^= 4;
        at.bytes->set(name, {bytes});
        CHECK_FALSE(store.get(users, at.now()));
        CHECK(store.size() == 0);
    }
    CHECK(at.watcher.faults.size() == 4);
    CHECK(at.watcher.faults.front().find("removed") != std::string::npos);
}

TEST_CASE("F14 encoded_store: a record under another key, or behind another prefix, is no answer") {
    place at;
    encoded store{at.plan(), &at.watcher};
    auto const family = family_of(at);
    store.set(users, 42, living(at.now()), 0);
    at.bytes->set({family, orgs.text}, {bytes_of(at, {family, users.text})});
    CHECK_FALSE(store.get(orgs, at.now()));
    auto elsewhere = at.plan();
    elsewhere.function = "users.drop:1";
    auto const there = "f:users.drop:1:" + family.substr(family.rfind(':') + 1);
    at.bytes->set({there, users.text}, {bytes_of(at, {family, users.text})});
    CHECK_FALSE(encoded(elsewhere, &at.watcher).get(users, at.now()));
}

TEST_CASE("F09 encoded_store: a payload that is no value of the type is a miss, told and removed") {
    place at;
    encoded store{at.plan(), &at.watcher};
    store.set(users, 42, living(at.now()), 0);
    auto const family = family_of(at);
    auto const bytes = bytes_of(at, {family, users.text});
    memo::detail::record read;
    REQUIRE(memo::detail::read_record(bytes, read) == memo::detail::flaw::none);
    read.payload = "seven";
    at.bytes->set({family, users.text}, {memo::detail::write_record(read)});
    CHECK_FALSE(store.get(users, at.now()));
    CHECK(store.size() == 0);
    CHECK(at.watcher.faults.size() == 1);
}

TEST_CASE("F39 encoded_store: by the wall clock, a record from the future is not believed") {
    place at;
    auto plan = at.plan();
    plan.injected_clock = false;
    encoded store{plan, &at.watcher};
    store.set(users, 1, living(at.now(), 1h), 0);
    at.clock.advance(-memo::detail::clock_tolerance);
    CHECK(store.get(users, at.now()) == 1);
    at.clock.advance(-1ns);
    CHECK_FALSE(store.get(users, at.now()));
    at.clock.advance(1h);
    CHECK(store.get(users, at.now()) == 1);
}

TEST_CASE("F18 encoded_store: an eviction by any process voids what any other is computing") {
    for (int way = 0; way != 5; ++way) {
        CAPTURE(way);
        place at;
        encoded one{at.plan(), &at.watcher};
        encoded other{at.plan(), &at.watcher};
        auto const mine = lease_of(users, {"a"});
        CHECK(one.begin(mine, at.now(), true).joined == nullptr);
        auto const unrelated = lease_of(orgs, {"b"});
        CHECK(one.begin(unrelated, at.now(), true).joined == nullptr);
        auto const gone = way == 0   ? other.erase(users)
                          : way == 1 ? other.erase_text(users.place, users.text)
                          : way == 2 ? other.erase_tag("a")
                          : way == 3 ? other.erase_pattern("k:u*")
                                     : other.erase_all();
        CHECK(gone.confirmed());
        CHECK(one.commit(*mine, 1, living(at.now()), 0) == store_outcome::fenced);
        CHECK_FALSE(other.get(users, at.now()));
        auto const stored = one.commit(*unrelated, 2, living(at.now()), 0);
        CHECK(stored == (way == 4 ? store_outcome::fenced : store_outcome::stored));
    }
}

TEST_CASE("F18 encoded_store: a call joins a run only if no process has evicted it meanwhile") {
    place at;
    encoded one{at.plan(), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    auto const first = lease_of(users);
    one.begin(first, at.now(), true);
    CHECK(one.begin(lease_of(users), at.now(), true).joined == first);
    other.erase(users);
    auto const second = lease_of(users);
    CHECK(one.begin(second, at.now(), true).joined == nullptr);
    CHECK_FALSE(first->standing());
    CHECK(one.begin(lease_of(users), at.now(), true).joined == second);
    CHECK(one.commit(*first, 1, living(at.now()), 0) == store_outcome::fenced);
    CHECK(one.commit(*second, 2, living(at.now()), 0) == store_outcome::stored);
    CHECK(other.get(users, at.now()) == 2);
}

TEST_CASE("F20 encoded_store: a run that began earlier never stores over one that began later, in whichever process") {
    two_runs at;
    CHECK(at.elsewhere.commit(*at.late, 2, living(at.now()), 0) == store_outcome::stored);
    CHECK(at.here.commit(*at.early, 1, living(at.now()), 0) == store_outcome::fenced);
    CHECK(at.here.get(users, at.now()) == 2);
}

TEST_CASE("encoded_store: what came from another process meanwhile is the answer, without a run") {
    place at;
    encoded one{at.plan(), &at.watcher};
    encoded other{at.plan(), &at.watcher};
    CHECK_FALSE(one.get(users, at.now()));
    other.set(users, 7, living(at.now()), 0);
    auto const mine = lease_of(users);
    CHECK(one.begin(mine, at.now(), true).hit == 7);
    CHECK_FALSE(mine->standing());
}

TEST_CASE("encoded_store: a stale record does not answer, and does not keep a run from beginning") {
    place at;
    encoded store{at.plan(), &at.watcher};
    auto kept = living(at.now(), 10s);
    kept.grace = 10s;
    store.set(users, 1, kept, 0);
    at.clock.advance(15s);
    CHECK_FALSE(store.get(users, at.now()));
    CHECK(store.recall(users, at.now())->result == 1);
    auto const mine = lease_of(users);
    auto const start = store.begin(mine, at.now(), true);
    CHECK_FALSE(start.hit);
    CHECK(start.joined == nullptr);
    CHECK(store.commit(*mine, 2, living(at.now(), 10s), 0) == store_outcome::stored);
    CHECK(store.get(users, at.now()) == 2);
}
