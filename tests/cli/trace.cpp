#include "trace.hpp"

#include "../folder.hpp"

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace {

using memo::sim::read_costs;
using memo::sim::read_trace;
using memo::sim::trace_name;

struct files {
    std::string operator()(std::string const& name, std::string const& text) const {
        std::ofstream{place / name, std::ios::binary} << text;
        return place / name;
    }

    folder place;
};

}  // namespace

TEST_CASE("read_trace: equal lines are equal keys, numbered as they first appear") {
    files const write;
    auto const read = read_trace(write("a.txt", "pear\napple\npear\n pear\nPear\napple\n"));
    CHECK(read.name == "a");
    CHECK(read.requests == std::vector<std::uint32_t>{0, 1, 0, 2, 3, 1});
    CHECK(read.keys() == 4);
    CHECK(std::set<std::uint64_t>(read.places.begin(), read.places.end()).size() == 4);
}

TEST_CASE("read_trace: many keys keep their numbers") {
    files const write;
    std::string text;
    constexpr std::uint32_t keys = 5'000;
    for (int round = 0; round != 2; ++round)
        for (std::uint32_t key = 0; key != keys; ++key)
            text += "key " + std::to_string(key) + '\n';
    auto const read = read_trace(write("a", text));
    REQUIRE(read.requests.size() == 2 * keys);
    for (std::uint32_t at = 0; at != 2 * keys; ++at)
        REQUIRE(read.requests[at] == at % keys);
}

TEST_CASE("read_trace: an empty line and an empty file are refused by their place") {
    files const write;
    CHECK_THROWS_WITH_AS(read_trace(write("a", "1\n\n2\n")), doctest::Contains("/a:2: this line is empty; write one key per line"), memo::error);
    CHECK_THROWS_WITH_AS(read_trace(write("b", "")), doctest::Contains("/b: holds no request; write one key per line"), memo::error);
}

TEST_CASE("read_costs: one whole number for each key, no more and no less") {
    files const write;
    auto const of = read_trace(write("calls.txt", "x\ny\nx\n"));
    CHECK(read_costs(write("right", "7\n0"), of) == std::vector<std::uint64_t>{7, 0});
    CHECK_THROWS_WITH_AS(read_costs(write("word", "7\n8 ns\n"), of), doctest::Contains("/word:2: this is no cost; write a whole number"), memo::error);
    CHECK_THROWS_WITH_AS(read_costs(write("short", "7\n"), of),
                         doctest::Contains("/short:2: the costs end here, but calls has 2 distinct keys; write one line for each"), memo::error);
    CHECK_THROWS_WITH_AS(read_costs(write("long", "7\n8\n9\n"), of),
                         doctest::Contains("/long:3: a cost too many: calls has 2 distinct keys; write one line for each"), memo::error);
}

TEST_CASE("trace_name: is the file's, without its folder and what says how it is written") {
    CHECK(trace_name("/var/log/requests.log.gz") == "requests");
    CHECK(trace_name("a.b.txt.zst") == "a.b");
    CHECK(trace_name("a") == "a");
    CHECK(trace_name("-") == "stdin");
}
