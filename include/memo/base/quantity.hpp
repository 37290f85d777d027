#pragma once

#include <memo/base/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// Numbers, spans of time and sizes, as people write them in configurations and addresses. Digits come first, without a sign and
/// without leading zeros; a unit follows at once. Each returns nothing for anything else, and for what is too great.
namespace memo::detail {

/// `6379`: digits alone.
std::optional<std::uint64_t> read_number(std::string_view text) noexcept;

/// `250ms`: above zero, in ns, us, ms, s, m (minutes), h or d.
std::optional<duration> read_span(std::string_view text) noexcept;

/// `64MiB`: bytes, above zero; in KiB, MiB, GiB or TiB, or without a unit.
std::optional<std::size_t> read_size(std::string_view text) noexcept;

/// What to write instead.
inline constexpr std::string_view span_advice = "write a number above zero and its unit, such as 250ms, 30s, 5m, 2h or 7d";
inline constexpr std::string_view size_advice = "write a number above zero, of bytes or with KiB, MiB, GiB or TiB, such as 64MiB";

}  // namespace memo::detail
