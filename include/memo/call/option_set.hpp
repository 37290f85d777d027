#pragma once

#include <memo/call/option.hpp>

#include <cstddef>
#include <tuple>
#include <utility>

namespace memo::detail {

/// The options of one wrapper, found by what they are about; the first where several are of one kind.
template <any_option... Options>
class option_set {
    template <option_kind Kind>
    static constexpr std::size_t place_of() {
        std::size_t place = 0;
        static_cast<void>(((Options::kind == Kind || (++place, false)) || ...));
        return place;
    }

    std::tuple<Options...> options_;

public:
    template <option_kind Kind>
    static constexpr bool has = ((Options::kind == Kind) || ...);

    constexpr explicit option_set(Options... options) : options_{std::move(options)...} {}

    template <option_kind Kind>
        requires has<Kind>
    constexpr auto& get() {
        return std::get<place_of<Kind>()>(options_);
    }

    template <option_kind Kind>
        requires has<Kind>
    constexpr auto const& get() const {
        return std::get<place_of<Kind>()>(options_);
    }

    /// In the order in which they were given.
    constexpr std::tuple<Options...> const& all() const { return options_; }

    template <option_kind Kind>
    using type = std::tuple_element_t<place_of<Kind>(), std::tuple<Options...>>;
};

}  // namespace memo::detail
