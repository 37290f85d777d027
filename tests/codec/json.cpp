#include "codec/json_archive.hpp"

#include <memo/base/error.hpp>
#include <memo/codec/json.hpp>
#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace shop {

struct address {
    BOOST_HANA_DEFINE_STRUCT(address, (std::string, street), (std::uint16_t, zip));
    friend bool operator==(address const&, address const&) = default;
};

struct user {
    std::int64_t id = 0;
    std::string name;
    std::vector<address> homes;
    std::optional<bool> admin;
    std::unordered_map<std::string, std::variant<int, std::string>> notes;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(CEREAL_NVP(id), CEREAL_NVP(name), CEREAL_NVP(homes), CEREAL_NVP(admin), CEREAL_NVP(notes));
    }
    friend bool operator==(user const&, user const&) = default;
};

struct tree {
    BOOST_HANA_DEFINE_STRUCT(tree, (int, number), (std::vector<tree>, children));
};

}  // namespace shop

template <>
struct memo::codec_traits<shop::address> : memo::json_codec<shop::address> {};
template <>
struct memo::codec_traits<shop::user> : memo::json_codec<shop::user> {};
template <>
struct memo::codec_traits<shop::tree> : memo::json_codec<shop::tree> {};

namespace {

template <class T>
std::string encoded(T const& value) {
    std::string text;
    memo::codec_traits<T>::encode(text, value);
    return text;
}

template <class T>
T decoded(std::string_view text, memo::decode_limits const& most = {}) {
    return memo::codec_traits<T>::decode(text, most);
}

template <class T>
bool refuses(std::string_view text, memo::decode_limits const& most = {}) {
    try {
        decoded<T>(text, most);
        return false;
    } catch (memo::value_error const&) {
        return true;
    }
}

}  // namespace

TEST_CASE("json: values are texts that people can read, and come back") {
    CHECK(encoded(shop::address{"Main \"Street\"", 53111}) == R"({
"value": {
"street": "Main \"Street\"",
"zip": 53111
}
})");
    shop::user const ann{7, "ann", {{"", 1}, {"ü", 2}}, true, {{"a", 1}, {"b", "two"}, {"c", 3}}};
    CHECK(decoded<shop::user>(encoded(ann)) == ann);
    CHECK(decoded<shop::user>(encoded(shop::user{})) == shop::user{});
    CHECK(decoded<shop::address>(R"({"value": {"zip": 7, "street": "s"}})") == shop::address{"s", 7});
}

TEST_CASE("F11 json: prefixes, other types, numbers out of range and members too many or too few are refused") {
    auto const right = encoded(shop::user{7, "ann", {{"x", 1}}, false, {}});
    for (std::size_t size = 0; size != right.size(); ++size)
        REQUIRE(refuses<shop::user>(std::string_view{right}.substr(0, size)));
    CHECK(refuses<shop::user>(right + "x"));
    CHECK(refuses<shop::user>(right + right));
    CHECK(refuses<shop::address>(R"({"value":{"street":"s","zip":70000}})"));
    CHECK(refuses<shop::address>(R"({"value":{"street":"s","zip":-1}})"));
    CHECK(refuses<shop::address>(R"({"value":{"street":"s","zip":1.5}})"));
    CHECK(refuses<shop::address>(R"({"value":{"street":"s","zip":"1"}})"));
    CHECK(refuses<shop::address>(R"({"value":{"street":"s"}})"));
    CHECK(refuses<shop::address>(R"({"value":{"street":"s","zip":1,"more":2}})"));
    CHECK(refuses<shop::address>(R"({"value":{"street":"s","zip":1,"zip":2}})"));
    CHECK(refuses<shop::address>(R"({"value":{"street":["s"],"zip":1}})"));
    CHECK(refuses<shop::address>("[]"));
    CHECK(refuses<shop::address>("null"));
}

TEST_CASE("json: a text that cereal's JSON would cut at its NUL is refused") {
    CHECK(refuses<shop::address>(encoded(shop::address{std::string{"a\0b", 3}, 1})));
}

TEST_CASE("F11 json: with any other byte it is refused, or what would be written for the value") {
    auto text = encoded(shop::user{7, "ann", {{"x", 1}}, false, {{"k", "v"}}});
    for (char& byte : text) {
        char const right = byte;
        for (unsigned other = 1; other != 256; ++other) {
            byte = static_cast<char>(static_cast<unsigned char>(right) ^ other);
            try {
                auto const value = decoded<shop::user>(text);
                REQUIRE(memo::detail::same_json(encoded(value), text));
            } catch (memo::value_error const&) {
            }
        }
        byte = right;
    }
}

TEST_CASE("F12 json: a million levels are refused") {
    std::string deep = R"({"value":)";
    for (int level = 0; level != 1'000'000; ++level)
        deep += R"({"number":0,"children":[)";
    CHECK(refuses<shop::tree>(deep, {.bytes = std::size_t{1} << 40}));
    CHECK(refuses<shop::tree>(std::string(1'000'000, '[')));
}

TEST_CASE("F09 json: the schema is that of the type, and not that of its binary form") {
    CHECK(memo::codec_traits<shop::address>::schema() == "json shop::address{street:string,zip:u16}");
}
