#pragma once

#include <memo/codec/traits.hpp>

#include <string_view>

namespace memo::detail {

/// Throws value_error for a text that is too large or too deep, or has too many elements: before it is parsed, since the parser
/// calls itself at each level and its tree takes many times the text.
void bound_json(std::string_view text, decode_limits const& most);

/// Whether both hold the same names, signs and scalars, in whatever order.
bool same_json(std::string_view left, std::string_view right);

}  // namespace memo::detail
