#include <memo/testing/faulty.hpp>

#include <memo/base/error.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>

using memo::connection_error;
using memo::testing::fault;
using memo::testing::fault_plan;
using memo::testing::faulty;
using memo::testing::store_operation;

namespace {

using store = faulty<memo::detail::memory_store<std::int64_t, memo::lru_order>>;
static_assert(memo::detail::result_store<store>);

constexpr memo::detail::memory_limits roomy{100, std::numeric_limits<std::size_t>::max(), true, std::chrono::seconds{60}};
memo::detail::key_view const key{7, "identity", "text"};

}  // namespace

TEST_CASE("faulty: without a plan nothing fails") {
    store one{roomy};
    one.set(key, 42, {}, 0);
    CHECK(one.get(key, {}) == 42);
}

TEST_CASE("faulty: the nth operation fails, those before and after it do not") {
    fault_plan plan;
    store one{roomy};
    plan.fail_nth(2);
    one.set(key, 42, {}, 0);
    CHECK_THROWS_AS(one.get(key, {}), connection_error);
    CHECK(one.get(key, {}) == 42);
    CHECK(plan.failed() == 1);
}

TEST_CASE("faulty: a kind of operation fails until the plan is healed") {
    fault_plan plan;
    store one{roomy};
    plan.fail_each(store_operation::erase);
    one.set(key, 42, {}, 0);
    CHECK_THROWS_AS(one.erase(key), connection_error);
    CHECK_THROWS_AS(one.erase(key), connection_error);
    CHECK(one.get(key, {}) == 42);
    plan.heal();
    CHECK(one.erase(key).count() == 1);
}

TEST_CASE("faulty: what fails before its effect has none, what fails after it is done") {
    fault_plan plan;
    store one{roomy};
    plan.fail_all();
    CHECK_THROWS_AS(one.set(key, 42, {}, 0), connection_error);
    CHECK(one.size() == 0);
    plan.fail_all(fault::after_effect);
    CHECK_THROWS_AS(one.set(key, 42, {}, 0), connection_error);
    CHECK(one.size() == 1);
}

TEST_CASE("faulty: a store follows the plan that it was made under") {
    fault_plan outer;
    store first{roomy};
    fault_plan inner;
    store second{roomy};
    inner.fail_all();
    first.set(key, 42, {}, 0);
    CHECK_THROWS_AS(second.set(key, 42, {}, 0), connection_error);
}
