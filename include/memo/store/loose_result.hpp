#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace memo::detail {

/// Small results that may stand beside their keys as well.
template <class Held>
concept copied_out = std::is_trivially_copyable_v<Held> && sizeof(Held) <= 4 * sizeof(std::uint64_t);

/// A result in words, or none. Compilers keep it in registers, which they do not with an `optional`.
template <copied_out Held>
class loose_result {
    static constexpr std::size_t word = sizeof(std::uint64_t);

public:
    static constexpr std::size_t size = (sizeof(Held) + word - 1) / word;
    using words = std::array<std::uint64_t, size>;

    loose_result() = default;
    [[gnu::always_inline]] static loose_result of(words const& bits) noexcept {
        loose_result made;
        made.bits_ = bits;
        made.some_ = 1;
        return made;
    }
    [[gnu::always_inline]] explicit loose_result(Held const& held) noexcept : some_{1} {
        std::memcpy(bits_.data(), &held, sizeof held);
    }

    explicit operator bool() const noexcept { return some_ != 0; }
    [[gnu::always_inline]] Held operator*() const noexcept {
        std::array<std::byte, sizeof(Held)> bytes;
        std::memcpy(bytes.data(), bits_.data(), bytes.size());
        return std::bit_cast<Held>(bytes);
    }
    words const& bits() const noexcept { return bits_; }

private:
    words bits_{};
    std::uint64_t some_ = 0;  // as wide as the words beside it, or g++ asks for it twice
};

}  // namespace memo::detail
