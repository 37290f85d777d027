#include <memo/base/key_view.hpp>

#include <doctest/doctest.h>

TEST_SUITE("key_view") {
    using memo::detail::key_view;

    TEST_CASE("F01: keys at one place are equal only when their identity is") {
        CHECK(key_view{7, "a", {}} == key_view{7, "a", {}});
        CHECK_FALSE(key_view{7, "a", {}} == key_view{7, "b", {}});
        CHECK_FALSE(key_view{7, "a", {}} == key_view{8, "a", {}});
    }

    TEST_CASE("key_view: one text with two identities is two keys, and so is one identity with two texts") {
        CHECK_FALSE(key_view{7, "a", "t"} == key_view{7, "b", "t"});
        CHECK_FALSE(key_view{7, "a", "t"} == key_view{7, "a", "u"});
        CHECK_FALSE(key_view{7, "a", "t"} == key_view{7, "a", {}});
        CHECK(key_view{7, "a", "t"} == key_view{7, "a", "t"});
    }
}
