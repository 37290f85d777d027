#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

namespace memo::detail {

struct info_line {
    std::string_view theirs;
    std::string_view ours;
};
/// Of what the server tells of itself.
inline constexpr std::array<info_line, 14> info_lines{{
    {"redis_version", "version"},
    {"redis_mode", "mode"},
    {"run_id", "run_id"},
    {"uptime_in_seconds", "uptime_seconds"},
    {"role", "role"},
    {"connected_clients", "clients"},
    {"used_memory", "bytes"},
    {"maxmemory", "max_bytes"},
    {"maxmemory_policy", "max_bytes_policy"},
    {"evicted_keys", "evicted"},
    {"expired_keys", "expired"},
    {"keyspace_hits", "hits"},
    {"keyspace_misses", "misses"},
    {"aof_enabled", "append_only_file"},
}};

/// From the reply to INFO.
inline std::map<std::string, std::string> worth_telling(std::string_view lines) {
    std::map<std::string, std::string> told;
    while (!lines.empty()) {
        auto const line = lines.substr(0, lines.find_first_of("\r\n"));
        lines.remove_prefix(std::min(lines.size(), line.size() + 1));
        auto const colon = line.find(':');
        auto const* const worth = std::ranges::find(info_lines, line.substr(0, colon), &info_line::theirs);
        if (colon != std::string_view::npos && worth != info_lines.end())
            told[std::string{worth->ours}] = line.substr(colon + 1);
    }
    return told;
}

}  // namespace memo::detail
