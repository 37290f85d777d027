#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memo::sim {

/// Numbers keys from 0 by their first appearance.
///
/// Throws:   std::length_error for more keys than 32 bits can number.
/// Cost:     one hash, one probe and one comparison of bytes.
class interner {
public:
    interner();

    std::uint32_t number(std::string_view key);

    /// The hash of each key by its number, the same in every process.
    [[nodiscard]] std::vector<std::uint64_t> const& places() const noexcept { return places_; }

private:
    struct slot {
        std::uint32_t mark = 0;    // the high half of the hash
        std::uint32_t number = 0;  // from 1, 0 where there is no key
    };

    [[nodiscard]] std::string_view key(std::uint32_t number) const noexcept;
    void grow();

    std::vector<slot> slots_;
    std::vector<std::uint64_t> places_;
    std::vector<std::uint64_t> ends_;  // of each key in `bytes_`
    std::string bytes_;
};

}  // namespace memo::sim
