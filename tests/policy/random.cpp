#include "beside.hpp"
#include "scarce.hpp"

#include <memo/policy/random.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

using scarce::out_of_memory;

namespace {

/// Which of ten entries leaves, in each of many rounds.
std::vector<std::size_t> choices(std::uint64_t seed, std::size_t rounds) {
    memo::random_order order{seed};
    std::array<memo::random_order::hook, 10> hooks;
    for (auto& hook : hooks) order.admit(hook);
    std::vector<std::size_t> chosen;
    for (std::size_t round = 0; round < rounds; ++round) {
        auto* const victim = order.victim();
        chosen.push_back(static_cast<std::size_t>(victim - hooks.data()));
        order.forget(*victim);
        order.admit(*victim);
    }
    return chosen;
}

}  // namespace

TEST_CASE("random: each entry leaves about as often as the others") {
    std::array<int, 10> times{};
    for (auto const chosen : choices(7, 10'000)) ++times[chosen];
    for (auto const count : times) {
        CHECK(count > 850);
        CHECK(count < 1'150);
    }
}

TEST_CASE("random: equal seeds choose equally, others do not") {
    CHECK(choices(1, 100) == choices(1, 100));
    CHECK(choices(1, 100) != choices(2, 100));
}

TEST_CASE("random: the one that is named leaves next, until entries come or go") {
    memo::random_order order;
    std::array<memo::random_order::hook, 10> hooks;
    for (auto& hook : hooks) order.admit(hook);
    auto* const named = order.victim();
    for (auto& hook : hooks) order.touch(hook);
    CHECK(order.victim() == named);
}

TEST_CASE("random: a new result leaves in the place of the old one, in the row or beside it") {
    memo::random_order order;
    std::array<memo::random_order::hook, 3> hooks;
    std::array<memo::random_order::hook, 3> fresh;
    out_of_memory = true;
    order.admit(hooks[0]);
    out_of_memory = false;
    order.admit(hooks[1]);
    order.admit(hooks[2]);
    for (std::size_t i = 0; i < 3; ++i) order.replace(hooks[i], fresh[i]);
    CHECK(order.validate());
    for (int left = 3; left > 0; --left) {
        auto* const victim = order.victim();
        CHECK((victim >= fresh.data() && victim < fresh.data() + 3));
        order.forget(*victim);
    }
    CHECK(order.victim() == nullptr);
}

TEST_CASE("random: it keeps the laws of every policy") {
    CHECK_NOTHROW(memo::testing::policy_laws<memo::random_order>());
    CHECK_NOTHROW(memo::testing::policy_laws<memo::random_order>({.seed = 2, .hooks = 1'000, .steps = 5'000}));
}

TEST_CASE("random: without memory entries find a place all the same, and leave first") {
    memo::random_order order;
    std::vector<memo::random_order::hook> hooks(5);
    out_of_memory = true;
    for (auto& hook : hooks) order.admit(hook);
    out_of_memory = false;
    memo::random_order::hook later;
    order.admit(later);
    CHECK(order.validate());
    order.forget(hooks[2]);
    for (int left = 4; left > 0; --left) {
        auto* const victim = order.victim();
        REQUIRE(victim != nullptr);
        CHECK(victim != &later);
        order.forget(*victim);
        CHECK(order.validate());
    }
    CHECK(order.victim() == &later);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("random: reads without a lock leave the order whole") { touch_beside_the_other_verbs<memo::random_order>(); }

TEST_SUITE_END();
