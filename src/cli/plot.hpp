#pragma once

#include "study.hpp"

#include <span>
#include <string>

namespace memo::sim {

/// An SVG picture of the curves: a panel for each trace, and one more where costs are known; sizes on a logarithmic axis, and
/// what no policy can reach in grey where Belady's curve is known.
std::string plot(std::span<study const> studies);

}  // namespace memo::sim
