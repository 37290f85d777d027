#include "against.hpp"
#include "beside.hpp"
#include "replay.hpp"

#include <memo/policy/sieve.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <vector>

namespace {

struct naive_sieve {
    std::vector<int> oldest_first;
    std::map<int, bool> visited;
    std::size_t hand = 0;

    void admit(int entry) {
        if (hand == oldest_first.size() && passed_the_newest) hand = 0;
        oldest_first.push_back(entry);
        visited[entry] = false;
    }
    void touch(int entry) { visited[entry] = true; }
    void forget(int entry) {
        auto const at = static_cast<std::size_t>(std::find(oldest_first.begin(), oldest_first.end(), entry) - oldest_first.begin());
        oldest_first.erase(oldest_first.begin() + static_cast<std::ptrdiff_t>(at));
        if (at < hand) --hand;
        passed_the_newest = hand == oldest_first.size();
    }
    int victim() {
        if (oldest_first.empty()) return -1;
        if (hand >= oldest_first.size()) hand = 0;
        while (visited[oldest_first[hand]]) {
            visited[oldest_first[hand]] = false;
            hand = (hand + 1) % oldest_first.size();
        }
        return oldest_first[hand];
    }

    bool passed_the_newest = false;
};

}  // namespace

TEST_CASE("sieve: the oldest entry that nobody read leaves first") {
    memo::sieve_order order;
    memo::sieve_order::hook first, second, third;
    order.admit(first);
    order.admit(second);
    order.admit(third);
    order.touch(first);
    CHECK(order.victim() == &second);
    order.forget(second);
    CHECK(order.victim() == &third);
    order.forget(third);
    CHECK(order.victim() == &first);
}

TEST_CASE("sieve: the hand goes on from where the last one left") {
    memo::sieve_order order;
    memo::sieve_order::hook first, second, third, fourth;
    order.admit(first);
    order.admit(second);
    order.admit(third);
    order.touch(first);
    REQUIRE(order.victim() == &second);
    order.forget(second);
    order.admit(fourth);
    CHECK(order.victim() == &third);
}

TEST_CASE("sieve: an entry that comes back is as good as unread") {
    memo::sieve_order order;
    memo::sieve_order::hook first, second;
    order.admit(first);
    order.touch(first);
    order.forget(first);
    order.admit(first);
    order.admit(second);
    CHECK(order.victim() == &first);
}

TEST_CASE("sieve: a new result stands where the old one stood, also under the hand, and is as good as read") {
    memo::sieve_order order;
    memo::sieve_order::hook first, second, third, fresh;
    order.admit(first);
    order.admit(second);
    order.admit(third);
    order.touch(first);
    REQUIRE(order.victim() == &second);
    order.replace(second, fresh);
    CHECK(order.validate());
    CHECK(order.victim() == &third);
    order.forget(third);
    order.touch(first);
    CHECK(order.victim() == &fresh);
}

TEST_CASE("sieve: it names the same victims as a naive model") { CHECK(same_victims<memo::sieve_order, naive_sieve>()); }

TEST_CASE("sieve: it keeps the laws of every policy") {
    CHECK_NOTHROW(memo::testing::policy_laws<memo::sieve_order>());
    CHECK_NOTHROW(memo::testing::policy_laws<memo::sieve_order>({.seed = 2, .hooks = 3}));
}

TEST_CASE("sieve: its hits over the reference traces are the expected ones") {
    check_against_traces<memo::sieve_order>({"SIEVE"});
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("sieve: reads without a lock leave the order whole") { touch_beside_the_other_verbs<memo::sieve_order>(); }

TEST_SUITE_END();
