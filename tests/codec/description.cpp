#include "codec/values.hpp"

#include <memo/codec/description.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

// One struct, as it was built on different days; all are called `account`.
namespace {

struct as_it_was {
    BOOST_HANA_DEFINE_STRUCT(as_it_was, (std::int32_t, id), (std::int32_t, level), (double, balance));
};
struct wider {
    BOOST_HANA_DEFINE_STRUCT(wider, (std::int64_t, id), (std::int32_t, level), (double, balance));
};
struct reordered {
    BOOST_HANA_DEFINE_STRUCT(reordered, (std::int32_t, level), (std::int32_t, id), (double, balance));
};
struct renamed {
    BOOST_HANA_DEFINE_STRUCT(renamed, (std::int32_t, number), (std::int32_t, level), (double, balance));
};
struct added {
    BOOST_HANA_DEFINE_STRUCT(added, (std::int32_t, id), (std::int32_t, level), (double, balance), (bool, open));
};
struct counted_in_cents {
    BOOST_HANA_DEFINE_STRUCT(counted_in_cents, (std::int32_t, id), (std::int32_t, level), (std::int64_t, balance));
};
struct same_again {
    BOOST_HANA_DEFINE_STRUCT(same_again, (int, id), (int, level), (double, balance));
};

struct pair_of {
    BOOST_HANA_DEFINE_STRUCT(pair_of, (values::address, from), (values::address, to), (std::vector<pair_of>, more));
};

}  // namespace

template <>
inline constexpr std::string_view memo::schema<as_it_was> = "account";
template <>
inline constexpr std::string_view memo::schema<wider> = "account";
template <>
inline constexpr std::string_view memo::schema<reordered> = "account";
template <>
inline constexpr std::string_view memo::schema<renamed> = "account";
template <>
inline constexpr std::string_view memo::schema<added> = "account";
template <>
inline constexpr std::string_view memo::schema<counted_in_cents> = "account";
template <>
inline constexpr std::string_view memo::schema<same_again> = "account";

namespace {

template <class T>
std::string schema() {
    return memo::codec_traits<T>::schema();
}

template <class... T>
bool all_differ() {
    return std::set<std::string>{schema<T>()...}.size() == sizeof...(T) &&
           std::set<std::uint64_t>{memo::detail::fingerprint_of<T>()...}.size() == sizeof...(T);
}

}  // namespace

TEST_CASE("F09 description: a struct with other, reordered, renamed or added members is another type") {
    CHECK(all_differ<as_it_was, wider, reordered, renamed, added, counted_in_cents>());
    CHECK(schema<as_it_was>() == "account{id:i32,level:i32,balance:f64}");
    CHECK(schema<same_again>() == schema<as_it_was>());
    CHECK(all_differ<std::vector<as_it_was>, std::vector<wider>, std::optional<as_it_was>, std::optional<wider>>());
}

TEST_CASE("F09 description: standard types differ by what they are made of, and not by the compiler's names for it") {
    CHECK(all_differ<std::vector<std::int32_t>, std::vector<std::int64_t>, std::vector<double>, std::vector<bool>,
                     std::vector<char>, std::string, std::set<std::int32_t>, std::multiset<std::int32_t>,
                     std::unordered_set<std::int32_t>, std::map<std::int32_t, bool>,
                     std::unordered_map<std::int32_t, bool>, std::optional<std::int32_t>,
                     std::variant<std::int32_t, bool>, std::variant<bool, std::int32_t>, std::pair<bool, std::int32_t>,
                     std::array<std::int32_t, 2>, std::array<std::int32_t, 3>, std::bitset<2>, std::bitset<3>,
                     std::chrono::milliseconds, std::chrono::seconds, std::chrono::system_clock::time_point,
                     std::chrono::steady_clock::time_point, values::color, std::uint8_t, std::tuple<>, std::monostate>());
    CHECK(schema<std::vector<long>>() == schema<std::vector<long long>>());
    CHECK(schema<std::map<std::string, std::vector<double>>>() == "map<string,list<f64>>");
    CHECK(schema<std::chrono::duration<int, std::milli>>() == "duration i32 1/1000");
}

TEST_CASE("F09 description: a type that holds itself, or another twice, is described once") {
    auto const name = std::string{memo::detail::type_name<pair_of>()};
    CHECK(schema<pair_of>() == name + "{from:values::address{street:string,zip:i32},to:#1,more:list<#0>}");
    CHECK(schema<std::pair<values::tree, values::tree>>() == "tuple<values::tree{number:i32,children:list<#0>},#0>");
}
