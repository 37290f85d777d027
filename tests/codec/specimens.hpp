#pragma once

#include "key/bytes.hpp"

#include <memo/codec/record.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Records of every kind, and what the releases wrote for them.
namespace specimens {

using memo::detail::record;

inline record full() {
    using namespace std::chrono_literals;
    return {.type = 0x0123456789abcdef,
            .family = "f:users.get:3:0123456789abcdef",
            .identity = std::string_view{"\x12\x2a\0\0\0", 5},
            .times = {.created = 1'700'000'000s,
                      .ttl = 5min,
                      .grace = 30s,
                      .idle = 1h,
                      .touched = 1'700'000'001s,
                      .read = 1'700'000'002s,
                      .cost = 1500us,
                      .retry_at = 1'700'000'003s,
                      .failures = 2},
            .tags = {"users", "", "org:7"},
            .metadata = {{"author", "ann"}, {"", ""}},
            .payload = "some bytes"};
}

inline std::vector<std::pair<std::string, record>> all() {
    static std::string const long_text(300, 'x');
    std::vector<std::pair<std::string, record>> made;
    made.emplace_back("empty", record{});
    made.emplace_back("full", full());
    made.emplace_back("immortal", record{.type = 7, .family = "c", .identity = "user:1", .payload = long_text});
    record before{.type = ~std::uint64_t{0}, .family = long_text, .identity = long_text};
    before.times.created = memo::duration::min();
    before.times.retry_at = memo::duration::max();
    before.times.failures = ~std::uint32_t{0};
    made.emplace_back("before 1970", before);
    return made;
}

/// The lines of a file of tests/golden; `MEMO_GOLDEN=write` in the environment first makes them the current ones.
inline std::vector<std::string> kept_lines(std::string_view name, std::vector<std::string> const& current) {
    auto const file = std::filesystem::path{__FILE__}.parent_path().parent_path() / "golden" / name;
    if (char const* const wish = std::getenv("MEMO_GOLDEN"); wish != nullptr && wish == std::string_view{"write"}) {
        std::ofstream out{file};
        for (auto const& line : current)
            out << line << '\n';
    }
    std::vector<std::string> lines;
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

inline std::string from_hex(std::string_view text) {
    auto const digit = [](char letter) { return letter <= '9' ? letter - '0' : letter - 'a' + 10; };
    std::string bytes;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2)
        bytes += static_cast<char>(digit(text[at]) * 16 + digit(text[at + 1]));
    return bytes;
}

inline bool equal(record const& left, record const& right) {
    return left.type == right.type && left.family == right.family && left.identity == right.identity &&
           left.times == right.times && left.tags == right.tags && left.metadata == right.metadata &&
           left.payload == right.payload;
}

}  // namespace specimens
