#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace memo {

/// What a cache of so many entries would do.
struct size_point {
    std::size_t entries = 0;
    double hit_ratio = 0;      ///< 0 to 1
    double seconds_saved = 0;  ///< a minute, by all hits; 0 while nobody knows how many calls a minute brings
};

/// What the size of a cache is worth: hit ratio and seconds saved from an eighth of the present size to eight times as much, as
/// LRU caches of these sizes would do in place of the present one; printable, as the sentence that the curve comes to:
/// "twice the size would raise the hit ratio from 81 % to 93 % and save 4.1 s a minute".
struct size_explanation {
    static constexpr std::array<double, 7> times{0.125, 0.25, 0.5, 1, 2, 4, 8};
    static constexpr std::size_t present = 3;

    std::string why;                               ///< nothing is known; empty where it is
    std::array<size_point, times.size()> points{};  ///< of each of `times`; the one at `present` is the cache as it is
    std::uint64_t requests = 0;                    ///< watched lately, on which it rests

    bool known() const noexcept { return why.empty(); }
    std::string text() const;
    friend std::ostream& operator<<(std::ostream& out, size_explanation const& told);
};

}  // namespace memo
