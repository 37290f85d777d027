#include "table.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using memo::sim::find_policy;
using memo::sim::study;
using memo::sim::table;

study study_with(double cost) {
    return {"calls", 12'000, 3'000, cost, {3, 1'500}, {{find_policy("lru"), {{1'200, 10}, {9'000, 75}}},
                                                       {find_policy("s3_fifo"), {{600, 20}, {9'000, 75}}},
                                                       {find_policy("belady"), {{3'000, 15}, {9'000, 75}}}}};
}

}  // namespace

TEST_CASE("table: its columns are aligned, and the best that cannot see the future bear a star") {
    CHECK(table(study_with(0)) ==
          "calls: 12,000 requests for 3,000 keys; with room for all, 75.00 % would be hits\n"
          "\n"
          "  hits in %, by size      3   1,500\n"
          "  of the keys, %       0.10   50.00\n"
          "  lru                 10.00*  75.00*\n"
          "  s3_fifo              5.00   75.00*\n"
          "  belady              25.00   75.00\n");
}

TEST_CASE("table: costs have a block of their own, which says that belady is no bound there") {
    auto const text = table(study_with(100));
    CHECK(text.substr(text.find("\n\n  saved") + 2) ==
          "  saved in %, by size      3   1,500\n"
          "  of the keys, %        0.10   50.00\n"
          "  lru                  10.00   75.00*\n"
          "  s3_fifo              20.00*  75.00*\n"
          "  belady               15.00   75.00\n"
          "  (belady has most hits; it does not look at costs)\n");
}

TEST_CASE("table: nobody is best where nobody else was") {
    auto alone = study_with(0);
    alone.curves.erase(alone.curves.begin() + 1);
    CHECK(table(alone).find('*') == std::string::npos);
}
