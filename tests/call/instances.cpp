#include <memo/call/instances.hpp>

#include <doctest/doctest.h>

TEST_SUITE("instances") {
    TEST_CASE("instances: a later object at the same address has another number") {
        memo::detail::instances all;
        int place = 0;
        auto const first = all.enter(&place, &place);
        CHECK(all.number_of(&place) == first);
        all.leave(&place, first);
        CHECK(all.number_of(&place) == 0);
        auto const second = all.enter(&place, &place);
        CHECK(second != first);
        CHECK(all.number_of(&place) == second);
    }

    TEST_CASE("instances: an object that leaves late does not take the number of the one that came to its address") {
        memo::detail::instances all;
        int place = 0;
        auto const old = all.enter(&place, &place);
        auto const fresh = all.enter(&place, &place);
        all.leave(&place, old);
        CHECK(all.number_of(&place) == fresh);
    }

    TEST_CASE("instances: the members of one object share its number, until the last of them leaves") {
        memo::detail::instances all;
        char places[2] = {};
        auto const number = all.enter(places, &places[0]);
        CHECK(all.enter(places, &places[1]) == number);
        all.leave(places, number);
        CHECK(all.number_of(places) == number);
        all.leave(places, number);
        CHECK(all.number_of(places) == 0);
    }

    TEST_CASE("instances: an object whose place is taken without its end gives its number to nobody") {
        memo::detail::instances all;
        char places[2] = {};
        auto const old = all.enter(places, &places[0]);
        all.enter(places, &places[1]);
        auto const fresh = all.enter(places, &places[0]);
        CHECK(fresh != old);
        CHECK(all.enter(places, &places[1]) == fresh);
    }

    TEST_CASE("instances: an object without a number has 0, which is nobody's group") {
        memo::detail::instances const all;
        int place = 0;
        CHECK(all.number_of(&place) == 0);
        CHECK_FALSE(memo::detail::object_ref<int>{place}.numbered());
        CHECK(memo::detail::object_ref<int>{place, 3}.numbered());
        CHECK(memo::detail::object_group(1) != memo::detail::object_group(2));
    }
}
