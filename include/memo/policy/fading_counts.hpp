#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>

namespace memo::detail {

/// About how often places were met lately, 0 to 15. Counts are halved line by line as others grow, so that each is once
/// in ten meetings per entry and nobody waits for all. Several places share counters: an estimate may be too high.
///
/// Throws:   nothing; without memory for counters every estimate stays as it was.
/// Threads:  the caller locks.
/// Cost:     8 to 16 bytes an entry; `add` and `estimate` touch one cache line, `add` now and then one more.
/// Source:   G. Einziger, R. Friedman, B. Manes, "TinyLFU: a highly efficient cache admission policy", ACM Transactions on
///           Storage 13(4), 2017; C. Estan, G. Varghese, "New directions in traffic measurement and accounting", SIGCOMM
///           2002 (only the smallest counters grow).
class fading_counts {
public:
    static constexpr unsigned most = 15;

    [[nodiscard]] bool ready() const noexcept { return lines_ != nullptr; }

    /// Room for the places of so many entries; what is counted stays.
    void fit(std::size_t entries) noexcept {
        if (ready() && entries <= count_ * line_entries) return;
        auto const count = std::bit_ceil((entries + line_entries - 1) / line_entries);
        room wider{std::calloc(count + 1, sizeof(line))};
        if (!wider) return;
        auto* const lines = first_line(wider.get());
        if (ready() && count_ <= most_copied)
            for (std::size_t at = 0; at < count; ++at) lines[at] = lines_[at % count_];
        room_ = std::move(wider);
        lines_ = lines;
        count_ = count;
        fading_ = 0;
    }

    void add(std::uint64_t place, unsigned times) noexcept {
        if (!ready() || times == 0) return;
        auto const hash = mix(place);
        auto& here = lines_[hash & (count_ - 1)];
        auto const before = here.least(hash);
        auto const after = std::min(most, before + times);
        here.raise(hash, after);
        for (met_ += after - before; met_ >= met_per_line; met_ -= met_per_line) fade();
    }

    [[nodiscard]] unsigned estimate(std::uint64_t place) const noexcept {
        if (!ready()) return 0;
        auto const hash = mix(place);
        return lines_[hash & (count_ - 1)].least(hash);
    }

private:
    static constexpr std::size_t line_entries = 8;
    static constexpr std::size_t most_copied = std::size_t{1} << 14;  // lines, a megabyte: more would be a pause
    static constexpr unsigned met_per_line = 10 * line_entries;

    struct alignas(64) line {
        static constexpr unsigned rows = 4;

        /// The counter of a row: one nibble of its two words.
        struct spot {
            std::size_t word;
            unsigned shift;
        };

        static spot spot_of(std::uint64_t hash, unsigned row) noexcept {
            auto const chosen = static_cast<unsigned>(hash >> (32 + 8 * row));
            return {2 * row + (chosen >> 4 & 1), (chosen & 15) * 4};
        }

        [[nodiscard]] unsigned least(std::uint64_t hash) const noexcept {
            auto found = most;
            for (unsigned row = 0; row < rows; ++row) {
                auto const at = spot_of(hash, row);
                found = std::min(found, static_cast<unsigned>(words[at.word] >> at.shift & most));
            }
            return found;
        }

        void raise(std::uint64_t hash, unsigned count) noexcept {
            for (unsigned row = 0; row < rows; ++row) {
                auto const at = spot_of(hash, row);
                auto& word = words[at.word];
                if ((word >> at.shift & most) < count)
                    word = (word & ~(std::uint64_t{most} << at.shift)) | std::uint64_t{count} << at.shift;
            }
        }

        std::array<std::uint64_t, 2 * rows> words{};
    };

    struct release {
        void operator()(void* memory) const noexcept { std::free(memory); }
    };
    using room = std::unique_ptr<void, release>;  // large ones come zeroed page by page, as they are used

    static line* first_line(void* memory) noexcept {
        auto const address = reinterpret_cast<std::uintptr_t>(memory);
        return reinterpret_cast<line*>((address + sizeof(line) - 1) / sizeof(line) * sizeof(line));
    }

    static std::uint64_t mix(std::uint64_t place) noexcept {
        place = (place ^ place >> 32) * 0x9e37'79b9'7f4a'7c15;
        return (place ^ place >> 29) * 0xff51'afd7'ed55'8ccd >> 8 ^ place;
    }

    void fade() noexcept {
        for (auto& word : lines_[fading_].words) word = word >> 1 & 0x7777'7777'7777'7777;
        fading_ = (fading_ + 1) & (count_ - 1);
    }

    room room_;
    line* lines_ = nullptr;  // where a cache line begins
    std::size_t count_ = 0;  // of lines, a power of two
    std::size_t fading_ = 0;
    unsigned met_ = 0;
};

}  // namespace memo::detail
