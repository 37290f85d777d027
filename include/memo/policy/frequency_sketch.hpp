#pragma once

#include <memo/policy/segments.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// About how often places were met lately, up to 15 times; places that share their counters seem more frequent than they
/// are. After ten times as many meetings as entries all counts are halved, some at each of the next meetings.
///
/// Threads:  the caller locks.
/// Cost:     16 bytes an entry; a meeting reads and writes one cache line, and sixteen more while counts are halved, so one
///           in six hundred. Where there is no memory to grow, more places share.
/// Source:   G. Einziger, R. Friedman, B. Manes, "TinyLFU: a highly efficient cache admission policy", ACM Transactions on
///           Storage 13(4), 2017; four counters of a place in one line as in Caffeine.
class frequency_sketch {
public:
    static constexpr unsigned most = 15;

    explicit frequency_sketch(std::uint64_t seed = 0) noexcept : seed_{seed} {}

    /// Makes room for the places of so many entries; what is counted stays.
    void fit(std::size_t entries) noexcept {
        while (lines_.size() * entries_in_line < entries && lines_.push_back()) {
            auto const opened = lines_.size() - 1;
            if (opened > 0) lines_[opened] = lines_[fold(opened, opened)];
        }
    }

    /// A place was met, once or more often.
    void add(std::uint64_t place, unsigned times = 1) noexcept {
        if (lines_.size() == 0 || times == 0) return;
        age();
        auto const hash = mix(place ^ seed_);
        auto& words = lines_[fold(hash, lines_.size())].words;
        for (unsigned row = 0; row < rows; ++row) {
            auto const at = spot_of(hash, row);
            auto const more = std::min<std::uint64_t>(times, most - (words[at.word] >> at.shift & most));
            words[at.word] += more << at.shift;
        }
        met_ += times;
    }

    [[nodiscard]] unsigned estimate(std::uint64_t place) const noexcept {
        if (lines_.size() == 0) return 0;
        auto const hash = mix(place ^ seed_);
        auto const& words = lines_[fold(hash, lines_.size())].words;
        auto least = most;
        for (unsigned row = 0; row < rows; ++row) {
            auto const at = spot_of(hash, row);
            least = std::min(least, static_cast<unsigned>(words[at.word] >> at.shift & most));
        }
        return least;
    }

private:
    static constexpr unsigned rows = 4;
    static constexpr std::size_t entries_in_line = 4;
    static constexpr std::size_t halved_at_once = 16;

    struct alignas(64) line {
        std::array<std::uint64_t, 8> words{};
    };
    struct spot {
        std::size_t word;
        unsigned shift;
    };

    static constexpr std::uint64_t mix(std::uint64_t bits) noexcept {
        bits = (bits ^ bits >> 33) * 0xff51'afd7'ed55'8ccd;
        bits = (bits ^ bits >> 33) * 0xc4ce'b9fe'1a85'ec53;
        return bits ^ bits >> 33;
    }

    /// Each row has two words of a line; five bits of the hash, above those that choose the line, choose one of 32 counters.
    static constexpr spot spot_of(std::uint64_t hash, unsigned row) noexcept {
        auto const bits = static_cast<unsigned>(hash >> (32 + 8 * row));
        return {2 * row + (bits & 1), (bits >> 1 & 15) * 4};
    }

    void age() noexcept {
        if (met_ >= 10 * entries_in_line * lines_.size()) {
            met_ /= 2;
            to_halve_ = lines_.size();
        }
        for (std::size_t step = 0; step < halved_at_once && to_halve_ > 0; ++step)
            for (auto& word : lines_[--to_halve_].words) word = word >> 1 & 0x7777'7777'7777'7777;
    }

    segments<line> lines_;
    std::size_t to_halve_ = 0;
    std::uint64_t met_ = 0;
    std::uint64_t seed_;
};

}  // namespace memo::detail
