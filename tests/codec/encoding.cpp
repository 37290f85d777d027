#include "codec/specimens.hpp"
#include "codec/values.hpp"

#include <memo/codec/encoding.hpp>

#include <doctest/doctest.h>

#include <bitset>
#include <chrono>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

using namespace values;

namespace {

/// May throw while it is moved, so that a variant that takes it may be left with nothing.
struct restless {
    struct fails {};

    BOOST_HANA_DEFINE_STRUCT(restless, (std::int32_t, number));
    restless() = default;
    explicit restless(fails) { throw std::length_error{"never comes about"}; }
    restless(restless const& other) noexcept(false) : number{other.number} {}
    restless& operator=(restless const&) = default;
};

/// The bytes of values as they are now. A line that once was released is never changed; new ones are added at the end.
std::vector<std::string> current_lines() {
    std::vector<std::string> lines;
    auto const add = [&lines](std::string_view what, auto const& value) {
        using type = std::remove_cvref_t<decltype(value)>;
        auto const bytes = encoded(value);
        CHECK(encoded(decoded<type>(bytes)) == bytes);
        lines.push_back(std::string{what} + " | " + memo::codec_traits<type>::schema() + " | " + to_hex(bytes));
    };
    add("bool", true);
    add("int32 -2", std::int32_t{-2});
    add("double 1.5", 1.5);
    add("color", color::blue);
    add("text", std::string{"abc"});
    add("no optional", std::optional<std::int16_t>{});
    add("optional", std::optional<std::int16_t>{-1});
    add("variant", std::variant<std::monostate, std::int32_t, std::string>{"x"});
    add("pair", std::pair<std::string, std::uint8_t>{"a", 1});
    add("tuple", std::tuple<char, float, bool>{'c', 0.5F, false});
    add("list of int16", std::vector<std::int16_t>{1, -1});
    add("list of text", std::list<std::string>{"a", "", "bc"});
    add("list of bool", std::vector<bool>{true, false});
    add("list of units", std::vector<std::monostate>(3));
    add("forward list", std::forward_list<std::int8_t>{1, 2});
    add("array of int32", std::array<std::int32_t, 2>{1, 2});
    add("array of text", std::array<std::string, 2>{"a", "b"});
    add("set", std::set<std::string>{"b", "a"});
    add("multiset", std::multiset<std::int8_t>{2, 1, 2});
    add("map", std::map<std::string, std::int8_t>{{"b", 2}, {"a", 1}});
    add("unordered map", std::unordered_map<std::string, std::int8_t>{{"b", 2}});
    add("bits", std::bitset<9>{0x105});
    add("duration", std::chrono::duration<std::int64_t, std::milli>{1500});
    add("complex", std::complex<double>{1, -2});
    add("annotated", address{"Bonn", 53111});
    add("tree", tree{1, {{2, {}}, {3, {{4, {}}}}}});
    add("by cereal", ann());
    add("list of text of 200 x", std::vector<std::string>{std::string(200, 'x')});
    return lines;
}

}  // namespace

TEST_CASE("F09 encoding: the bytes and schemas of values are those of every release") {
    auto const current = current_lines();
    auto const kept = specimens::kept_lines("values.txt", current);
    REQUIRE(kept.size() == current.size());
    for (std::size_t index = 0; index != kept.size(); ++index)
        CHECK(current[index] == kept[index]);
}

TEST_CASE("encoding: values of all standard types come back") {
    chance from{1};
    for (unsigned round = 0; round != 2000; ++round) {
        auto const value = any<lattice>(from);
        REQUIRE(decoded<lattice>(encoded(value)) == value);
    }
}

TEST_CASE("encoding: annotated, driven and nested values come back") {
    using nested = std::map<std::string, std::optional<std::vector<std::variant<user, tree, empty>>>>;
    chance from{2};
    for (unsigned round = 0; round != 2000; ++round) {
        auto const value = any<nested>(from);
        auto const bytes = encoded(value);
        auto const again = decoded<nested>(bytes);
        REQUIRE(again == value);
        REQUIRE(encoded(again) == bytes);
    }
    CHECK(encoded(empty{}).empty());
}

TEST_CASE("encoding: elements that take no bytes come back in their number") {
    for (std::size_t count : {0U, 1U, 5U, 1000U}) {
        CHECK(decoded<std::vector<empty>>(encoded(std::vector<empty>(count))).size() == count);
        CHECK(decoded<std::list<std::monostate>>(encoded(std::list<std::monostate>(count))).size() == count);
        CHECK(decoded<std::vector<std::tuple<>>>(encoded(std::vector<std::tuple<>>(count))).size() == count);
    }
    CHECK(refuses<std::vector<empty>>(std::string{"\x02\0\x01", 3}));
    CHECK(refuses<std::vector<empty>>(std::string{"\x02\0", 2}));
}

TEST_CASE("F12 encoding: what is nested too deep to be read is not written") {
    auto const nested = [](unsigned levels) {
        tree top{};
        for (unsigned level = 1; level < levels; ++level) {
            tree above{};
            above.children.push_back(std::move(top));
            top = std::move(above);
        }
        return top;
    };
    auto const deepest = nested(32);
    CHECK(decoded<tree>(encoded(deepest)) == deepest);
    CHECK_THROWS_AS(encoded(nested(33)), memo::value_error);
}

TEST_CASE("encoding: a variant that holds nothing is refused") {
    std::variant<std::int32_t, restless> value{7};
    CHECK_THROWS_AS(value.emplace<1>(restless::fails{}), std::length_error);
    REQUIRE(value.valueless_by_exception());
    CHECK_THROWS_AS(encoded(value), memo::value_error);
}
