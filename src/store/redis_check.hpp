#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/store/redis.hpp>
#include <memo/transport/request.hpp>

#include <climits>
#include <string>

namespace memo::detail {

[[noreturn]] inline void refuse_option(std::string const& what) { throw config_error{"memo::redis_store: " + what}; }

inline void check_span(lifetime given, char const* name) {
    if (given.value <= duration::zero())
        refuse_option(std::string{"`"} + name + "` is not above zero; give a span of time");
}

inline void check_text(std::string const& text, char const* name) {
    if (text.find('\0') != std::string::npos)
        refuse_option(std::string{"`"} + name + "` has a zero byte; leave it out");
}

inline void check(redis_options const& options) {
    if (options.tls)
        refuse_option(
            "this build has no TLS, which takes a newer hiredis than 0.14; use `redis://` behind a tunnel, or a unix socket");
    if (options.path.empty() && (options.host.empty() || options.port == 0))
        refuse_option("there is no address; give `host` and `port`, or `path`");
    if (options.path.size() > 107)
        refuse_option("`path` is longer than the 107 bytes of a unix socket; shorten it");
    check_text(options.host, "host");
    check_text(options.path, "path");
    if (options.db > INT_MAX)
        refuse_option("there is no such `db`; give a small number");
    if (options.pool == 0 || options.pool > 1024)
        refuse_option("`pool` is not within 1 and 1024; give the number of connections");
    if (options.max_reply < 1024 || options.max_reply >= request::most_bytes)
        refuse_option("`max_reply` is not within 1 KiB and 512 MiB; give what one record may take");
    if (options.breaker_threshold == 0)
        refuse_option("`breaker_threshold` is 0; give the number of failures that it takes");
    check_span(options.timeout, "timeout");
    check_span(options.connect_timeout, "connect_timeout");
    check_span(options.bulk_timeout, "bulk_timeout");
}

}  // namespace memo::detail
