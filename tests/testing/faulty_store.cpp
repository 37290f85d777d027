#include "store/byte_model.hpp"

#include <memo/base/error.hpp>
#include <memo/base/evicted.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/byte_store_laws.hpp>
#include <memo/testing/faulty_store.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using enum memo::byte_operation;

namespace {

constexpr memo::entry_name user{"c", "user:1"};

}  // namespace

TEST_CASE("faulty_store: a store without a plan does what the one inside does") {
    byte_model::check(
        [](memo::manual_clock const& clock) { return memo::faulty_store{memo::memory_bytes_store{{.clock = clock}}}; });
}

TEST_CASE("faulty_store: the nth operation from now on fails, and no other") {
    memo::faulty_store store{memo::memory_bytes_store{}};
    store.fail_nth(3);
    CHECK_NOTHROW(store->get(user));
    CHECK_NOTHROW(store->set(user, {"record"}));
    CHECK_THROWS_AS(store->get(user), memo::connection_error);
    CHECK(store->get(user) == "record");
    CHECK(store.failed() == 1);
}

TEST_CASE("faulty_store: every operation of one kind fails, or of all, until it is healed") {
    memo::faulty_store store{memo::memory_bytes_store{}};
    store.fail_each(set);
    for (int time = 0; time != 3; ++time) CHECK_THROWS_AS(store->set(user, {"record"}), memo::connection_error);
    CHECK_FALSE(store->get(user));
    store.fail_all();
    CHECK_THROWS_AS(store->get(user), memo::connection_error);
    CHECK_THROWS_AS(store->ping(), memo::connection_error);
    CHECK_THROWS_AS(store->flush(), memo::connection_error);
    CHECK_NOTHROW(store->sweep());
    CHECK_NOTHROW(store->abandon(user, 1));
    store.heal();
    CHECK(store->set(user, {"record"}));
    CHECK(store.failed() == 6);
}

TEST_CASE("faulty_store: what fails after its effect was carried out, what fails before was not") {
    memo::memory_bytes_store const inside;
    memo::faulty_store store{inside};
    store.fail_all(memo::fault::before_effect);
    CHECK_THROWS_AS(store->set(user, {"record"}), memo::connection_error);
    CHECK_FALSE(inside->get(user));
    store.fail_all(memo::fault::after_effect);
    CHECK_THROWS_AS(store->set(user, {"record"}), memo::connection_error);
    CHECK(inside->get(user) == "record");
    store.fail_all(memo::fault::before_effect);
    CHECK(store->erase_all({}).failed());
    CHECK(inside->get(user));
    store.fail_all(memo::fault::after_effect);
    auto const gone = store->erase_all({});
    CHECK(gone.indeterminate());
    CHECK(gone.count() == 0);
    CHECK_FALSE(inside->get(user));
}

TEST_CASE("faulty_store: a delay passes through the wait that was given, before the operation") {
    std::vector<memo::duration> waited;
    memo::faulty_store store{memo::memory_bytes_store{}, [&](memo::duration span) { waited.push_back(span); }};
    store.delay(get, 3ms);
    store->set(user, {"record"});
    store->get(user);
    CHECK(waited == std::vector<memo::duration>{3ms});
    store.delay(5ms);
    store.fail_all();
    CHECK_THROWS_AS(store->set(user, {"record"}), memo::connection_error);
    CHECK(store->erase_all({}).failed());
    CHECK(waited == std::vector<memo::duration>{3ms, 5ms, 5ms});
    store.heal();
    store->get(user);
    CHECK(waited.size() == 3);
}

TEST_CASE("faulty_store: one bit of a record is another, read or written, and its neighbours are not") {
    memo::memory_bytes_store const inside;
    memo::faulty_store store{inside};
    memo::stored_bytes const fresh{"abcd"};
    inside->set(user, fresh);
    for (auto const what : {get, get_many, open}) {
        store.corrupt(what, 6);
        CHECK((store->get(user) == "abbd") == (what == get));
        CHECK((store->get_many(std::span{&user, 1}).front() == "abbd") == (what == get_many));
        CHECK((store->open(user, {}, {}, 0).record == "abbd") == (what == open));
    }
    std::pair<memo::entry_name, memo::stored_bytes> const many[]{{user, fresh}};
    memo::change const changes[]{{user, fresh}, {{"c", "nobody"}}};
    std::vector<std::pair<memo::byte_operation, std::function<void()>>> const writes{
        {set, [&] { store->set(user, fresh); }},
        {set_many, [&] { store->set_many(many); }},
        {add, [&] { store->add(user, fresh, "abcd"); }},
        {amend, [&] { store->amend(user, fresh, "abcd"); }},
        {commit, [&] { store->commit(user, store->lead(user, {}), fresh); }},
        {transact, [&] { store->transact(changes); }},
    };
    for (auto const& one : writes) {
        CAPTURE(static_cast<int>(one.first));
        inside->set(user, fresh);
        store.corrupt(one.first);
        one.second();
        CHECK(inside->get(user) == "`bcd");
        inside->set(user, fresh);
        store.heal();
        one.second();
        CHECK(inside->get(user) == "abcd");
    }
    store.corrupt(set);
    CHECK(store->set(user, {""}));
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("faulty_store: without a plan it keeps the laws of byte stores") {
    memo::manual_clock clock;
    CHECK_NOTHROW(memo::testing::byte_store_laws([&] { return memo::faulty_store{memo::memory_bytes_store{{.clock = clock}}}; },
                                                 [&](memo::duration span) { clock.advance(span); },
                                                 [](memo::shared_store const& store) { return store; }));
}

TEST_SUITE_END();
