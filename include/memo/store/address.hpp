#pragma once

#include <memo/store/memory_bytes.hpp>
#include <memo/store/redis.hpp>
#include <memo/store/sqlite.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace memo::detail {

/// What a URL says of a store, checked, and nothing opened yet.
struct memory_address {
    memory_bytes_options options{};
    std::string prefix{};
};
struct sqlite_address {
    std::string path{};
    sqlite_options options{};
    std::string prefix{};
};
struct redis_address {
    redis_options options{};
};
using store_address = std::variant<memory_address, sqlite_address, redis_address>;

inline constexpr std::size_t longest_url = 8192;

/// Reads the URL of a store; <memo/open.hpp> says which there are. It does nothing but read.
///
/// Throws: config_error for whatever is not just so, `<who>: <what>; <what to do>`. Of the URL it shows a parameter's name and the scheme
///         at most, and none of them where a secret might have come astray.
store_address read_address(std::string_view url, std::string_view who);

/// Throws: config_error for a prefix that stores do not take.
void check_prefix(std::string_view prefix, std::string_view who);

}  // namespace memo::detail
