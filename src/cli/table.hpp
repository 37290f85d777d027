#pragma once

#include "study.hpp"

#include <string>

namespace memo::sim {

/// What a terminal shows of a study: a line for each policy, a column for each size, `*` at the best that does not see the
/// future.
std::string table(study const& of);

}  // namespace memo::sim
