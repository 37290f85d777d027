#pragma once

#include "study.hpp"

#include <span>
#include <string>

namespace memo::sim {

/// `trace,policy,size,requests,hits,hit_ratio,cost_saved_ratio` and a line for each replay; ratios with six digits, the last
/// field empty where costs are not known.
/// Source:   RFC 4180, with `\n` at the ends of lines.
std::string csv(std::span<study const> studies);

}  // namespace memo::sim
