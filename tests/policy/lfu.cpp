#include "against.hpp"
#include "replay.hpp"
#include "scarce.hpp"

#include <memo/policy/lfu.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdlib>
#include <map>
#include <new>
#include <utility>
#include <vector>

using scarce::allocations;
using scarce::out_of_memory;

[[gnu::noinline]] void* operator new(std::size_t bytes) {
    ++allocations;
    if (void* const block = out_of_memory ? nullptr : std::malloc(bytes == 0 ? 1 : bytes)) return block;
    throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new(std::size_t bytes, std::nothrow_t const&) noexcept {
    ++allocations;
    return out_of_memory ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
}
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }

namespace {

struct naive_lfu {
    std::map<int, std::pair<int, int>> accesses_and_last;
    int now = 0;

    void admit(int entry) { accesses_and_last[entry] = {1, ++now}; }
    void touch(int entry) { accesses_and_last[entry] = {accesses_and_last[entry].first + 1, ++now}; }
    void forget(int entry) { accesses_and_last.erase(entry); }
    int victim() const {
        int least = -1;
        for (auto const& [entry, rank] : accesses_and_last) {
            if (least < 0 || rank < accesses_and_last.at(least)) least = entry;
        }
        return least;
    }
};

using order_hook = memo::lfu_order::hook;

}  // namespace

TEST_CASE("lfu: the entry with the fewest accesses leaves first") {
    memo::lfu_order order;
    order_hook often, once, twice;
    order.admit(often);
    order.admit(once);
    order.admit(twice);
    order.touch(often);
    order.touch(often);
    order.touch(twice);
    CHECK(order.victim() == &once);
    order.forget(once);
    CHECK(order.victim() == &twice);
    order.forget(twice);
    CHECK(order.victim() == &often);
}

TEST_CASE("lfu: of equally many accesses the entry that was touched longest ago leaves first") {
    memo::lfu_order order;
    order_hook first, second;
    order.admit(first);
    order.admit(second);
    CHECK(order.victim() == &first);
    order.touch(second);
    order.touch(first);
    CHECK(order.victim() == &second);
}

TEST_CASE("lfu: accesses are forgotten with the entry") {
    memo::lfu_order order;
    order_hook returning, other;
    order.admit(returning);
    for (int i = 0; i < 10; ++i) order.touch(returning);
    order.admit(other);
    order.touch(other);
    order.forget(returning);
    order.admit(returning);
    CHECK(order.victim() == &returning);
}

TEST_CASE("lfu: it names the same victims as a naive model") { CHECK(same_victims<memo::lfu_order, naive_lfu>()); }

TEST_CASE("lfu: it keeps the laws of every policy, and a touch allocates nothing") {
    CHECK_NOTHROW(memo::testing::policy_laws<memo::lfu_order>({.allocations = [] { return allocations; }}));
    CHECK_NOTHROW(memo::testing::policy_laws<memo::lfu_order>({.seed = 2, .hooks = 3}));
}

TEST_CASE("lfu: a full cache whose entries come and go allocates nothing") {
    memo::lfu_order order;
    std::vector<order_hook> hooks(100);
    for (auto& hook : hooks) order.admit(hook);
    auto const before = allocations;
    for (int i = 0; i < 10'000; ++i) {
        auto* const leaving = order.victim();
        order.forget(*leaving);
        order.admit(*leaving);
        for (int touches = 0; touches < i % 7; ++touches) order.touch(*leaving);
    }
    CHECK(allocations == before);
    CHECK(order.validate());
}

TEST_CASE("lfu: as many different counts as entries find room") {
    memo::lfu_order order;
    std::vector<order_hook> hooks(50);
    for (auto& hook : hooks) order.admit(hook);
    for (std::size_t i = 0; i < hooks.size(); ++i) {
        for (std::size_t touches = 0; touches <= 3 * i; ++touches) order.touch(hooks[i]);
    }
    CHECK(order.validate());
    for (auto& hook : hooks) {
        REQUIRE(order.victim() == &hook);
        order.forget(hook);
    }
}

TEST_CASE("lfu: without memory it orders by recency and stays whole") {
    out_of_memory = true;
    memo::lfu_order order;
    order_hook first, second;
    order.admit(first);
    order.admit(second);
    order.touch(first);
    CHECK(order.victim() == &second);
    CHECK(order.validate());
    out_of_memory = false;
    CHECK_NOTHROW(memo::testing::policy_laws<memo::lfu_order>({.steps = 100}));
}

TEST_CASE("lfu: its hits over the reference traces are the expected ones") {
    check_against_traces<memo::lfu_order>({"LFU"});
}
