#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Numbers and names, as people read them.
namespace memo::sim {

/// `1,234,567`.
std::string grouped(std::uint64_t number);

/// `950`, `1k`, `2.5k`, `10M`, up to `18.45E`: at most two digits behind the point.
std::string brief(double number);

/// `0.918120`: with so many digits behind the point.
std::string fixed(double number, int digits);

/// The text without what moves a terminal's cursor, or is no UTF-8: a `?` for each such byte.
std::string printable(std::string_view text);

/// The UTF-8 text as wide as so many Latin letters, 5 at least; one that is wider has dots in the place of its middle.
std::string shortened(std::string_view text, std::size_t most);

/// How many columns of a terminal the UTF-8 text takes, if each character takes one.
std::size_t columns(std::string_view text) noexcept;

}  // namespace memo::sim
