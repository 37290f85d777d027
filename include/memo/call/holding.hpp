#pragma once

#include <memo/call/footprint.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// How a result is held and given back. A small one that copies without user code is held as it is; any other behind a
/// pointer that is shared, and so is every one when `Shares` says that callers get the pointer itself.
template <class Value, bool Shares>
struct holding {
    static constexpr bool in_place = !Shares && std::is_trivially_copyable_v<Value> && std::is_copy_constructible_v<Value> &&
                                     std::is_nothrow_swappable_v<Value> && sizeof(Value) <= 64;

    using held = std::conditional_t<in_place, Value, std::shared_ptr<Value const>>;
    using given = std::conditional_t<Shares, std::shared_ptr<Value const>, Value>;
    /// What looking without a run gives: an optional, or a pointer that may be null.
    using looked = std::conditional_t<Shares, std::shared_ptr<Value const>, std::optional<Value>>;

    template <class From>
    static held hold(From&& result) {
        if constexpr (std::is_same_v<std::remove_cvref_t<From>, held>)
            return std::forward<From>(result);
        else if constexpr (in_place)
            return static_cast<Value>(std::forward<From>(result));
        else
            return std::make_shared<Value const>(std::forward<From>(result));
    }

    static Value const& inside(held const& kept) noexcept {
        if constexpr (in_place)
            return kept;
        else
            return *kept;
    }

    static given give(held const& kept) {
        if constexpr (Shares)
            return kept;
        else
            return inside(kept);
    }

    static looked look(std::optional<held> const& kept) {
        if constexpr (Shares)
            return kept ? *kept : nullptr;
        else
            return kept ? looked{inside(*kept)} : std::nullopt;
    }

    /// Bytes beyond those in the entry itself.
    static std::size_t owned(held const& kept) {
        constexpr std::size_t shared_block = 32;
        return in_place ? 0 : shared_block + sizeof(Value) + heap_bytes(inside(kept));
    }
};

}  // namespace memo::detail
