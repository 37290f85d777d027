#include "testing/broken_bytes.hpp"

#include <memo/testing/byte_lifetime_laws.hpp>

#include <doctest/doctest.h>

using enum simple::flaw;

TEST_CASE("byte_lifetime_laws: a store that shows entries too long, or not long enough, is refused") {
    broken::expect_refused<memo::detail::byte_lifetime_laws>({
        {lifetime_ignored, "after its lifetime"},
        {lifetime_overflows, "before its lifetime"},
        {set_keeps_lifetime, "lifetime of its predecessor"},
        {amend_revives, "brought back"},
    });
}
