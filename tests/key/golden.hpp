#pragma once

#include "key/bytes.hpp"

#include <memo/base/hash.hpp>
#include <memo/key/writer.hpp>
#include <boost/hana/define_struct.hpp>

#include <bitset>
#include <chrono>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace golden {

struct city {
    BOOST_HANA_DEFINE_STRUCT(city, (std::string, name), (std::int32_t, zip));
};

struct custom {
    std::int32_t matters = 1;
    std::int32_t ignored = 2;
};

enum class color : std::uint8_t { green = 7 };

}  // namespace golden

template <>
struct memo::key_traits<golden::custom> {
    static void feed(memo::key_writer& w, golden::custom const& v) { w(v.matters); }
};

namespace golden {

/// The encoding as it is now. A line that once was released is never changed; new ones are added at the end.
inline std::vector<std::string> current_lines() {
    std::vector<std::string> lines;
    auto const add = [&lines](std::string_view what, auto const&... values) {
        auto const bytes = bytes_of(values...);
        lines.push_back(std::string{what} + " | " + to_hex(bytes) + " | " + hex(memo::detail::digest_of(bytes)));
    };
    using limits = std::numeric_limits<double>;
    add("no argument");
    add("int8 -1", std::int8_t{-1});
    add("int16 1", std::int16_t{1});
    add("int32 1", std::int32_t{1});
    add("int64 1", std::int64_t{1});
    add("int64 lowest", std::numeric_limits<std::int64_t>::min());
    add("uint8 255", std::uint8_t{255});
    add("uint16 258", std::uint16_t{258});
    add("uint32 1", std::uint32_t{1});
    add("uint64 greatest", std::numeric_limits<std::uint64_t>::max());
    add("bool true", true);
    add("byte 7", std::byte{7});
    add("enum of uint8 7", color::green);
    add("char a", 'a');
    add("char8 a", u8'a');
    add("char16 a", u'a');
    add("char32 a", U'a');
    add("wchar a", L'a');
    add("float 1.5", 1.5F);
    add("double 1.5", 1.5);
    add("double 0", 0.0);
    add("double -0", -0.0);
    add("double NaN", -limits::quiet_NaN());
    add("double infinity", limits::infinity());
    add("long double 1.5", 1.5L);
    add("long double -infinity", -std::numeric_limits<long double>::infinity());
    add("nullptr", nullptr);
    add("null text", static_cast<char const*>(nullptr));
    add("empty text", "");
    add("text user", "user");
    add("text of 200 x", std::string(200, 'x'));
    add("char8 text ü", u8"ü");
    add("char16 text ü", u"ü");
    add("char32 text ü", U"ü");
    add("wide text ü", L"ü");
    add("path a/b", std::filesystem::path{"a/b"});
    add("no optional", std::optional<std::int32_t>{});
    add("optional 1", std::optional{std::int32_t{1}});
    add("monostate", std::monostate{});
    add("variant, second of two, 1", std::variant<std::string, std::int32_t>{std::int32_t{1}});
    add("pair (1, a)", std::pair{std::int32_t{1}, std::string{"a"}});
    add("empty tuple", std::tuple<>{});
    add("list of int32 1 2", std::vector<std::int32_t>{1, 2});
    add("list of double -0 NaN", std::vector<double>{-0.0, limits::quiet_NaN()});
    add("list of bool true false", std::vector<bool>{true, false});
    add("list of text a, empty", std::vector<std::string>{"a", ""});
    add("list of no int32", std::vector<std::int32_t>{});
    add("map b 2, a 1", std::map<std::string, std::int32_t>{{"b", 2}, {"a", 1}});
    add("unordered map b 2, a 1", std::unordered_map<std::string, std::int32_t>{{"b", 2}, {"a", 1}});
    add("complex 1 -2", std::complex<double>{1, -2});
    add("bitset 100000101", std::bitset<9>{0x105});
    add("3 seconds", std::chrono::duration<std::int64_t>{3});
    add("3 milliseconds", std::chrono::duration<std::int64_t, std::milli>{3});
    add("time point, 3 seconds",
        std::chrono::time_point<std::chrono::system_clock, std::chrono::duration<std::int64_t>>{
            std::chrono::duration<std::int64_t>{3}});
    add("annotated struct (Bonn, 53111)", city{"Bonn", 53111});
    add("key_traits that feed int32 1", custom{});
    add("three arguments", "a", std::int32_t{1}, 1.5);
    return lines;
}

/// The lines of tests/golden/keys.txt; `MEMO_GOLDEN=write` in the environment first makes them the current ones.
inline std::vector<std::string> kept_lines() {
    auto const file = std::filesystem::path{__FILE__}.parent_path().parent_path() / "golden" / "keys.txt";
    if (char const* const wish = std::getenv("MEMO_GOLDEN"); wish != nullptr && wish == std::string_view{"write"}) {
        std::ofstream out{file};
        for (auto const& line : current_lines()) {
            out << line << '\n';
        }
    }
    std::vector<std::string> lines;
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

}  // namespace golden
