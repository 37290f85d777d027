#pragma once

#include <cstddef>

namespace memo::detail {

/// The size of a block of `bytes` as glibc gives it: 8 bytes more, in steps of 16, 32 at least. None for none.
constexpr std::size_t block_bytes(std::size_t bytes) noexcept {
    std::size_t const stepped = (bytes + 8 + 15) / 16 * 16;
    return bytes == 0 ? 0 : stepped < 32 ? 32 : stepped;
}

}  // namespace memo::detail
