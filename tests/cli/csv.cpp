#include "csv.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace {

using memo::sim::csv;
using memo::sim::study;

constexpr auto head = "trace,policy,size,requests,hits,hit_ratio,cost_saved_ratio\n";

study study_of(std::string name, double cost) {
    return {std::move(name), 8, 4, cost, {1, 2}, {{memo::sim::find_policy("lru"), {{1, 10}, {2, 20}}}, {memo::sim::find_policy("fifo"), {{0, 0}, {8, 30}}}}};
}

}  // namespace

TEST_CASE("csv: a line for each policy and size, and nothing where costs are not known") {
    CHECK(csv(std::vector{study_of("a", 0)}) == head + std::string{"a,lru,1,8,1,0.125000,\na,lru,2,8,2,0.250000,\n"
                                                                   "a,fifo,1,8,0,0.000000,\na,fifo,2,8,8,1.000000,\n"});
}

TEST_CASE("csv: the costs of hits as a share of all") {
    CHECK(csv(std::vector{study_of("a", 30)}) == head + std::string{"a,lru,1,8,1,0.125000,0.333333\na,lru,2,8,2,0.250000,0.666667\n"
                                                                    "a,fifo,1,8,0,0.000000,0.000000\na,fifo,2,8,8,1.000000,1.000000\n"});
}

TEST_CASE("csv: names with commas and quotes stand in quotes") {
    CHECK(csv(std::vector{study_of("a,b", 0)}).find("\n\"a,b\",lru,") != std::string::npos);
    CHECK(csv(std::vector{study_of("\"a\"", 0)}).find("\n\"\"\"a\"\"\",lru,") != std::string::npos);
}
