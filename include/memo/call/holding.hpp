#pragma once

#include <memo/base/shared_text.hpp>
#include <memo/call/footprint.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// A result, or the exception that a run ended with.
template <class Held>
struct outcome {
    std::optional<Held> result;
    std::exception_ptr error{};
};

/// How a result is held and given back. A small one that copies without user code is held as it is, a string as a text that is
/// shared; any other behind a pointer that is shared, and so is every one when `Shares` says that callers get the pointer itself. With
/// `Remembers`, an exception may stand in the place of a result.
template <class Value, bool Shares, bool Remembers = false>
struct holding {
    static constexpr bool in_place = !Shares && std::is_trivially_copyable_v<Value> && std::is_copy_constructible_v<Value> &&
                                     std::is_nothrow_swappable_v<Value> && sizeof(Value) <= 64;

    static constexpr bool as_text = !Shares && std::is_same_v<Value, std::string>;

    using value = Value;
    using bare = std::conditional_t<in_place, Value, std::conditional_t<as_text, shared_text, std::shared_ptr<Value const>>>;
    /// How it is seen by who is asked about it.
    using seen = std::conditional_t<as_text, Value, Value const&>;
    using held = std::conditional_t<Remembers, outcome<bare>, bare>;
    using given = std::conditional_t<Shares, std::shared_ptr<Value const>, Value>;
    /// What looking without a run gives: an optional, or a pointer that may be null.
    using looked = std::conditional_t<Shares, std::shared_ptr<Value const>, std::optional<Value>>;

    template <class From>
    static held hold(From&& result) {
        if constexpr (Remembers)
            return {holding<Value, Shares>::hold(std::forward<From>(result))};
        else if constexpr (std::is_same_v<std::remove_cvref_t<From>, held>)
            return std::forward<From>(result);
        else if constexpr (in_place)
            return static_cast<Value>(std::forward<From>(result));
        else if constexpr (as_text)
            return shared_text{static_cast<Value const&>(result)};
        else
            return std::make_shared<Value const>(std::forward<From>(result));
    }

    /// The exception that stands in the place of a result; null for a result.
    static std::exception_ptr error(held const& kept) noexcept {
        if constexpr (Remembers)
            return kept.error;
        else
            return nullptr;
    }

    // of a result, not of an exception

    static seen inside(held const& kept) noexcept(!as_text) {
        if constexpr (in_place)
            return result(kept);
        else if constexpr (as_text)
            return Value{result(kept).view()};
        else
            return *result(kept);
    }

    static given give(held const& kept) {
        if constexpr (Shares)
            return result(kept);
        else
            return inside(kept);
    }

    /// A remembered exception is no result.
    static looked look(std::optional<held> const& kept) {
        bool const there = kept && error(*kept) == nullptr;
        if constexpr (Shares)
            return there ? result(*kept) : nullptr;
        else
            return there ? looked{inside(*kept)} : std::nullopt;
    }

    /// Bytes beyond those in the entry itself.
    static std::size_t owned(held const& kept) {
        constexpr std::size_t shared_block = 32;
        if constexpr (in_place)
            return 0;
        else if constexpr (as_text)
            return result(kept).footprint();
        else
            return shared_block + sizeof(Value) + heap_bytes(inside(kept));
    }

private:
    static bare const& result(held const& kept) noexcept {
        if constexpr (Remembers)
            return *kept.result;
        else
            return kept;
    }
};

}  // namespace memo::detail
