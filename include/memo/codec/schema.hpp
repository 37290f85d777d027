#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace memo {

/// What the bytes of `T` mean, in words of the user's, in place of the compiler's name for it:
///
///     template <>
///     inline constexpr std::string_view memo::schema<user> = "shop.user/3";
///
/// A type whose cereal functions or raw bytes changed their meaning takes another one, and what was stored before is a miss.
template <class T>
inline constexpr std::string_view schema{};

namespace detail {

/// The compiler's qualified name of a type.
template <class T>
constexpr std::string_view type_name() {
    std::string_view const signature = __PRETTY_FUNCTION__;
    constexpr std::string_view before = "T = ";
    std::size_t const at = signature.find(before) + before.size();
    std::size_t const end = std::min(signature.find("; std::string_view = ", at), signature.size() - 1);
    return signature.substr(at, end - at);
}

template <class T>
constexpr std::string_view name_of() {
    return schema<T>.empty() ? type_name<T>() : schema<T>;
}

/// Numbers by their width, so that types that differ in name only read each other's bytes.
template <class T>
constexpr char number_letter() {
    return std::is_floating_point_v<T> ? 'f' : std::is_signed_v<T> ? 'i' : 'u';
}

template <class T>
constexpr std::string_view character_name() {
    if constexpr (std::is_same_v<T, char>)
        return "char";
    else if constexpr (std::is_same_v<T, char8_t>)
        return "char8";
    else if constexpr (std::is_same_v<T, char16_t>)
        return "char16";
    else if constexpr (std::is_same_v<T, char32_t>)
        return "char32";
    else
        return "";
}

template <class T>
std::string scalar_schema() {
    if constexpr (std::is_enum_v<T>)
        return "enum " + std::string{name_of<T>()} + ':' + scalar_schema<std::underlying_type_t<T>>();
    else if constexpr (std::is_same_v<T, bool>)
        return "bool";
    else if constexpr (std::is_same_v<T, long double>)
        return "long double";
    else if constexpr (std::is_same_v<T, wchar_t>)
        return "wchar" + std::to_string(8 * sizeof(T));
    else if constexpr (!character_name<T>().empty())
        return std::string{character_name<T>()};
    else
        return number_letter<T>() + std::to_string(8 * sizeof(T));
}

template <class T>
inline constexpr char identity_of_type{};

/// The text of a schema while it is written. A type with a structure of its own is described once, and later by its number.
class schema_writer {
public:
    /// Whether `T` is met for the first time; else its number was written.
    template <class T>
    bool begins() {
        auto const found = std::find(met_.begin(), met_.end(), &identity_of_type<T>);
        if (found != met_.end()) {
            text_ += '#' + std::to_string(found - met_.begin());
            return false;
        }
        met_.push_back(&identity_of_type<T>);
        return true;
    }

    schema_writer& operator+=(std::string_view text) {
        text_ += text;
        return *this;
    }
    std::string const& text() const noexcept { return text_; }

private:
    std::string text_;
    std::vector<char const*> met_;
};

}  // namespace detail
}  // namespace memo
