#pragma once

#include "progress.hpp"
#include "replay.hpp"
#include "trace.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace memo::sim {

/// One way to choose who leaves.
struct policy {
    std::string_view name;
    std::string_view colour;  ///< of its curve, as in CSS
    std::string_view says;
    outcome (*replay)(trace const&, std::size_t capacity, progress&);
    bool stands_out = false;  ///< with a broader curve
    bool sees_the_future = false;
};

/// All of them, in the order of the table.
std::span<policy const> policies() noexcept;

/// Null for a name that none has.
policy const* find_policy(std::string_view name) noexcept;

}  // namespace memo::sim
