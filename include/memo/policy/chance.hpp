#pragma once

#include <cstdint>

namespace memo::detail {

/// Numbers that look random; equal seeds make equal ones.
///
/// Threads:  the caller locks.
/// Source:   SplitMix64: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
class chance {
public:
    explicit constexpr chance(std::uint64_t seed) noexcept : state_{seed} {}

    [[nodiscard]] constexpr std::uint64_t draw() noexcept {
        auto mixed = state_ += 0x9e37'79b9'7f4a'7c15;
        mixed = (mixed ^ mixed >> 30) * 0xbf58'476d'1ce4'e5b9;
        mixed = (mixed ^ mixed >> 27) * 0x94d0'49bb'1331'11eb;
        return mixed ^ mixed >> 31;
    }

private:
    std::uint64_t state_;
};

}  // namespace memo::detail
