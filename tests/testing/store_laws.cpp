#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>
#include <memo/testing/law_broken.hpp>
#include <memo/testing/null.hpp>
#include <memo/testing/recording.hpp>
#include <memo/testing/store_laws.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

using namespace std::chrono_literals;
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

TEST_CASE("store_laws: a store that breaks any of them is refused, with the law's name") {
    using nothing = memo::testing::null<numbers>;
    CHECK_THROWS_WITH_AS(store_laws<nothing>([] { return nothing{detail::memory_limits{100, 100, true, 60s}}; }),
                         doctest::Contains("store_laws("), law_broken);
}

TEST_SUITE_END();
