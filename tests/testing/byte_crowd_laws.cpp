#include "testing/broken_bytes.hpp"

#include <memo/testing/byte_crowd_laws.hpp>

#include <doctest/doctest.h>

using enum simple::flaw;

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("byte_crowd_laws: a store that looks first and acts later is refused") {
    broken::expect_refused<memo::detail::byte_crowd_laws>({
        {add_in_two_steps, "several threads added"},
        {commit_in_two_steps, "computed before"},
    });
}

TEST_SUITE_END();
