#pragma once

#include <memo/call/verdict_parts.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// A `std::string` parameter of a wrapper: takes what the function's own parameter takes, and a `string_view`. The text
/// enters the key where it stands; a string is made only when the function, or a predicate that sees the arguments, needs one.
class text_argument {
public:
    text_argument() noexcept {}
    text_argument(std::string const& text) noexcept : given_{&text}, view_{text} {}
    text_argument(std::initializer_list<char> letters) : made_{std::make_unique<std::string const>(letters)}, view_{*made_} {}
    /// Braces around what a string is made of: `{begin, end}`, `{text, size}`.
    template <class First, class Second, class... More>
        requires std::constructible_from<std::string, First, Second, More...>
    text_argument(First&& first, Second&& second, More&&... more)
        : made_{std::make_unique<std::string const>(std::forward<First>(first), std::forward<Second>(second),
                                                    std::forward<More>(more)...)},
          view_{*made_} {}
    text_argument(std::nullptr_t) = delete;

    template <class Text>
        requires(!std::same_as<std::remove_cvref_t<Text>, std::string> &&
                 !std::same_as<std::remove_cvref_t<Text>, text_argument> &&
                 (std::convertible_to<Text, std::string_view> || std::convertible_to<Text, std::string>))
    text_argument(Text&& text) {
        if constexpr (std::convertible_to<Text, char const*>)
            view_ = checked(text);
        else if constexpr (std::convertible_to<Text, std::string_view>)
            view_ = text;
        else
            view_ = *(made_ = std::make_unique<std::string const>(std::forward<Text>(text)));
    }

    text_argument(text_argument const&) = delete;
    text_argument& operator=(text_argument const&) = delete;

    std::string_view view() const noexcept { return view_; }

    std::string const& string() const {
        if (given_ != nullptr)
            return *given_;
        if (!made_)
            made_ = std::make_unique<std::string const>(view_);
        return *made_;
    }

private:
    static std::string_view checked(char const* text) {
        if (text == nullptr)
            throw std::logic_error{"memo: a null char const* is no std::string"};  // as std::string itself does
        return text;
    }

    std::string const* given_ = nullptr;
    mutable std::unique_ptr<std::string const> made_;
    std::string_view view_;
};

/// Whether a `T` can be copied, what it holds too: a vector says that it can, whatever its elements are.
template <class T>
inline constexpr bool copyable = !holds<is_uncopyable, std::remove_cv_t<T>>();

template <class P>
constexpr auto parameter_for() {
    if constexpr (std::same_as<P, std::string> || std::same_as<P, std::string const> || std::same_as<P, std::string const&>)
        return std::type_identity<text_argument const&>{};
    else if constexpr (std::is_reference_v<P>)
        return std::type_identity<P>{};
    else if constexpr (std::is_scalar_v<P>)
        return std::type_identity<std::remove_cv_t<P>>{};
    else
        return std::type_identity<std::conditional_t<copyable<P>, P const&, P&&>>{};
}

/// The parameter of a wrapper for the parameter `P` of its function: the same implicit conversions, and nothing is copied
/// or consumed before it is known that the function runs.
template <class P>
using parameter_t = typename decltype(parameter_for<P>())::type;

/// An argument inside: where the wrapper's parameter is.
template <class P>
using argument_t = std::remove_reference_t<parameter_t<P>>&;

/// The argument as the function takes it.
template <class P, class A>
constexpr decltype(auto) give(A& argument) {
    if constexpr (std::same_as<A, text_argument const>)
        return argument.string();
    else if constexpr (std::is_rvalue_reference_v<P> || (!std::is_reference_v<P> && !copyable<P>))
        return std::move(argument);
    else
        return (argument);
}

/// The argument as a predicate, a key builder or a copy sees it.
template <class A>
constexpr auto const& look_at(A& argument) {
    if constexpr (std::same_as<std::remove_const_t<A>, text_argument>)
        return argument.string();
    else
        return std::as_const(argument);
}

/// The argument as it enters a key.
template <class A>
constexpr decltype(auto) key_part(A& argument) {
    if constexpr (std::same_as<std::remove_const_t<A>, text_argument>)
        return argument.view();
    else
        return std::as_const(argument);
}

/// What a `char const*` pointed to; a null pointer stays one.
class kept_text {
public:
    kept_text(char const* text) {
        if (text != nullptr)
            text_ = text;
    }
    operator char const*() const noexcept { return text_ ? text_->c_str() : nullptr; }

private:
    std::optional<std::string> text_;
};

template <class P>
struct kept_as {
    using type = P;
};
template <>
struct kept_as<std::string_view> {
    using type = std::string;
};
template <>
struct kept_as<char const*> {
    using type = kept_text;
};

/// An argument as it is kept over the call: by value, and text that is only viewed as text of its own.
template <class P>
using kept_argument = typename kept_as<std::remove_cvref_t<P>>::type;

/// A kept argument as the projection saw it before the call.
template <class A>
decltype(auto) seen_again(kept_argument<A> const& kept) {
    if constexpr (std::same_as<kept_argument<A>, A>)
        return (kept);
    else
        return static_cast<A>(kept);
}

}  // namespace memo::detail
