#pragma once

#include <memo/key/writer.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

struct specimen;

/// Values of every kind, nested in one another. Kinds that are meant to agree (`string` and `string_view`) appear once.
using specimen_kind =
    std::variant<std::nullptr_t, std::monostate, bool, std::byte, char, char8_t, wchar_t, std::int8_t, std::int32_t,
                 std::int64_t, std::uint64_t, float, double, long double, std::string, std::u16string, std::wstring,
                 std::optional<std::optional<std::string>>, std::pair<std::string, std::string>,
                 std::tuple<std::string, std::string, std::string>,
                 std::variant<std::int32_t, std::string, std::int64_t>, std::vector<bool>, std::vector<std::int32_t>,
                 std::vector<double>, std::vector<std::string>, std::vector<std::byte>,
                 std::map<std::string, std::int32_t>, std::vector<specimen>, std::pair<specimen, specimen>,
                 std::optional<std::vector<specimen>>, std::map<std::string, std::vector<specimen>>>;

/// One of them. It enters a key as itself between the marks of `key_traits`, without a word on which kind it is.
struct specimen {
    std::shared_ptr<specimen_kind const> kind;
};

template <>
struct memo::key_traits<specimen> {
    static void feed(memo::key_writer& w, specimen const& v) {
        std::visit([&w](auto const& value) { w(value); }, *v.kind);
    }
};

/// What is left of a type when there is no value to show more of it: an empty list of lists is an empty list of texts.
inline memo::detail::key_rule empty_shape(specimen const& of) {
    using memo::detail::key_rule;
    return std::visit(
        [](auto const& value) {
            using kind = std::remove_cvref_t<decltype(value)>;
            constexpr key_rule rule = memo::detail::rule_of<kind>();
            if constexpr (rule == key_rule::optional) {
                return value ? key_rule::none : rule;
            } else if constexpr (rule == key_rule::sequence) {
                return value.empty() && !memo::detail::packed<typename kind::value_type> ? rule : key_rule::none;
            } else {
                return key_rule::none;
            }
        },
        *of.kind);
}

/// The equality that keys are to have, said without bytes: a NaN equals a NaN, zeros of different sign differ.
template <class T>
bool same(T const& left, T const& right) {
    if constexpr (std::is_floating_point_v<T>) {
        return (std::isnan(left) && std::isnan(right)) || (left == right && std::signbit(left) == std::signbit(right));
    } else if constexpr (std::is_same_v<T, specimen>) {
        auto const equals_right = [&right](auto const& value) {
            return same(value, std::get<std::decay_t<decltype(value)>>(*right.kind));
        };
        if (auto const shape = empty_shape(left); shape != memo::detail::key_rule::none) {
            return shape == empty_shape(right);
        }
        return left.kind->index() == right.kind->index() && std::visit(equals_right, *left.kind);
    } else if constexpr (requires { left.first; }) {
        return same(left.first, right.first) && same(left.second, right.second);
    } else if constexpr (requires { left.has_value(); }) {
        return left && right ? same(*left, *right) : left.has_value() == right.has_value();
    } else if constexpr (requires { left.begin(); } && !std::is_same_v<T, std::vector<bool>>) {
        return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                          [](auto const& a, auto const& b) { return same(a, b); });
    } else {
        return left == right;
    }
}

/// Draws specimens from few values, close to one another and to the borders of the encoding, so that equal ones occur.
class specimen_source {
public:
    explicit specimen_source(std::uint64_t seed) : chance_(seed) {}

    /// A specimen whose kinds nest at most `depth` deep.
    specimen draw_specimen(int depth) {
        constexpr std::size_t nesting_kinds = 4;
        constexpr std::size_t kinds = std::variant_size_v<specimen_kind>;
        constexpr std::size_t flat_kinds = kinds - nesting_kinds;
        std::size_t const index = depth > 0 && below(2) == 0 ? flat_kinds + below(nesting_kinds) : below(flat_kinds);
        specimen_kind kind;
        draw_kind(kind, index, depth - 1, std::make_index_sequence<kinds>{});
        return {std::make_shared<specimen_kind const>(std::move(kind))};
    }

    /// Another specimen, or the same with one of its parts drawn again.
    specimen draw_neighbour(specimen const& of, int depth) {
        specimen_kind kind = *of.kind;
        if (below(2) == 0) {
            return draw_specimen(depth);
        }
        std::visit([this, depth](auto& value) { disturb(value, depth - 1); }, kind);
        return {std::make_shared<specimen_kind const>(std::move(kind))};
    }

private:
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(chance_() % end); }

    template <class T>
    T one_of(std::initializer_list<T> values) {
        return *(values.begin() + below(values.size()));
    }

    template <std::size_t... I>
    void draw_kind(specimen_kind& kind, std::size_t index, int depth, std::index_sequence<I...>) {
        (void)((index == I && (draw(kind.emplace<I>(), depth), true)) || ...);
    }

    template <class T>
    void disturb(T& value, int depth) {
        if constexpr (requires { value.first; }) {
            below(2) == 0 ? draw(value.first, depth) : draw(value.second, depth);
        } else if constexpr (requires { value.pop_back(); }) {
            value.empty() || below(2) == 0 ? value.resize(value.size() + 1) : value.pop_back();
            for (auto&& element : value) {
                fill(element, depth);
            }
        } else {
            draw(value, depth);
        }
    }

    /// A specimen that `resize` made holds nothing yet.
    template <class T>
    void fill(T&& element, int depth) {
        if constexpr (std::is_same_v<std::remove_cvref_t<T>, specimen>) {
            element = element.kind ? element : draw_specimen(depth);
        }
    }

    template <class T>
    void draw(T& value, int depth) {
        if constexpr (std::is_same_v<T, bool>) {
            value = below(2) == 0;
        } else if constexpr (std::is_same_v<T, std::byte>) {
            value = static_cast<std::byte>(below(2) * 0x50);
        } else if constexpr (std::is_integral_v<T>) {
            using limits = std::numeric_limits<T>;
            value = one_of({T{0}, T{1}, T{0x50}, limits::min(), limits::max()});
        } else if constexpr (std::is_floating_point_v<T>) {
            using limits = std::numeric_limits<T>;
            value = one_of({T{0}, -T{0}, T{1}, T{1} + limits::epsilon(), limits::quiet_NaN(), -limits::quiet_NaN(),
                            limits::infinity(), limits::denorm_min()});
        } else if constexpr (std::is_same_v<T, specimen>) {
            value = draw_specimen(depth);
        } else if constexpr (requires { value.first; }) {
            draw(value.first, depth);
            draw(value.second, depth);
        } else if constexpr (requires { value.has_value(); }) {
            value.reset();
            if (below(3) != 0) {
                draw(value.emplace(), depth);
            }
        } else if constexpr (requires { value.pop_back(); }) {
            draw_elements(value, depth);
        } else if constexpr (requires { typename T::mapped_type; }) {
            value.clear();
            for (std::size_t i = below(3); i != 0; --i) {
                typename T::key_type key;
                draw(key, depth);
                draw(value[key], depth);
            }
        } else if constexpr (requires { value.index(); }) {
            value = one_of<T>({std::int32_t{1}, std::int64_t{1}, std::string{"1"}, std::string{}});
        } else if constexpr (requires { std::tuple_size<T>::value; }) {
            std::apply([this, depth](auto&... parts) { (this->draw(parts, depth), ...); }, value);
        }
    }

    template <class T>
    void draw_elements(T& value, int depth) {
        value.clear();
        for (std::size_t i = below(4); i != 0; --i) {
            typename T::value_type element{};
            if constexpr (requires(T text) { text.c_str(); }) {
                element = static_cast<typename T::value_type>(one_of({':', '%', '{', '\0', '\n', 'P'}));
            } else {
                draw(element, depth);
            }
            value.push_back(std::move(element));
        }
    }

    std::mt19937_64 chance_;
};
