#include "arguments.hpp"

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

using memo::sim::read_arguments;
using words = std::vector<std::string>;

std::string complaint_about(words const& said) {
    try {
        read_arguments(said);
    } catch (memo::config_error const& fault) {
        return fault.what();
    }
    return "none";
}

std::vector<std::string_view> names_in(memo::sim::arguments const& read) {
    std::vector<std::string_view> names;
    for (auto const* const one : read.policies)
        names.push_back(one->name);
    return names;
}

}  // namespace

TEST_CASE("read_arguments: lists, files and traces stand in any order, with a blank or a sign of equality") {
    auto const read = read_arguments({"--policy", "lru,belady", "a.txt", "--size=100,0.5%", "--csv", "a.csv", "--svg=a.svg", "b.txt",
                                      "--cost", "a.cost", "--cost", "b.cost"});
    CHECK(read.what == memo::sim::wish::replay);
    CHECK(names_in(read) == std::vector<std::string_view>{"lru", "belady"});
    REQUIRE(read.sizes.size() == 2);
    CHECK(read.sizes[0].of(1'000'000) == 100);
    CHECK(read.sizes[1].of(1'000'000) == 5'000);
    CHECK(read.traces == words{"a.txt", "b.txt"});
    CHECK(read.costs == words{"a.cost", "b.cost"});
    CHECK(read.csv == "a.csv");
    CHECK(read.svg == "a.svg");
}

TEST_CASE("read_arguments: what is left out means every policy, and sizes from 0.1 % to 10 %") {
    auto const read = read_arguments({"a.txt"});
    CHECK(read.policies.size() == memo::sim::policies().size());
    REQUIRE(read.sizes.size() > 2);
    CHECK(read.sizes.front().of(100'000) == 100);
    CHECK(read.sizes.back().of(100'000) == 10'000);
    CHECK(read.csv.empty());
    CHECK(read.svg.empty());
}

TEST_CASE("read_arguments: a policy or size that is named twice counts once") {
    auto const read = read_arguments({"--policy", "lru,lru", "--policy", "fifo,lru", "--size", "10,10", "--size", "10", "a.txt"});
    CHECK(names_in(read) == std::vector<std::string_view>{"lru", "fifo"});
    CHECK(read.sizes.size() == 1);
}

TEST_CASE("read_arguments: -- ends the options, and - is the standard input") {
    auto const read = read_arguments({"-", "--", "--policy", "--"});
    CHECK(read.traces == words{"-", "--policy", "--"});
}

TEST_CASE("read_arguments: help and version need no trace") {
    CHECK(read_arguments({"--help"}).what == memo::sim::wish::help);
    CHECK(read_arguments({"-h"}).what == memo::sim::wish::help);
    CHECK(read_arguments({"--size", "10", "--version"}).what == memo::sim::wish::version);
}

TEST_CASE("read_arguments: what is wrong is named, and what to write") {
    struct fault {
        words said;
        std::string_view place;
        std::string_view remedy;
    };
    for (auto const& [said, place, remedy] : std::vector<fault>{
             {{}, "no trace", "write memo-sim TRACE..."},
             {{""}, "empty", "name a file"},
             {{"--polcy", "lru", "a"}, "--polcy", "--help"},
             {{"-x", "a"}, "-x: is no option", "--help"},
             {{"a", "--policy"}, "--policy: has no value", "--help"},
             {{"--policy=", "a"}, "--policy: its value is empty", "--help"},
             {{"--policy", "lru,lruu", "a"}, "--policy: `lruu` is no policy", "write some of adaptive"},
             {{"--policy", "lru,", "a"}, "--policy: `` is no policy", "belady"},
             {{"--policy", "\x1b[31m", "a"}, "`?[31m`", "belady"},
             {{"--size", "0", "a"}, "--size: `0` is no size", "such as 1000"},
             {{"--size", "101%", "a"}, "--size: `101%` is no size", "100%"},
             {{"--csv", "x", "--csv", "y", "a"}, "--csv: was given twice", "once"},
             {{"--csv", "x", "--svg", "x", "a"}, "--svg: is the file of --csv", "another"},
             {{"--csv", "x", "--svg", "./x", "a"}, "--svg: is the file of --csv", "another"},
             {{"--csv", "a"}, "no trace", "write memo-sim TRACE..."},
             {{"--csv", "a", "b", "./a"}, "--csv: is a file that is read", "another"},
             {{"--svg", "c", "--cost", "c", "a"}, "--svg: is a file that is read", "another"},
             {{"--csv", "-", "a"}, "--csv: - is no file", "write /dev/stdout"},
             {{"--cost", "x", "a", "b"}, "--cost: 1 given for 2 traces", "one for each"},
             {{"-", "--cost", "-"}, "-: the standard input can be read once", "name files"},
         }) {
        auto const told = complaint_about(said);
        CHECK_MESSAGE(told.find(place) != told.npos, told);
        CHECK_MESSAGE(told.find(remedy, told.find(';')) != told.npos, told);
    }
}

TEST_CASE("help: names every policy and option, on lines that a terminal of 120 columns holds") {
    auto const text = memo::sim::help();
    for (auto const& one : memo::sim::policies())
        CHECK_MESSAGE(text.find(' ' + std::string{one.name} + ' ') != text.npos, one.name);
    for (auto const* const option : {"--policy", "--size", "--cost", "--csv", "--svg", "--help", "--version"})
        CHECK_MESSAGE(text.find(option) != text.npos, option);
    std::size_t begin = 0;
    for (auto end = text.find('\n'); end != text.npos; begin = end + 1, end = text.find('\n', begin))
        CHECK_MESSAGE(end - begin <= 120, text.substr(begin, end - begin));
}
