#include "beside.hpp"

#include <memo/policy/partition_order.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

using memo::detail::partition;
using memo::detail::partition_order;
using order_hook = partition_order::hook;

namespace {

template <int Percent>
struct fixed : partition_order {
    fixed() : partition_order{partition{Percent / 100.0F}} {}
};

/// So many hooks at places of their own, admitted.
std::vector<order_hook> admitted(partition_order& order, std::size_t count, std::uint32_t first_place) {
    std::vector<order_hook> hooks(count);
    for (auto& hook : hooks) {
        hook.place = first_place++;
        order.admit(hook);
    }
    return hooks;
}

/// One more than fits: the victim leaves and `entry` comes. Returns: the victim.
order_hook* admit_for(partition_order& order, order_hook& entry) {
    auto* const leaving = order.victim();
    order.forget(*leaving);
    order.admit(entry);
    return leaving;
}

}  // namespace

TEST_CASE("partition_order: it keeps the laws of every policy, whatever its window") {
    CHECK_NOTHROW(memo::testing::policy_laws<fixed<1>>());
    CHECK_NOTHROW(memo::testing::policy_laws<fixed<30>>());
    CHECK_NOTHROW(memo::testing::policy_laws<fixed<100>>());
    CHECK_NOTHROW(memo::testing::policy_laws<fixed<30>>({.seed = 2, .hooks = 3}));
}

TEST_CASE("partition_order: plain LRU for good counts nobody, and keeps the same") {
    partition_order open{{1}};
    partition_order settled{{1}, partition_order::course::settled};
    auto left = admitted(open, 100, 1);
    auto right = admitted(settled, 100, 1);
    for (std::size_t read = 0; read < left.size(); read += 3) open.touch(left[read]), settled.touch(right[read]);
    std::vector<order_hook> more(200);
    for (std::size_t come = 0; come < more.size(); come += 2) {
        more[come].place = more[come + 1].place = static_cast<std::uint32_t>(1'000 + come);
        REQUIRE(admit_for(open, more[come])->place == admit_for(settled, more[come + 1])->place);
    }
    CHECK(open.validate());
    CHECK(settled.validate());
}

TEST_CASE("partition_order: a window of everything is LRU") {
    partition_order order{{1}};
    auto hooks = admitted(order, 10, 1);
    for (auto const at : {0U, 3U, 5U}) order.touch(hooks[at]);
    for (auto const at : {1U, 2U, 4U, 6U, 7U, 8U, 9U, 0U, 3U, 5U}) {
        REQUIRE(order.victim() == &hooks[at]);
        order.forget(hooks[at]);
    }
    CHECK(order.victim() == nullptr);
}

TEST_CASE("partition_order: with a small window what is read often outlives any number of others") {
    partition_order order{{0.01F}};
    auto hooks = admitted(order, 100, 1);
    for (int round = 0; round < 5; ++round)
        for (auto& hook : hooks) order.touch(hook);
    std::vector<order_hook> scan(10'000);
    std::uint32_t place = 1'000;
    std::size_t lost = 0;
    for (auto& hook : scan) {
        hook.place = place++;
        auto const* const leaving = admit_for(order, hook);
        if (leaving >= hooks.data() && leaving < hooks.data() + hooks.size()) ++lost;
        for (auto& often : hooks)
            if (place % 100 == 0) order.touch(often);
        if (lost > 10) break;
    }
    CHECK(lost <= 10);
    CHECK(order.validate());
}

TEST_CASE("partition_order: its generations may wrap") {
    partition_order order{{1}};
    auto hooks = admitted(order, 32, 1);
    for (std::size_t round = 0; round != 2'000; ++round)
        for (auto& hook : hooks) {
            REQUIRE(order.victim() == &hook);
            order.forget(hook);
            order.admit(hook);
        }
    CHECK(order.validate());
}

TEST_CASE("partition_order: a change of shares evicts nothing and forgets nothing") {
    partition_order order{{0.3F}};
    auto hooks = admitted(order, 200, 1);
    std::vector<order_hook> more(100);
    std::uint32_t place = 1'000;
    for (auto& hook : more) {
        hook.place = place++;
        admit_for(order, hook);
        order.touch(hook);
    }
    for (auto const window : {0.01F, 1.0F, 0.08F, 0.3F, 1.0F, 0.01F}) {
        order.follow({window});
        CHECK(order.size() == 200);
        CHECK(order.victim() != nullptr);
        CHECK(order.size() == 200);
        CHECK(order.validate());
    }
    order.follow({1});
    while (order.victim() < more.data() || order.victim() >= more.data() + more.size()) order.forget(*order.victim());
    CHECK(order.size() >= 90);
}

TEST_CASE("partition_order: for one victim a bounded number of hooks is filed anew") {
    partition_order order{{1}};
    auto hooks = admitted(order, 1'000, 1);
    for (auto& hook : hooks) order.touch(hook);
    CHECK(order.victim() == &hooks[64]);
}

TEST_CASE("partition_order: what takes the place of another keeps its standing") {
    partition_order order{{1}};
    auto hooks = admitted(order, 3, 1);
    order_hook fresh;
    fresh.place = 1;
    order.replace(hooks[0], fresh);
    CHECK(order.size() == 3);
    CHECK(order.validate());
    CHECK(order.victim() == &hooks[1]);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("partition_order: reads without a lock leave the order whole") {
    touch_beside_the_other_verbs<fixed<1>>();
    touch_beside_the_other_verbs<fixed<30>>();
    touch_beside_the_other_verbs<fixed<100>>();
}

TEST_SUITE_END();
