#include "wording.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

using memo::sim::brief;
using memo::sim::shortened;

TEST_CASE("brief: every number has at most three digits before the point") {
    CHECK(brief(950) == "950");
    CHECK(brief(2'500) == "2.5k");
    CHECK(brief(1e7) == "10M");
    CHECK(brief(1e14) == "100T");
    CHECK(brief(static_cast<double>(std::numeric_limits<std::uint64_t>::max())) == "18.45E");
}

TEST_CASE("shortened: what fits stays, and what does not loses its middle") {
    CHECK(shortened("a trace", 7) == "a trace");
    CHECK(shortened("", 7).empty());
    CHECK(shortened("the first and the last", 9) == "the \u2026last");
    CHECK(shortened("the first and the last", 10) == "the \u2026last");
}

TEST_CASE("shortened: it cuts between characters, and wide ones count twice") {
    CHECK(shortened("\u00e4\u00f6\u00fc\u00df", 5) == "\u00e4\u00f6\u00fc\u00df");
    CHECK(shortened("\u00e4\u00f6\u00fc\u00df\u00e4\u00f6\u00fc", 5) == "\u00e4\u00f6\u2026\u00f6\u00fc");
    CHECK(shortened("\u65e5\u672c\u8a9e", 6) == "\u65e5\u672c\u8a9e");
    CHECK(shortened("\u65e5\u672c\u8a9e", 5) == "\u65e5\u2026\u8a9e");
    CHECK(shortened("\u65e5\u672c\u8a9e\u65e5", 7) == "\u65e5\u2026\u65e5");
}
