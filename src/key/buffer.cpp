#include <memo/key/buffer.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <limits>
#include <new>
#include <string_view>

namespace memo::detail {
namespace {

struct block {
    char* begin = nullptr;
    std::size_t capacity = 0;
};

thread_local bool pool_is_gone = false;

class block_pool {
public:
    constexpr block_pool() = default;
    block_pool(block_pool const&) = delete;
    block_pool& operator=(block_pool const&) = delete;
    ~block_pool() {
        pool_is_gone = true;
        for (std::size_t i = 0; i != count_; ++i) {
            ::operator delete(free_[i].begin);
        }
    }

    /// Returns: the smallest free block of at least `size` bytes, or an empty one.
    block take(std::size_t size) noexcept {
        std::size_t best = count_;
        for (std::size_t i = 0; i != count_; ++i) {
            bool const fits = free_[i].capacity >= size;
            if (fits && (best == count_ || free_[i].capacity < free_[best].capacity)) {
                best = i;
            }
        }
        if (best == count_) {
            return {};
        }
        block const found = free_[best];
        free_[best] = free_[--count_];
        retained_ -= found.capacity;
        return found;
    }

    void give_back(block used) noexcept {
        if (count_ == free_.size() || used.capacity > max_retained - retained_) {
            ::operator delete(used.begin);
            return;
        }
        free_[count_++] = used;
        retained_ += used.capacity;
    }

private:
    static constexpr std::size_t max_retained = std::size_t{4} << 20;

    std::array<block, 16> free_{};
    std::size_t count_ = 0;
    std::size_t retained_ = 0;
};

constinit thread_local block_pool pool;

constexpr std::size_t first_block = 1024;
constexpr std::size_t growth = 4;

block take_block(std::size_t size) {
    if (!pool_is_gone) {
        if (block const found = pool.take(size); found.begin != nullptr) {
            return found;
        }
    }
    return {static_cast<char*>(::operator new(size)), size};
}

void give_back(block used) noexcept {
    if (pool_is_gone) {
        ::operator delete(used.begin);
    } else {
        pool.give_back(used);
    }
}

struct piece_bounds {
    std::size_t begin;
    std::size_t size;
};

}  // namespace

void key_buffer::grow(std::size_t more) {
    if (more > std::numeric_limits<std::size_t>::max() / growth - size_) {
        throw std::bad_alloc{};
    }
    std::size_t capacity = first_block;
    while (capacity < size_ + more) {
        capacity *= growth;
    }
    block const larger = take_block(capacity);
    std::memcpy(larger.begin, begin_, size_);
    if (begin_ != inline_) {
        give_back({begin_, capacity_});
    }
    begin_ = larger.begin;
    capacity_ = larger.capacity;
}

void key_buffer::release() noexcept { give_back({begin_, capacity_}); }

void sorted_pieces::close() {
    static_assert(alignof(piece_bounds) <= alignof(std::size_t));
    piece_bounds const bounds{begin_, pieces_.size() - begin_};
    bounds_.append(&bounds, sizeof bounds);
    begin_ = pieces_.size();
}

void sorted_pieces::append_to(key_buffer& out) {
    std::string_view const bytes = pieces_.view();
    auto const bytes_of = [bytes](piece_bounds piece) { return bytes.substr(piece.begin, piece.size); };

    std::size_t const count = bounds_.size() / sizeof(piece_bounds);
    auto* const first = reinterpret_cast<piece_bounds*>(bounds_.start());
    std::sort(first, first + count, [&](piece_bounds a, piece_bounds b) { return bytes_of(a) < bytes_of(b); });
    for (std::size_t i = 0; i != count; ++i) {
        out.append(bytes_of(first[i]));
    }
}

}  // namespace memo::detail
