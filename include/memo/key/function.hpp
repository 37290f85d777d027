#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace memo {
namespace detail {

template <auto F>
struct named_function;

}  // namespace detail

/// The function (or member function) `F` together with its qualified name: `memo::function<&users::fetch>` is called
/// like `users::fetch` and is known to shared stores as `users::fetch`.
///
/// It has no name when it stands in an anonymous namespace or in a function, and when it is an operator. Out of reach
/// of a compiler's own words: `static` functions, overloads of one name, on g++ the `inline` of a namespace, on clang
/// the arguments of a function template. Such functions need `memo::name`.
template <auto F>
inline constexpr detail::named_function<F> function{};

namespace detail {

/// What the compiler says of `F`: `users::fetch` from g++ and `&users::fetch` from clang++, after a text of its own.
template <auto F>
constexpr std::string_view spelled() {
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("F = ") + 4);
    text = text.substr(0, text.find_first_of(";]"));
    if (text.starts_with('&')) {
        text.remove_prefix(1);
    }
    return text;
}

constexpr bool is_qualified_name(std::string_view text) {
    for (char const letter : text) {
        bool const fits = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                          (letter >= '0' && letter <= '9') || letter == '_' || letter == ':' ||
                          static_cast<unsigned char>(letter) >= 0x80;
        if (!fits) {
            return false;
        }
    }
    return !text.empty();
}

template <auto F>
struct named_function {
    using pointer = decltype(F);
    static constexpr pointer target = F;

    static constexpr bool has_name() { return is_qualified_name(spelled<F>()); }
    /// Requires: has_name().
    static constexpr std::string_view name() { return spelled<F>(); }

    template <class... Args>
        requires std::is_invocable_v<pointer, Args...>
    constexpr decltype(auto) operator()(Args&&... args) const noexcept(std::is_nothrow_invocable_v<pointer, Args...>) {
        return std::invoke(F, std::forward<Args>(args)...);
    }
};

}  // namespace detail
}  // namespace memo
