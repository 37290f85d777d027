#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

TEST_SUITE("error") {
    TEST_CASE("error: each is a memo::error, and that a runtime_error, with its code and its message") {
        auto const check = [](memo::error const& thrown, memo::error_code code) {
            CHECK(thrown.code() == code);
            CHECK(std::string{static_cast<std::runtime_error const&>(thrown).what()} == "who: what; do");
        };
        check(memo::key_error{"who: what; do"}, memo::error_code::bad_key);
        check(memo::value_error{"who: what; do"}, memo::error_code::bad_value);
        check(memo::connection_error{"who: what; do"}, memo::error_code::unreachable);
        check(memo::connection_error{"who: what; do", memo::error_code::timed_out}, memo::error_code::timed_out);
        check(memo::recursion_error{"who: what; do"}, memo::error_code::recursion);
        check(memo::config_error{"who: what; do"}, memo::error_code::bad_config);
    }
}
