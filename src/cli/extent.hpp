#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace memo::sim {

/// The size of a cache: so many entries, or a share of a trace's distinct keys.
struct extent {
    std::size_t entries = 0;  ///< 0 where the share counts
    double share = 0;

    /// The nearest whole number of entries, 1 at least.
    [[nodiscard]] std::size_t of(std::size_t keys) const noexcept;

    friend bool operator==(extent const&, extent const&) = default;
};

/// `1000` or `0.5%`: above zero, 100% at most; nothing for anything else.
std::optional<extent> read_extent(std::string_view text) noexcept;

}  // namespace memo::sim
