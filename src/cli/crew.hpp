#pragma once

#include "progress.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace memo::sim {

/// Runs `job(0)` to `job(count - 1)`, each once, on as many threads as there are processors, and draws a bar on the standard
/// error output where that is a terminal.
///
/// Throws:   what a job throws; the others then end at their next look at `how_far.given_up()`.
void work_off(std::string const& doing, std::size_t count, progress& how_far, std::function<void(std::size_t)> const& job);

}  // namespace memo::sim
