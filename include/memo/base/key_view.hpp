#pragma once

#include <cstdint>
#include <string_view>

namespace memo::detail {

/// The key of one call as a store sees it. The bytes live as long as the buffer they were written to.
struct key_view {
    std::uint64_t place = 0;    ///< where to look: a seeded hash of `text`, or of `identity` where there is no text
    std::string_view identity;  ///< the canonical encoding of what enters the key; decides
    std::string_view text;      ///< the readable key, by which strings and patterns reach the entry; may be empty

    /// Whether both mean the same call.
    friend bool operator==(key_view const& left, key_view const& right) noexcept {
        return left.place == right.place && left.text.size() == right.text.size() && left.identity == right.identity &&
               (left.text.empty() || left.text == right.text);
    }
};

}  // namespace memo::detail
