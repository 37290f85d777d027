#pragma once

#include "byte_source.hpp"

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace memo::sim {

inline constexpr std::size_t longest_line = 65'536;

/// What is wrong with a line and what to write, in words that follow its place.
class line_fault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Gives every line of a text to `take`, without its end (`\n` or `\r\n`; the last needs none).
///
/// Throws:   memo::error that names path and line where `take` throws a line_fault, where a line is longer than `longest_line`
///           or holds a NUL byte, and where the file cannot be read on.
void each_line(std::string const& path, std::function<void(std::string_view)> const& take);

}  // namespace memo::sim
