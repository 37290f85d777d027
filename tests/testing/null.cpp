#include <memo/testing/null.hpp>

#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace {

using store = memo::testing::null<memo::detail::memory_store<std::int64_t, memo::lru_order>>;
static_assert(memo::detail::result_store<store>);

memo::detail::key_view const key{7, "identity", "text"};

}  // namespace

TEST_CASE("null: what was set is not there") {
    store one;
    CHECK(one.set(key, 42, {}, 0) != memo::detail::store_outcome::stored);
    CHECK(!one.get(key, {}));
    CHECK(!one.peek(key, {}));
    CHECK(!one.touch(key, memo::duration{1}, {}));
    CHECK(one.size() == 0);
}

TEST_CASE("null: a miss neither hits nor joins") {
    store one;
    auto const mine = std::make_shared<memo::detail::lease>(key, std::vector<std::string>{});
    auto const start = one.begin(mine, {}, true);
    CHECK(!start.hit);
    CHECK(start.joined == nullptr);
    CHECK(mine->standing());
}

TEST_CASE("null: every eviction is confirmed") {
    store one;
    CHECK(one.erase(key).confirmed());
    CHECK(one.erase_tag("users").confirmed());
}
