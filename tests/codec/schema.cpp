#include <memo/codec/schema.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace shop {
struct user {};
struct renamed {};
template <class T>
struct box {};
enum class color : std::uint8_t { red };
}  // namespace shop

template <>
inline constexpr std::string_view memo::schema<shop::renamed> = "shop.user/3";

using namespace memo::detail;

TEST_CASE("F09 schema: a type is named by its qualified name, or as it was told") {
    CHECK(type_name<shop::user>() == "shop::user");
    CHECK(type_name<shop::box<int>>() == "shop::box<int>");
    CHECK(type_name<shop::box<int[3]>>() == type_name<shop::box<int[3]>>());
    CHECK(type_name<int>() == "int");
    CHECK(name_of<shop::user>() == "shop::user");
    CHECK(name_of<shop::renamed>() == "shop.user/3");
    CHECK(scalar_schema<shop::color>() == "enum shop::color:u8");
}

TEST_CASE("schema: a type is described once, and then called by its number") {
    schema_writer text;
    CHECK(text.begins<shop::user>());
    text += "user;";
    CHECK(text.begins<shop::renamed>());
    CHECK(!text.begins<shop::user>());
    CHECK(!text.begins<shop::renamed>());
    CHECK(text.text() == "user;#0#1");
}
