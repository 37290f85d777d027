#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace memo::detail {

/// Of a socket, as the system wants it.
struct socket_address {
    int family = 0;
    std::size_t size = 0;
    alignas(8) std::array<unsigned char, 128> bytes{};
};

/// The addresses of a host for TCP connections, in the order in which to try them.
///
/// Returns: none when there is none, or none was known in time.
/// Threads: any. Asking for a name is left to a thread, which goes on by itself when the time is over; 16 of them at once are
///          the most, and who would be the next gets none. Numeric addresses need nobody.
std::vector<socket_address> resolve(std::string const& host, std::uint16_t port, std::chrono::steady_clock::time_point until);

/// Returns: none when the path is empty or too long (107 bytes).
std::vector<socket_address> unix_address(std::string const& path);

}  // namespace memo::detail
