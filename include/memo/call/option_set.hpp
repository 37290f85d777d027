#pragma once

#include <memo/call/option.hpp>

#include <cstddef>
#include <tuple>
#include <utility>

namespace memo::detail {

/// Where the first option of a kind stands.
template <option_kind Kind, any_option... Options>
constexpr std::size_t first_place() {
    std::size_t place = 0;
    static_cast<void>(((Options::kind == Kind || (++place, false)) || ...));
    return place;
}

/// The options of one wrapper, found by what they are about; the first where several are of one kind.
template <any_option... Options>
class option_set {
public:
    template <option_kind Kind>
    static constexpr bool has = ((Options::kind == Kind) || ...);

    template <option_kind Kind>
    using type = std::tuple_element_t<first_place<Kind, Options...>(), std::tuple<Options...>>;

    constexpr explicit option_set(Options... options) : options_{std::move(options)...} {}

    template <option_kind Kind>
        requires has<Kind>
    constexpr auto& get() {
        return std::get<first_place<Kind, Options...>()>(options_);
    }

    template <option_kind Kind>
        requires has<Kind>
    constexpr auto const& get() const {
        return std::get<first_place<Kind, Options...>()>(options_);
    }

    /// In the order in which they were given.
    constexpr std::tuple<Options...> const& all() const { return options_; }

private:
    std::tuple<Options...> options_;
};

}  // namespace memo::detail
