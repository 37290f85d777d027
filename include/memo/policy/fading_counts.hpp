#pragma once

#include <memo/policy/segments.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// About how often places were met lately, 0 to 15. Counts are halved line by line as others grow, so that each is once
/// in thirteen meetings per entry and nobody waits for all. Several places share counters: an estimate may be too high.
///
/// Throws:   nothing; where memory is short, more places share.
/// Threads:  the caller locks.
/// Cost:     16 bytes an entry; `add` and `estimate` touch one cache line, `add` now and then one more.
/// Source:   G. Einziger, R. Friedman, B. Manes, "TinyLFU: a highly efficient cache admission policy", ACM Transactions on
///           Storage 13(4), 2017; C. Estan, G. Varghese, "New directions in traffic measurement and accounting", SIGCOMM
///           2002 (only the smallest counters grow).
class fading_counts {
public:
    static constexpr unsigned most = 15;

    /// Whether anything can be counted.
    [[nodiscard]] bool ready() const noexcept { return lines_.size() > 0; }

    /// Makes room for the places of so many entries, for 256 more with each call; what is counted stays.
    void fit(std::size_t entries) noexcept {
        for (std::size_t more = 0; more < lines_at_once && lines_.size() * line_entries < entries; ++more) {
            if (!lines_.push_back()) return;
            wide_ = std::bit_ceil(lines_.size()) - 1;
            auto const opened = lines_.size() - 1;
            if (opened > 0) lines_[opened] = lines_[fold(opened, opened)];
        }
    }

    void add(std::uint64_t place, unsigned times = 1) noexcept {
        if (!ready() || times == 0) return;
        auto const hash = mix(place);
        auto& here = line_of(hash);
        auto const spots = line::spots_of(hash);
        auto const before = here.least(spots);
        if (before == most) return;
        auto const after = std::min(before + times, most);
        here.raise(spots, after);
        for (met_ += after - before; met_ >= met_per_line; met_ -= met_per_line) fade();
    }

    /// It will be asked for this place soon.
    [[gnu::always_inline]] void fetch(std::uint64_t place) const noexcept {
        if (ready()) __builtin_prefetch(&line_of(mix(place)), 1);
    }

    [[nodiscard]] unsigned estimate(std::uint64_t place) const noexcept {
        if (!ready()) return 0;
        auto const hash = mix(place);
        return line_of(hash).least(line::spots_of(hash));
    }

private:
    static constexpr std::size_t line_entries = 4;
    static constexpr std::size_t lines_at_once = 64;
    static constexpr unsigned met_per_line = 13 * line_entries;

    struct alignas(64) line {
        /// The counter of a row: one of 32, sixteen in each of its two words.
        struct spot {
            std::size_t word;
            unsigned shift;
        };

        using spots = std::array<spot, 4>;

        static spots spots_of(std::uint64_t hash) noexcept {
            auto const spot_of = [hash](unsigned row) {
                auto const chosen = static_cast<unsigned>(hash >> (32 + 8 * row));
                return spot{2 * row + (chosen >> 4 & 1), chosen * 4 & 63};
            };
            return {spot_of(0), spot_of(1), spot_of(2), spot_of(3)};
        }

        [[nodiscard]] unsigned count_of(spot at) const noexcept { return static_cast<unsigned>(words[at.word] >> at.shift) & most; }

        [[nodiscard]] [[gnu::always_inline]] unsigned least(spots const& at) const noexcept {
            return std::min(std::min(count_of(at[0]), count_of(at[1])), std::min(count_of(at[2]), count_of(at[3])));
        }

        [[gnu::always_inline]] void raise(spots const& at, unsigned count) noexcept {
            auto const raise_one = [this, count](spot one) {
                words[one.word] += std::uint64_t{std::max(count_of(one), count) - count_of(one)} << one.shift;
            };
            raise_one(at[0]);
            raise_one(at[1]);
            raise_one(at[2]);
            raise_one(at[3]);
        }

        std::array<std::uint64_t, 8> words{};
    };

    static std::uint64_t mix(std::uint64_t place) noexcept {
        place = (place ^ place >> 32) * 0x9e37'79b9'7f4a'7c15;
        return place ^ place >> 32;
    }

    /// As `fold` says.
    [[nodiscard]] std::size_t number_of(std::uint64_t hash) const noexcept {
        auto const wide = static_cast<std::size_t>(hash & wide_);
        return wide < lines_.size() ? wide : wide & wide_ >> 1;
    }
    [[nodiscard]] line& line_of(std::uint64_t hash) noexcept { return lines_[number_of(hash)]; }
    [[nodiscard]] line const& line_of(std::uint64_t hash) const noexcept { return lines_[number_of(hash)]; }

    void fade() noexcept {
        for (auto& word : lines_[fading_].words) word = word >> 1 & 0x7777'7777'7777'7777;
        fading_ = fading_ + 1 < lines_.size() ? fading_ + 1 : 0;
    }

    segments<line> lines_;
    std::size_t wide_ = 0;  // as many bits as the number of a line may have
    std::size_t fading_ = 0;
    unsigned met_ = 0;
};

}  // namespace memo::detail
