#pragma once

#include <memo/base/clock.hpp>
#include <memo/transport/redis_link.hpp>

#include <chrono>
#include <cstdint>

/// Lines to servers of this machine.
namespace lines {

inline memo::detail::redis_server to(std::uint16_t port, char const* caller) {
    memo::detail::redis_server there;
    there.host = "127.0.0.1";
    there.port = port;
    there.caller = caller;
    return there;
}

inline memo::detail::redis_server patiently_to(std::uint16_t port, char const* caller) {
    auto there = to(port, caller);
    there.connect_timeout = std::chrono::seconds{5};
    return there;
}

/// The moment when a span from now ends.
inline memo::detail::instant in(memo::duration span) {
    return memo::detail::deadline(span);
}

}  // namespace lines
