#include <memo/base/evicted.hpp>

#include <doctest/doctest.h>

TEST_SUITE("evicted") {
    using memo::evicted;

    TEST_CASE("evicted: two together are as good as the worse of them, and count both") {
        evicted const good{2};
        evicted const unknown{1, evicted::outcome::indeterminate};
        evicted const bad{0, evicted::outcome::failed};
        CHECK((good + good).confirmed());
        CHECK((good + good).count() == 4);
        CHECK((good + unknown).indeterminate());
        CHECK((unknown + bad + good).failed());
        CHECK((unknown + bad + good).count() == 3);
    }

    TEST_CASE("evicted: nothing to do is confirmed") {
        CHECK(evicted{}.confirmed());
        CHECK(evicted{}.count() == 0);
        CHECK_FALSE(evicted{}.failed());
        CHECK_FALSE(evicted{}.indeterminate());
    }
}
