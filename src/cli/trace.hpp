#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace memo::sim {

/// What was asked for, one request after the other, as numbers of keys from 0 by their first appearance.
struct trace {
    std::string name;
    std::vector<std::uint32_t> requests;
    std::vector<std::uint64_t> places;  ///< the hash of each key
    std::vector<std::uint64_t> costs;   ///< of each key, or none at all

    [[nodiscard]] std::size_t keys() const noexcept { return places.size(); }
    [[nodiscard]] std::uint64_t cost(std::uint32_t key) const noexcept { return costs.empty() ? 1 : costs[key]; }
};

/// One key per line; equal lines are equal keys.
///
/// Throws:   memo::error that names path and line.
trace read_trace(std::string const& path);

/// The costs of the keys of `of`, one per line, in the order in which the keys first appear.
///
/// Throws:   memo::error that names path and line.
std::vector<std::uint64_t> read_costs(std::string const& path, trace const& of);

/// The file's name without its folder and without `.txt`, `.log`, `.csv`, `.gz` and `.zst`.
std::string trace_name(std::string const& path);

}  // namespace memo::sim
