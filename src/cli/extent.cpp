#include "extent.hpp"

#include <memo/base/quantity.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace memo::sim {

std::size_t extent::of(std::size_t keys) const noexcept {
    if (entries != 0)
        return entries;
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::llround(share * static_cast<double>(keys))));
}

std::optional<extent> read_extent(std::string_view text) noexcept {
    if (!text.ends_with('%')) {
        auto const entries = detail::read_number(text);
        return entries && *entries != 0 ? std::optional{extent{*entries, 0}} : std::nullopt;
    }
    text.remove_suffix(1);
    double percent = 0;
    auto const [rest, fault] = std::from_chars(text.data(), text.data() + text.size(), percent, std::chars_format::fixed);
    bool const whole = fault == std::errc{} && rest == text.data() + text.size();
    return whole && percent > 0 && percent <= 100 ? std::optional{extent{0, percent / 100}} : std::nullopt;
}

}  // namespace memo::sim
