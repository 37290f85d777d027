#pragma once

#include "extent.hpp"
#include "policies.hpp"
#include "replay.hpp"
#include "trace.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memo::sim {

/// What one policy made of a trace, one outcome for each size.
struct curve {
    policy const* by;
    std::vector<outcome> outcomes;
};

/// One trace and what all policies made of it.
struct study {
    std::string name;
    std::uint64_t requests;
    std::size_t keys;
    double cost;                     ///< of all requests, as if none hit; 0 where costs are not known
    std::vector<std::size_t> sizes;  ///< ascending
    std::vector<curve> curves;

    [[nodiscard]] double hit_ratio(outcome const& what) const noexcept;
    [[nodiscard]] bool has_costs() const noexcept { return cost > 0; }
    [[nodiscard]] double saved_ratio(outcome const& what) const noexcept { return what.saved / cost; }
};

/// Whether one of the curves knew what would be asked for.
bool shows_future(study const& what) noexcept;

/// What stands beside such a curve where costs are shown.
inline constexpr std::string_view future_and_costs = "belady has most hits; it does not look at costs";

/// Replays every trace through every policy at every size.
std::vector<study> replay_all(std::span<trace const> traces, std::span<policy const* const> policies, std::span<extent const> sizes);

}  // namespace memo::sim
