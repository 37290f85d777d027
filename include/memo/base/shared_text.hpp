#pragma once

#include <memo/base/block_bytes.hpp>

#include <atomic>
#include <cstddef>
#include <limits>
#include <new>
#include <string_view>
#include <utility>

namespace memo::detail {

/// A text that never changes and that copies share, in one block with their count: who holds a pointer to a `std::string` visits one
/// line of memory more to read a text of over 15 bytes.
///
/// Threads: any may have copies of one text, and read it; each object is one thread's.
/// Cost:    an allocation to make one, an atomic increment to copy it; a pointer, and 16 bytes beside the text.
class shared_text {
public:
    /// Throws: bad_alloc.
    explicit shared_text(std::string_view text) : block_{made(text.size())} {
        text.copy(bytes(), text.size());
    }
    shared_text(shared_text const& other) noexcept : block_{other.block_} {
        if (block_ != nullptr)
            block_->owners.fetch_add(1, std::memory_order_relaxed);
    }
    shared_text(shared_text&& other) noexcept : block_{std::exchange(other.block_, nullptr)} {}
    shared_text& operator=(shared_text other) noexcept {
        std::swap(block_, other.block_);
        return *this;
    }
    ~shared_text() {
        if (block_ != nullptr && block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            block_->~block();
            ::operator delete(block_);
        }
    }

    /// Requires: it was not moved from.
    std::string_view view() const noexcept { return {bytes(), block_->size}; }
    /// What its block takes of memory, by the allocator's rule.
    std::size_t footprint() const noexcept { return block_bytes(sizeof(block) + block_->size); }

private:
    struct block {
        std::atomic<std::size_t> owners{1};
        std::size_t size;
    };

    static block* made(std::size_t size) {
        if (size > std::numeric_limits<std::size_t>::max() - sizeof(block))
            throw std::bad_alloc{};
        return ::new (::operator new(sizeof(block) + size)) block{.size = size};
    }
    char* bytes() const noexcept { return reinterpret_cast<char*>(block_ + 1); }

    block* block_;
};

}  // namespace memo::detail
