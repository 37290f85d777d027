#pragma once

#include "laws/keys.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

namespace laws {

/// What a result says of itself: for which key it was made, of which generation of the source, and a check sum of both.
class slip {
public:
    slip(int key, std::uint64_t generation) : key_{key}, generation_{generation}, sum_{sum()} {}

    int key() const { return key_; }
    std::uint64_t generation() const { return generation_; }
    bool whole() const { return sum_ == sum(); }

    /// As a slip, or as text that is too long to stand in a `std::string` itself.
    template <class Value>
    Value as() const {
        if constexpr (std::is_same_v<Value, slip>)
            return *this;
        else
            return std::string(24, '.').append(reinterpret_cast<char const*>(this), sizeof *this);
    }
    static slip of(slip const& said) { return said; }
    static slip of(std::string const& text) {
        slip said{-1, 0};
        if (text.size() == 24 + sizeof said)
            std::memcpy(static_cast<void*>(&said), text.data() + 24, sizeof said);
        return said;
    }

private:
    std::uint64_t sum() const { return (generation_ << 8 ^ static_cast<std::uint64_t>(key_)) * 0x9e3779b97f4a7c15; }

    int key_;
    std::uint64_t generation_;
    std::uint64_t sum_;
};
static_assert(std::is_trivially_copyable_v<slip>);

/// What results are made of: a generation for each key, and the floor below which no call that begins now may answer.
///
/// Threads: any; a key is changed by one.
class source {
public:
    std::uint64_t generation(int key) const { return at(key).generation.load(); }
    std::uint64_t bump(int key) { return places_[static_cast<std::size_t>(key)].generation.fetch_add(1) + 1; }

    std::uint64_t floor(int key) const { return at(key).floor.load(); }
    void promise(int key, std::uint64_t generation) { places_[static_cast<std::size_t>(key)].floor.store(generation); }

private:
    struct alignas(64) place {
        std::atomic<std::uint64_t> generation{0};
        std::atomic<std::uint64_t> floor{0};
    };

    place const& at(int key) const { return places_[static_cast<std::size_t>(key)]; }

    std::array<place, keys> places_;
};

}  // namespace laws
