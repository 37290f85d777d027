#pragma once

#include "extent.hpp"
#include "policies.hpp"

#include <string>
#include <vector>

namespace memo::sim {

enum class wish { replay, help, version };

/// What the command line asks for.
struct arguments {
    wish what = wish::replay;
    std::vector<policy const*> policies;  ///< all where none is named
    std::vector<extent> sizes;            ///< a few shares where none is named
    std::vector<std::string> traces;
    std::vector<std::string> costs;  ///< one for each trace, or none
    std::string csv;
    std::string svg;
};

/// The words behind the name of the program.
///
/// Throws:   config_error that names the option and says what to write.
arguments read_arguments(std::vector<std::string> const& words);

std::string help();

}  // namespace memo::sim
