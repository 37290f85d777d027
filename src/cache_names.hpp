#pragma once

#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>

#include <string>
#include <string_view>

namespace memo::detail {

/// Where the entries of caches stand in a store.
inline constexpr std::string_view cache_family = "c";

inline key_view key_of(std::string_view key) noexcept {
    return {place_of(key), key, key};
}

/// By which a cache evicts entries of caches alone: those of wrappers may have the same tag.
inline std::string own_tag(std::string_view tag) {
    return std::string{"\1c:"}.append(tag);
}

}  // namespace memo::detail
