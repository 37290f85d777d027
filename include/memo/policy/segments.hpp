#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace memo::detail {

/// A row that grows and shrinks at its end without moving what is in it, so without a pause.
///
/// Threads:  the caller locks.
/// Cost:     constant; memory comes by the kilobyte, and of what a row left when it shrank the last stays.
template <class T>
class segments {
public:
    static constexpr std::size_t in_block = std::bit_ceil(1024 / sizeof(T));

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    [[nodiscard]] T& operator[](std::size_t at) noexcept { return blocks_[at / in_block][at % in_block]; }
    [[nodiscard]] T const& operator[](std::size_t at) const noexcept { return blocks_[at / in_block][at % in_block]; }

    /// One more, value-initialized. Returns: whether there was memory for it.
    [[nodiscard]] bool push_back() noexcept {
        if (size_ == blocks_.size() * in_block) {
            try {
                blocks_.push_back(nullptr);
                blocks_.back() = std::make_unique<T[]>(in_block);
            } catch (std::bad_alloc const&) {
                while (!blocks_.empty() && blocks_.back() == nullptr) blocks_.pop_back();
                return false;
            }
        }
        (*this)[size_++] = T{};
        return true;
    }

    void pop_back() noexcept {
        --size_;
        while (blocks_.size() * in_block >= size_ + 2 * in_block) blocks_.pop_back();
    }

private:
    std::vector<std::unique_ptr<T[]>> blocks_;
    std::size_t size_ = 0;
};

/// Which of `count` buckets a hash falls to, so that one bucket more takes elements from one other only, that at
/// `fold(count, count)` of the old count.
///
/// Source:   W. Litwin, "Linear hashing: a new tool for file and table addressing", VLDB 1980.
[[nodiscard]] constexpr std::size_t fold(std::uint64_t hash, std::size_t count) noexcept {
    auto const wide = hash & (std::bit_ceil(count) - 1);
    return static_cast<std::size_t>(wide < count ? wide : wide & (std::bit_ceil(count) / 2 - 1));
}

}  // namespace memo::detail
