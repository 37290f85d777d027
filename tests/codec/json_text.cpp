#include <memo/base/error.hpp>
#include <memo/codec/json_text.hpp>

#include <doctest/doctest.h>

#include <string>

using memo::detail::bound_json;
using memo::detail::same_json;

TEST_CASE("F12 json_text: brackets are counted outside of quotes, and too many are refused before anything is parsed") {
    std::string deep(64, '[');
    CHECK_NOTHROW(bound_json(deep, {}));
    CHECK_THROWS_AS(bound_json(deep + '{', {}), memo::value_error);
    CHECK_THROWS_AS(bound_json(std::string(1'000'000, '['), {}), memo::value_error);
    CHECK_NOTHROW(bound_json('"' + std::string(1000, '[') + '"', {}));
    CHECK_NOTHROW(bound_json(R"("\")" + std::string(1000, '[') + '"', {}));
    CHECK_THROWS_AS(bound_json(R"("\\")" + std::string(1000, '[') + '"', {}), memo::value_error);
    std::string wide;
    for (int pair = 0; pair != 1000; ++pair)
        wide += "[]";
    CHECK_NOTHROW(bound_json(wide, {.depth = 1}));
}

TEST_CASE("F10 json_text: too long a text and too many elements are refused") {
    CHECK_THROWS_AS(bound_json(std::string(1000, ' '), {.bytes = 15'000}), memo::value_error);
    CHECK_NOTHROW(bound_json(std::string(1000, ' '), {.bytes = 16'000}));
    CHECK_THROWS_AS(bound_json("[1,2,3]", {.elements = 1}), memo::value_error);
    CHECK_NOTHROW(bound_json("[1,2,3]", {.elements = 2}));
}

TEST_CASE("json_text: texts are the same when they hold the same words, wherever these stand") {
    CHECK(same_json(R"({"a":1,"b":[true]})", R"({ "b": [true], "a": 1 })"));
    CHECK(!same_json(R"({"a":1})", R"({"a":2})"));
    CHECK(!same_json(R"({"a":1})", R"({"a":1,"b":2})"));
    CHECK(!same_json(R"({"a":70000})", R"({"a":4464})"));
    CHECK(!same_json(R"(["a b"])", R"(["a" b])"));
    CHECK(same_json("", " "));
    CHECK(!same_json("\"open", "\"ope"));
}
