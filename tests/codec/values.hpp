#pragma once

#include "key/bytes.hpp"

#include <memo/base/error.hpp>
#include <memo/codec/cereal.hpp>
#include <boost/hana/define_struct.hpp>

#include <array>
#include <bitset>
#include <chrono>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

/// Values of many types, and what becomes of them.
namespace values {

template <class T>
std::string encoded(T const& value) {
    std::string bytes;
    memo::codec_traits<T>::encode(bytes, value);
    return bytes;
}

template <class T>
T decoded(std::string_view bytes, memo::decode_limits const& most = {}) {
    return memo::codec_traits<T>::decode(bytes, most);
}

template <class T>
bool refuses(std::string_view bytes, memo::decode_limits const& most = {}) {
    try {
        decoded<T>(bytes, most);
        return false;
    } catch (memo::value_error const&) {
        return true;
    }
}

/// Whether these bytes are refused, or are those of the value that comes out: nothing in between.
template <class T>
bool is_one_form(std::string_view bytes, memo::decode_limits const& most = {}) {
    try {
        return encoded(decoded<T>(bytes, most)) == bytes;
    } catch (memo::value_error const&) {
        return true;
    }
}

struct address {
    BOOST_HANA_DEFINE_STRUCT(address, (std::string, street), (std::int32_t, zip));
    friend bool operator==(address const&, address const&) = default;
};

struct tree {
    BOOST_HANA_DEFINE_STRUCT(tree, (std::int32_t, number), (std::vector<tree>, children));
    friend bool operator==(tree const&, tree const&) = default;
};

struct empty {
    BOOST_HANA_DEFINE_STRUCT(empty);
    friend bool operator==(empty const&, empty const&) = default;
};

enum class color : std::uint8_t { red = 1, green, blue };

/// By cereal.
struct user {
    std::int64_t id = 0;
    std::string name;
    std::vector<address> homes;
    std::map<std::string, bool> rights;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(CEREAL_NVP(id), CEREAL_NVP(name), homes, rights);
    }
    friend bool operator==(user const&, user const&) = default;
};

inline user ann() {
    return {7, "ann", {{"Main Street", 53111}, {"", -1}}, {{"read", true}, {"write", false}}};
}

using lattice =
    std::tuple<bool, std::int32_t, double, std::string, std::optional<bool>, std::optional<std::optional<std::int32_t>>,
               std::variant<std::monostate, std::int32_t, std::string>, std::pair<std::string, std::uint8_t>,
               std::vector<std::int32_t>, std::vector<std::string>, std::vector<bool>, std::deque<std::uint16_t>,
               std::list<std::string>, std::array<std::int16_t, 3>, std::set<std::string>, std::multiset<std::int32_t>,
               std::map<std::int32_t, std::vector<std::string>>, std::multimap<std::string, std::int32_t>,
               std::unordered_map<std::string, std::int32_t>, std::unordered_set<std::int32_t>>;

using chance = std::mt19937_64;

inline std::size_t below(chance& from, std::size_t end) {
    return std::uniform_int_distribution<std::size_t>{0, end - 1}(from);
}

/// Any value of the type: small, so that elements are often equal and containers often empty.
template <class T>
T any(chance& from) {
    using memo::detail::shape;
    constexpr shape kind = memo::detail::shape_of<T>();
    if constexpr (kind == shape::scalar) {
        return static_cast<T>(std::is_same_v<T, bool> ? below(from, 2) : below(from, 100));
    } else if constexpr (kind == shape::text) {
        return T(below(from, 3) * below(from, 20), static_cast<typename T::value_type>('a' + below(from, 3)));
    } else if constexpr (kind == shape::unit) {
        return T{};
    } else if constexpr (kind == shape::optional) {
        return below(from, 3) == 0 ? T{} : T{any<typename T::value_type>(from)};
    } else if constexpr (kind == shape::variant) {
        return [&from]<class... Held>(std::variant<Held...> value) {
            std::size_t left = below(from, sizeof...(Held)) + 1;
            ((--left == 0 ? (void)(value = any<Held>(from)) : (void)0), ...);
            return value;
        }(T{});
    } else if constexpr (kind == shape::product) {
        T value;
        std::apply([&from](auto&... parts) { ((parts = any<std::remove_cvref_t<decltype(parts)>>(from)), ...); }, value);
        return value;
    } else if constexpr (kind == shape::fields) {
        T value;
        memo::detail::fill_fields(value, [&from](auto&... parts) {
            ((parts = any<std::remove_cvref_t<decltype(parts)>>(from)), ...);
        });
        return value;
    } else if constexpr (kind == shape::array) {
        T value;
        for (auto& element : value)
            element = any<typename T::value_type>(from);
        return value;
    } else {
        T value;
        for (std::size_t left = below(from, 4); left != 0; --left) {
            if constexpr (kind == shape::map)
                value.insert({any<typename T::key_type>(from), any<typename T::mapped_type>(from)});
            else
                value.insert(value.end(), any<typename T::value_type>(from));
        }
        return value;
    }
}

template <>
inline user any<user>(chance& from) {
    return {static_cast<std::int64_t>(from()), any<std::string>(from), any<std::vector<address>>(from),
            any<std::map<std::string, bool>>(from)};
}

template <>
inline tree any<tree>(chance& from) {
    tree made{any<std::int32_t>(from), {}};
    while (below(from, 3) == 0)
        made.children.push_back(any<tree>(from));
    return made;
}

}  // namespace values

template <>
struct memo::enum_limits<values::color> {
    static constexpr values::color first = values::color::red, last = values::color::blue;
};
