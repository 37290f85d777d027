#include <memo/call/instances.hpp>

#include <doctest/doctest.h>

TEST_SUITE("instances") {
    TEST_CASE("instances: a later object at the same address has another number") {
        memo::detail::instances all;
        int place = 0;
        auto const first = all.enter(&place);
        CHECK(all.number_of(&place) == first);
        all.leave(&place, first);
        CHECK(all.number_of(&place) == 0);
        auto const second = all.enter(&place);
        CHECK(second != first);
        CHECK(all.number_of(&place) == second);
    }

    TEST_CASE("instances: an object that leaves late does not take the number of the one that came to its address") {
        memo::detail::instances all;
        int place = 0;
        auto const old = all.enter(&place);
        auto const fresh = all.enter(&place);
        all.leave(&place, old);
        CHECK(all.number_of(&place) == fresh);
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
