#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memo::detail {

/// What an environment variable says. Returns: nothing where it is not set, is empty, or this process runs with more rights than
/// its user has (setuid, setgid, capabilities), since then the user must not steer it.
/// Threads: as `getenv`: any while nobody changes the environment.
std::optional<std::string> read_environment(std::string const& name);

/// The names of those that `read_environment` would read and that begin so, sorted.
std::vector<std::string> environment_names(std::string_view beginning);

}  // namespace memo::detail
