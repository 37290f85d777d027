#include <memo/testing/decorated.hpp>

#include <memo/policy/lru.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/memory.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <vector>

using memo::testing::decorated;
using memo::testing::store_operation;

namespace {

std::multiset<store_operation> asked;

template <class Store>
struct noting : decorated<Store, noting<Store>> {
    explicit noting(memo::detail::memory_limits limits) : decorated<Store, noting<Store>>{limits} {}

    template <class Fn>
    auto around(store_operation what, Fn const& fn) {
        asked.insert(what);
        return fn();
    }
    template <class Fn>
    void around_safely(store_operation what, Fn const& fn) noexcept {
        around(what, fn);
    }
};

using store = noting<memo::detail::memory_store<std::int64_t, memo::lru_order>>;
static_assert(memo::detail::result_store<store>);

}  // namespace

TEST_CASE("decorated: every operation goes through the decoration under its own name") {
    asked.clear();
    store one{memo::detail::memory_limits{100, std::numeric_limits<std::size_t>::max(), true, std::chrono::seconds{60}}};
    memo::detail::key_view const key{7, "identity", "text"};
    auto const lease_of = [&] { return std::make_shared<memo::detail::lease>(key, std::vector<std::string>{}); };

    CHECK_FALSE(one.get(key, {}));
    CHECK_FALSE(one.peek(key, {}));
    CHECK_FALSE(one.recall(key, {}));
    CHECK_FALSE(one.facts(key, {}));
    auto const mine = lease_of();
    CHECK(one.begin(mine, {}, true).joined == nullptr);
    CHECK_FALSE(one.renew(lease_of(), true));
    one.relieve(*mine);
    one.postpone(*mine, {});
    CHECK(one.commit(*mine, 42, {}, 0) == memo::detail::store_outcome::stored);
    auto const other = lease_of();
    one.open(other, true);
    one.abandon(*other);
    one.set(key, 43, {}, 0);
    CHECK(one.touch(key, memo::duration::max(), {}));
    one.sweep({});
    CHECK(one.erase(key).count() == 1);
    one.erase_text(7, "text");
    one.erase_tag("tag");
    one.erase_pattern("*");
    one.erase_all();
    one.erase_group("group");

    CHECK(asked.size() == memo::testing::store_operations);
    for (auto const what : asked)
        CHECK(asked.count(what) == 1);
}
