#include "testing/broken.hpp"

#include <memo/testing/lease_laws.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

using broken::expect_words;
using broken::law;
using broken::right_store;
using memo::duration;
namespace detail = memo::detail;

namespace {

struct joins_nobody : right_store {
    detail::started<std::int64_t> begin(std::shared_ptr<detail::lease> const& mine, duration now, bool) {
        return right_store::begin(mine, now, false);
    }
};

struct leaves_leases : right_store {
    memo::evicted erase_text(std::uint64_t, std::string_view, detail::reach = {}) { return {}; }
};

struct miscounts : right_store {
    memo::evicted erase_tag(std::string_view tag, detail::reach = {}) {
        right_store::erase_tag(tag);
        return memo::evicted{1};
    }
};

struct stores_behind_leases : right_store {
    detail::store_outcome commit(detail::lease& mine, std::int64_t result, detail::terms kept, std::size_t owned) {
        right_store::commit(mine, result, kept, owned);
        return right_store::set(mine.key(), result, kept, owned);
    }
};

}  // namespace

TEST_CASE("lease_laws: each broken one is named") {
    CHECK(law<detail::lease_laws, right_store>() == "none");
    expect_words(law<detail::lease_laws, joins_nobody>(), "an equal run was not joined");
    expect_words(law<detail::lease_laws, leaves_leases>(), "an eviction left a lease");
    expect_words(law<detail::lease_laws, miscounts>(), "an eviction miscounted");
    expect_words(law<detail::lease_laws, stores_behind_leases>(), "a lease stored twice");
}
