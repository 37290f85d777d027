#include "against.hpp"
#include "replay.hpp"

#include <memo/policy/fifo.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <vector>

namespace {

struct naive_fifo {
    std::vector<int> oldest_first;

    void admit(int entry) { oldest_first.push_back(entry); }
    void touch(int) {}
    void forget(int entry) { std::erase(oldest_first, entry); }
    int victim() const { return oldest_first.empty() ? -1 : oldest_first.front(); }
};

}  // namespace

TEST_CASE("fifo: entries leave in the order in which they came, touched or not") {
    memo::fifo_order order;
    memo::fifo_order::hook first, second, third;
    order.admit(first);
    order.admit(second);
    order.admit(third);
    order.touch(first);
    CHECK(order.victim() == &first);
    order.forget(first);
    CHECK(order.victim() == &second);
}

TEST_CASE("fifo: an entry that comes back comes last") {
    memo::fifo_order order;
    memo::fifo_order::hook first, second;
    order.admit(first);
    order.admit(second);
    order.forget(first);
    order.admit(first);
    CHECK(order.victim() == &second);
}

TEST_CASE("fifo: it names the same victims as a naive model") { CHECK(same_victims<memo::fifo_order, naive_fifo>()); }

TEST_CASE("fifo: it keeps the laws of every policy") { CHECK_NOTHROW(memo::testing::policy_laws<memo::fifo_order>()); }

TEST_CASE("fifo: its hits over the reference traces are the expected ones") {
    check_against_traces<memo::fifo_order>({"FIFO"});
}
