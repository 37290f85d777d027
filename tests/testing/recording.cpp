#include <memo/testing/recording.hpp>

#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>

using memo::testing::record;
using memo::testing::recording;
using memo::testing::store_operation;

namespace {

using plain_store = memo::detail::memory_store<std::int64_t, memo::lru_order>;
using store = recording<plain_store>;
static_assert(memo::detail::result_store<store>);

constexpr memo::detail::memory_limits roomy{100, std::numeric_limits<std::size_t>::max(), true, std::chrono::seconds{60}};
memo::detail::key_view const key{7, "identity", "text"};

}  // namespace

TEST_CASE("recording: an operation is counted under its own name and does what it does") {
    record seen;
    store one{roomy};
    one.set(key, 42, {}, 0);
    CHECK(one.get(key, {}) == 42);
    CHECK(one.get(key, {}) == 42);
    CHECK(seen.count(store_operation::set) == 1);
    CHECK(seen.count(store_operation::get) == 2);
    CHECK(seen.all() == 3);
}

TEST_CASE("recording: a store goes on with the record that it was made under") {
    record outer;
    store first{roomy};
    {
        record inner;
        store second{roomy};
        first.sweep({});
        second.erase(key);
        CHECK(inner.all() == 1);
        CHECK(inner.count(store_operation::erase) == 1);
    }
    CHECK(outer.all() == 1);
    CHECK(outer.count(store_operation::sweep) == 1);
    store third{roomy};
    third.erase_tag("users");
    CHECK(outer.count(store_operation::erase_tag) == 1);
}

TEST_CASE("recording: without a record in scope it does what its store does") {
    store one{roomy};
    one.set(key, 42, {}, 0);
    CHECK(one.size() == 1);
    CHECK(one.validate());
}
