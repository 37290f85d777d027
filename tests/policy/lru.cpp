#include "against.hpp"
#include "replay.hpp"

#include <memo/policy/lru.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace {

struct naive_lru {
    std::vector<int> longest_untouched_first;

    void admit(int entry) { longest_untouched_first.push_back(entry); }
    void touch(int entry) {
        forget(entry);
        admit(entry);
    }
    void forget(int entry) { std::erase(longest_untouched_first, entry); }
    int victim() const { return longest_untouched_first.empty() ? -1 : longest_untouched_first.front(); }
};

}  // namespace

TEST_CASE("lru: the entry that was touched longest ago leaves first") {
    memo::lru_order order;
    memo::lru_order::hook first, second, third;
    order.admit(first);
    order.admit(second);
    order.admit(third);
    CHECK(order.victim() == &first);
    order.touch(first);
    CHECK(order.victim() == &second);
    order.forget(second);
    CHECK(order.victim() == &third);
}

TEST_CASE("lru: an order without entries has no victim") {
    memo::lru_order order;
    CHECK(order.victim() == nullptr);
    CHECK(order.validate());
}

TEST_CASE("lru: it names the same victims as a naive model") { CHECK(same_victims<memo::lru_order, naive_lru>()); }

TEST_CASE("lru: it keeps the laws of every policy") { CHECK_NOTHROW(memo::testing::policy_laws<memo::lru_order>()); }

TEST_CASE("lru: its hits over the reference traces are the expected ones") {
    check_against_traces<memo::lru_order>({"LRU"});
}
