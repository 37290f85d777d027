#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace memo::detail {

/// The bytes of one key while they are written: append-only, short ones in place.
///
/// Threads: a buffer belongs to the thread that made it; any number of them may be alive on a thread.
/// Throws:  bad_alloc, and then keeps the bytes it had.
/// Cost:    up to `inline_capacity` bytes allocate nothing. Longer keys take blocks from a pool of the thread, which
/// keeps up
///          to 4 MiB of them, so that a key of a length that the thread has seen before allocates nothing either.
class key_buffer {
public:
    static constexpr std::size_t inline_capacity = 112;

    key_buffer() noexcept { inline_[0] = 0; }  // without one written byte g++ warns of an empty key
    key_buffer(key_buffer const&) = delete;
    key_buffer& operator=(key_buffer const&) = delete;
    ~key_buffer() {
        if (begin_ != inline_) {
            release();
        }
    }

    /// Returns: where to write the next `size` bytes, which now belong to the content; the `reach` bytes from there on
    /// may be written over. Aligned for nothing.
    char* room(std::size_t size, std::size_t reach) {
        if (capacity_ - size_ < reach) {
            grow(reach);
        }
        char* const at = begin_ + size_;
        size_ += size;
        return at;
    }
    char* room(std::size_t size) { return room(size, size); }

    void append(void const* bytes, std::size_t size) {
        if (size != 0) {
            std::memcpy(room(size), bytes, size);
        }
    }
    void append(std::string_view bytes) { append(bytes.data(), bytes.size()); }
    void push(std::uint8_t byte) { *room(1) = static_cast<char>(byte); }

    /// Appends `length` in 1 to 10 bytes of 7 bits each, low bits first: no encoding is the beginning of another.
    void append_length(std::uint64_t length) {
        while (length >= 0x80) {
            push(static_cast<std::uint8_t>(length | 0x80));
            length >>= 7;
        }
        push(static_cast<std::uint8_t>(length));
    }

    /// Returns: the content; valid until the next call that is not const.
    std::string_view view() const noexcept { return {begin_, size_}; }
    /// Returns: the first byte, aligned for a std::size_t.
    char* start() noexcept { return begin_; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    /// Forgets the content and keeps the room.
    void clear() noexcept { size_ = 0; }

private:
    void grow(std::size_t more);
    void release() noexcept;

    char* begin_ = inline_;
    std::size_t size_ = 0;
    std::size_t capacity_ = inline_capacity;
    alignas(std::size_t) char inline_[inline_capacity];
};

/// The encoded elements of an unordered container, joined in the order of their bytes.
///
/// Requires: no element's bytes are the beginning of another's, so that the joined bytes tell where each one ends.
/// Cost:     sorts in buffers of the pool; allocates nothing on a warm thread.
class sorted_pieces {
public:
    /// Where the next element is written; `close` ends it.
    key_buffer& piece() noexcept { return pieces_; }
    void close();
    void append_to(key_buffer& out);

private:
    key_buffer pieces_;
    key_buffer bounds_;
    std::size_t begin_ = 0;
};

}  // namespace memo::detail
