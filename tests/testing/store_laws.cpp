#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>
#include <memo/testing/null.hpp>
#include <memo/testing/policy_laws.hpp>
#include <memo/testing/recording.hpp>
#include <memo/testing/store_laws.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace std::chrono_literals;
using memo::duration;
using memo::testing::law_broken;
using memo::testing::store_laws;
namespace detail = memo::detail;

namespace {

constexpr auto many = std::numeric_limits<std::size_t>::max();

template <class Store>
void keeps_the_laws(std::size_t entries, std::size_t weight) {
    for (bool const exact_order : {true, false})
        CHECK_NOTHROW(store_laws<Store>([&] {
            return Store{detail::memory_limits{entries, weight, exact_order, 60s}};
        }));
}

using numbers = detail::memory_store<std::int64_t, memo::lru_order>;
using texts = detail::memory_store<std::shared_ptr<std::string const>, memo::lru_order>;

/// A right store; each test breaks it in one way.
struct right_store : numbers {
    right_store() : numbers{{100, 100, true, 60s}} {}
};

struct forgets : right_store {
    detail::store_outcome set(detail::key_view const&, std::int64_t, detail::terms, std::size_t) {
        return detail::store_outcome::stored;
    }
};

struct sees_places_only : right_store {
    static detail::key_view only(detail::key_view const& key) { return {key.place, "", ""}; }
    std::optional<std::int64_t> get(detail::key_view const& key, duration now) {
        return right_store::get(only(key), now);
    }
    detail::store_outcome set(detail::key_view const& key, std::int64_t result, detail::terms kept, std::size_t owned) {
        return right_store::set(only(key), result, std::move(kept), owned);
    }
};

struct knows_no_time : right_store {
    std::optional<std::int64_t> peek(detail::key_view const& key, duration) { return right_store::peek(key, 0ns); }
};

struct looks_loudly : right_store {
    std::optional<std::int64_t> peek(detail::key_view const& key, duration now) { return right_store::get(key, now); }
};

struct joins_nobody : right_store {
    detail::started<std::int64_t> begin(std::shared_ptr<detail::lease> const& mine, duration now, bool) {
        return right_store::begin(mine, now, false);
    }
};

struct leaves_leases : right_store {
    memo::evicted erase_text(std::uint64_t, std::string_view) { return {}; }
};

struct miscounts : right_store {
    memo::evicted erase_tag(std::string_view tag, memo::evict_cause cause = memo::evict_cause::tag) {
        right_store::erase_tag(tag, cause);
        return memo::evicted{1};
    }
};

struct stores_behind_leases : right_store {
    detail::store_outcome commit(detail::lease& mine, std::int64_t result, detail::terms kept, std::size_t owned) {
        right_store::commit(mine, result, kept, owned);
        return right_store::set(mine.key(), result, kept, owned);
    }
};

struct never_touches : right_store {
    bool touch(detail::key_view const& key, duration, duration now) { return right_store::peek(key, now).has_value(); }
};

struct never_sweeps : right_store {
    void sweep(duration) {}
};

struct doubts_itself : right_store {
    bool validate() const { return false; }
};

template <class Store>
std::string broken_law() {
    try {
        store_laws<Store>([] { return Store{}; });
    } catch (law_broken const& broken) {
        return broken.what();
    }
    return "none";
}

void expect_words(std::string const& message, char const* words) {
    INFO(message);
    CHECK(message.find(words) != std::string::npos);
}

}  // namespace

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("store_laws: the memory store keeps them with every policy, however it holds results") {
    keeps_the_laws<detail::memory_store<std::int64_t, memo::fifo_order>>(many, many);
    keeps_the_laws<detail::memory_store<std::int64_t, memo::lru_order>>(100, many);
    keeps_the_laws<detail::memory_store<std::int64_t, memo::lfu_order>>(100, 100);
    keeps_the_laws<detail::memory_store<double, memo::lru_order>>(many, many);
    keeps_the_laws<detail::memory_store<std::shared_ptr<std::string const>, memo::fifo_order>>(100, many);
    keeps_the_laws<texts>(many, 100);
    keeps_the_laws<detail::memory_store<std::shared_ptr<std::string const>, memo::lfu_order>>(many, many);
}

TEST_CASE("store_laws: a store that records keeps the laws of the one inside") {
    using recorded = memo::testing::recording<texts>;
    CHECK_NOTHROW(store_laws<recorded>([] { return recorded{detail::memory_limits{100, 100, true, 60s}}; }));
}

TEST_CASE("store_laws: results of a type of one's own come from a function of one's own") {
    struct point {
        int x;
        bool operator==(point const&) const = default;
    };
    using points = detail::memory_store<point, memo::lru_order>;
    CHECK_NOTHROW(store_laws<points>(
        [] {
            return points{detail::memory_limits{100, 100, true, 60s}};
        },
        [](int number) { return point{number}; }));
}

TEST_CASE("store_laws: each broken law is named") {
    CHECK(broken_law<right_store>() == "none");
    expect_words(broken_law<forgets>(), "keys decide");
    expect_words(broken_law<sees_places_only>(),
                 "store_laws(keys decide): two keys share an entry; compare identity and text");
    expect_words(broken_law<knows_no_time>(), "an old result was seen");
    expect_words(broken_law<looks_loudly>(), "a look counted as a hit");
    expect_words(broken_law<joins_nobody>(), "an equal run was not joined");
    expect_words(broken_law<leaves_leases>(), "an eviction left a lease");
    expect_words(broken_law<miscounts>(), "it evicted what is not there");
    expect_words(broken_law<stores_behind_leases>(), "a lease stored twice");
    expect_words(broken_law<never_touches>(), "a touch did not restart the lifetime");
    expect_words(broken_law<never_sweeps>(), "a sweep left what is old");
    expect_words(broken_law<doubts_itself>(), "`validate` returned false");
    expect_words(broken_law<memo::testing::null<numbers>>(), "not stored");
}

TEST_SUITE_END();
