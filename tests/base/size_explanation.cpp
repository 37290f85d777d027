#include <memo/base/size_explanation.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <sstream>

namespace {

memo::size_explanation told(std::array<double, 7> const& ratios, double a_minute = 0) {
    memo::size_explanation all;
    for (std::size_t at = 0; at != ratios.size(); ++at)
        all.points[at] = {std::size_t{100} << at, ratios[at], ratios[at] * a_minute};
    return all;
}

}  // namespace

TEST_CASE("explain_size: the sentence tells what the next size that helps would bring") {
    CHECK(told({0.1, 0.2, 0.5, 0.81, 0.93, 0.94, 0.95}, 34).text() ==
          "twice the size would raise the hit ratio from 81 % to 93 % and save 4.1 s a minute");
    CHECK(told({0.1, 0.2, 0.5, 0.81, 0.93, 0.94, 0.95}).text() ==
          "twice the size would raise the hit ratio from 81 % to 93 %");
    CHECK(told({0.1, 0.2, 0.5, 0.8, 0.8, 0.8, 0.9}).text() ==
          "eight times the size would raise the hit ratio from 80 % to 90 %");
}

TEST_CASE("explain_size: where a larger cache gains nothing, the sentence tells how small it may be") {
    CHECK(told({0.1, 0.2, 0.7, 0.81, 0.81, 0.812, 0.815}).text() ==
          "a larger cache would gain nothing, the hit ratio is 81 %; half the size would lower it to 70 %");
    CHECK(told({0.1, 0.8, 0.81, 0.81, 0.81, 0.81, 0.81}).text() ==
          "a larger cache would gain nothing, the hit ratio is 81 %; half the size would do");
    CHECK(told({0.81, 0.81, 0.81, 0.81, 0.81, 0.81, 0.81}).text() ==
          "a larger cache would gain nothing, the hit ratio is 81 %; an eighth of the size would do");
}

TEST_CASE("explain_size: what nobody knows is said in place of a curve") {
    auto none = told({});
    CHECK(none.known());
    none.why = "too few calls";
    CHECK_FALSE(none.known());
    std::ostringstream out;
    out << none;
    CHECK(out.str() == "too few calls");
    CHECK(none.text() == out.str());
}
