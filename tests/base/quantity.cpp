#include <memo/base/quantity.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

using namespace std::chrono_literals;

namespace {

using memo::detail::read_number;
using memo::detail::read_size;
using memo::detail::read_span;

}  // namespace

TEST_CASE("read_number: digits alone, up to 2^64 - 1, and nothing beside them") {
    CHECK(read_number("0") == 0U);
    CHECK(read_number("6379") == 6379U);
    CHECK(read_number("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
    for (auto const* const text : {"", "18446744073709551616", "-1", "-0", "+1", "1 ", " 1", "1.0", "1e3", "0x10", "007", "00", "1_0", "١"})
        CHECK_MESSAGE(read_number(text) == std::nullopt, text);
}

TEST_CASE("read_number: what is written in decimal is read as it was") {
    CHECK(rc::check([](std::uint64_t number) { RC_ASSERT(read_number(std::to_string(number)) == number); }));
}

TEST_CASE("read_span: a number and its unit") {
    CHECK(read_span("1ns") == 1ns);
    CHECK(read_span("20us") == 20us);
    CHECK(read_span("250ms") == 250ms);
    CHECK(read_span("30s") == 30s);
    CHECK(read_span("5m") == 5min);
    CHECK(read_span("2h") == 2h);
    CHECK(read_span("7d") == 7 * 24h);
    CHECK(read_span("9223372036854775807ns") == memo::duration::max());
}

TEST_CASE("F60 read_span: no unit, no number, zero, a sign, a blank or what no duration holds is refused") {
    for (auto const* const text : {"", "5", "ms", "0s", "-5s", "+5s", " 5s", "5 s", "5s ", "1.5s", "1e3s", "5S", "5min", "5sec", "1h30m", "9223372036854775808ns",
                                   "106752d", "18446744073709551616s", "nan", "forever", "5ms\n"})
        CHECK_MESSAGE(read_span(text) == std::nullopt, text);
}

TEST_CASE("read_size: bytes, or a number and its unit") {
    CHECK(read_size("1000") == 1000U);
    CHECK(read_size("1KiB") == 1024U);
    CHECK(read_size("64MiB") == std::size_t{64} << 20U);
    CHECK(read_size("1GiB") == std::size_t{1} << 30U);
    CHECK(read_size("2TiB") == std::size_t{2} << 40U);
    CHECK(read_size("18446744073709551615") == std::numeric_limits<std::size_t>::max());
}

TEST_CASE("F60 read_size: zero, signs, fractions, other units and what no size holds are refused") {
    for (auto const* const text : {"", "0", "0MiB", "-1", "1.5GiB", "64MB", "64mib", "64 MiB", "MiB", "64M", "16777216TiB", "18446744073709551616", "1e400"})
        CHECK_MESSAGE(read_size(text) == std::nullopt, text);
}

TEST_CASE("read_span, read_size: any text is read or refused") {
    CHECK(rc::check([](std::string const& text) {
        if (auto const span = read_span(text))
            RC_ASSERT(*span > memo::duration::zero());
        if (auto const size = read_size(text))
            RC_ASSERT(*size > 0U);
    }));
}
