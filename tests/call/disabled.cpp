#include <memo/call/disabled.hpp>

#include <doctest/doctest.h>

TEST_CASE("disabled: holds while any of the scopes that count it lives") {
    using memo::detail::disabling_scopes;
    CHECK_FALSE(memo::detail::disabled());
    disabling_scopes += 2;
    CHECK(memo::detail::disabled());
    disabling_scopes -= 1;
    CHECK(memo::detail::disabled());
    disabling_scopes -= 1;
    CHECK_FALSE(memo::detail::disabled());
}
