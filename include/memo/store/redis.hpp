#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/secret.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/encoded.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace memo {

/// Which server, and what a call may cost.
struct redis_options {
    std::string host = "localhost";
    std::uint16_t port = 6379;
    std::string path{};                                         ///< of a unix socket: then host and port do not count
    std::string user{};                                         ///< of the server's ACL; empty is its default user
    secret password{};                                          ///< empty: none is sent
    unsigned db = 0;
    std::string prefix{};                                       ///< in front of every key; without `#`, at most 128 bytes
    std::size_t pool = 8;                                       ///< connections at once, 1 to 1,024
    detail::lifetime timeout{std::chrono::milliseconds{100}};           ///< of an operation, with all its replies
    detail::lifetime connect_timeout{std::chrono::milliseconds{250}};   ///< of a connection, within the operation that needs it
    detail::lifetime bulk_timeout{std::chrono::seconds{10}};            ///< of what takes many steps, each within `timeout`
    std::size_t max_reply = std::size_t{64} << 20;              ///< bytes; what would not come back is not stored either
    unsigned breaker_threshold = 5;                             ///< failures in a row after which calls are not even tried
    bool tls = false;                                           ///< `rediss://`; not in this build: config_error
};

/// A store on a Redis server (5.0 or newer), shared by all who use the same address, database and prefix. The server need not
/// answer when it is constructed, and may come and go: while it is away operations fail at once, and a caller now and then tries
/// again.
///
/// Keys:    `<prefix><family>:<name>`, where `:` in a family is written `/`; what begins with `<prefix>#` serves tags, tickets
///          and the list of families. So this user of the server suffices (also for `memo::open`):
///              ACL SETUSER app on >password ~myapp:* +@read +@write +@scripting +@transaction +@connection -@dangerous +time
///          +info A server that drops keys when its memory is full must be told to drop only those with a lifetime
///          (`volatile-lru`, ...), or entries lose their tags. What it loses by a restart or a failover is lost: so are evictions
///          that it had confirmed.
/// Throws:  config_error for options out of their range.
/// Threads: any, and after a fork the child too, by connections of its own.
/// Cost:    a round trip for each operation on single entries and batches; patterns, scopes, scans and counts walk through the
///          database (SCAN, never KEYS; patterns twice), and evictions by tag through what bears it.
class redis_store : public shared_store {
public:
    explicit redis_store(redis_options options = {});
};

}  // namespace memo
