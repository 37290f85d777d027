#include "store/byte_model.hpp"

#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/byte_store_laws.hpp>
#include <memo/testing/faulty_store.hpp>
#include <memo/testing/manual_clock.hpp>
#include <memo/testing/recording_store.hpp>

#include <doctest/doctest.h>

namespace {

constexpr memo::entry_name user{"c", "user:1"};

}  // namespace

TEST_CASE("recording_store: counts each operation under its name, what fails too, until it forgets") {
    memo::faulty_store faulty{memo::memory_bytes_store{}};
    memo::recording_store store{faulty};
    auto const copy = store;
    store->set(user, {"record"});
    copy->get(user);
    copy->get(user);
    faulty.fail_all();
    CHECK_THROWS_AS(copy->get(user), memo::connection_error);
    CHECK(store->erase_all({}).failed());
    store->sweep();
    using enum memo::byte_operation;
    CHECK(store.count(get) == 3);
    CHECK(store.count(set) == 1);
    CHECK(store.count(erase_all) == 1);
    CHECK(store.count(sweep) == 1);
    CHECK(store.count(commit) == 0);
    CHECK(store.count() == 6);
    CHECK(copy.count() == 6);
    store.forget();
    CHECK(copy.count() == 0);
}

TEST_CASE("recording_store: says what a model says") {
    byte_model::check(
        [](memo::manual_clock const& clock) { return memo::recording_store{memo::memory_bytes_store{{.clock = clock}}}; });
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("recording_store: keeps the laws of byte stores") {
    memo::manual_clock clock;
    CHECK_NOTHROW(memo::testing::byte_store_laws(
        [&] { return memo::recording_store{memo::memory_bytes_store{{.clock = clock}}}; },
        [&](memo::duration span) { clock.advance(span); }, [](memo::shared_store const& store) { return store; }));
}

TEST_SUITE_END();
