#include "plot.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace {

using memo::sim::outcome;
using memo::sim::plot;
using memo::sim::study;

study study_of(std::string name, double cost) {
    study made{std::move(name), 1'000, 100, cost, {1, 10, 100}, {}};
    for (auto const& one : memo::sim::policies())
        made.curves.push_back({&one, {outcome{100, 10}, outcome{500, 90}, outcome{900, 100}}});
    return made;
}

std::size_t count(std::string const& text, std::string const& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1))
        ++found;
    return found;
}

/// The smallest and the greatest number of an attribute.
std::pair<double, double> span_of(std::string const& picture, std::string const& attribute) {
    std::regex const number{" " + attribute + "=\"(-?[0-9.]+)\""};
    std::pair<double, double> span{1e9, -1e9};
    for (std::sregex_iterator at{picture.begin(), picture.end(), number}, end; at != end; ++at) {
        auto const value = std::stod((*at)[1]);
        span = {std::min(span.first, value), std::max(span.second, value)};
    }
    return span;
}

}  // namespace

TEST_CASE("plot: a panel for each trace, with a curve for each policy and a point for each size") {
    std::vector const studies{study_of("first", 0), study_of("second", 0)};
    auto const picture = plot(studies);
    auto const curves = memo::sim::policies().size();
    CHECK(count(picture, "<g>") == 2);
    CHECK(count(picture, "first</text>") == 1);
    CHECK(count(picture, "second</text>") == 1);
    CHECK(count(picture, "<title>lru, 10 entries: 50.00 %</title>") == 2);
    CHECK(count(picture, "</title>") == 2 * 3 * curves);
    CHECK(count(picture, "class=\"name\"") == curves);
}

TEST_CASE("plot: everything lies inside of the picture, however many traces") {
    for (std::size_t const traces : {1U, 2U, 5U, 20U}) {
        auto const picture = plot(std::vector(traces, study_of("a trace", 0)));
        auto const width = span_of(picture, "width").second;
        auto const height = span_of(picture, "height").second;
        for (auto const* const across : {"x", "cx"}) {
            CHECK(span_of(picture, across).first >= 0);
            CHECK(span_of(picture, across).second < width);
        }
        for (auto const* const down : {"y", "cy"}) {
            CHECK(span_of(picture, down).first >= 0);
            CHECK(span_of(picture, down).second < height);
        }
    }
}

TEST_CASE("plot: what is out of reach is shaded above belady's hits, not above the costs it saves") {
    auto const picture = plot(std::vector{study_of("calls", 100)});
    CHECK(count(picture, "<g>") == 2);
    CHECK(count(picture, "class=\"beyond\"") == 1);
    CHECK(picture.find("class=\"beyond\"") < picture.find("calls: costs saved"));
    CHECK(count(picture, "belady has most hits; it does not look at costs") == 1);
}

TEST_CASE("plot: a name that is wider than its panel has dots in the place of its middle") {
    auto const name = "begin" + std::string(300, 'x') + "end";
    auto const picture = plot(std::vector{study_of(name, 0)});
    CHECK(count(picture, name) == 0);
    CHECK(count(picture, ">beginxxx") == 1);
    CHECK(count(picture, "xxxend</text>") == 1);
}

TEST_CASE("plot: names of traces are texts, not markup") {
    auto const picture = plot(std::vector{study_of("<a & \"b\">", 0)});
    CHECK(count(picture, "&lt;a &amp; &quot;b&quot;&gt;") == 1);
    CHECK(count(picture, "<a ") == 0);
}
