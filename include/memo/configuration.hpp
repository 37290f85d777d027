#pragma once

#include <memo/base/clock.hpp>
#include <memo/manager.hpp>
#include <memo/store/address.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace memo::detail {

/// A store as a configuration describes it, and where the password stands when it stands elsewhere.
struct configured_store {
    store_address address;
    std::optional<near_settings> near{};
    std::string password_env{};
    std::string password_file{};
};

/// What a configuration says, checked, and nothing opened yet.
struct configuration {
    duration ttl = duration::max();
    std::string prefix{};
    std::string store{};  ///< the one of these that those use who name none; may be empty
    std::map<std::string, configured_store> stores{};
    std::map<std::string, wrapper_settings> wrappers{};
};

inline constexpr std::size_t longest_configuration = 1'048'576;
inline constexpr std::size_t deepest_configuration = 32;

/// Reads the JSON of a configuration. It does nothing but read.
///
/// Throws: config_error for whatever is not just so: `<who>: <path in the file>: <what>; <what to do>`. It shows none of the values, and
///         of the keys only plain words.
configuration read_configuration(std::string_view json, std::string_view who);

}  // namespace memo::detail
