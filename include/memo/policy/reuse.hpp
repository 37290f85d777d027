#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// How soon what was last read so long ago comes back, learnt from what came back and what did not. Entries are told apart
/// by how often they were used and by their kind; ages are in ticks, and count by their number of bits.
///
/// Threads:  the caller locks.
/// Cost:     constant; some microseconds for `learn`. 18 kilobytes.
/// Source:   N. Beckmann, H. Chen, A. Cidon, "LHD: Improving Cache Hit Rate by Maximizing Hit Density", NSDI 2018; the rule
///           when to stop waiting is the index of J. C. Gittins, "Bandit processes and dynamic allocation indices", 1979.
class reuse {
public:
    static constexpr std::uint8_t kinds = 8;
    static constexpr std::size_t classes = 7;  // of uses

    reuse() noexcept;

    static std::size_t class_of(std::uint8_t uses) noexcept {
        if (uses <= 3) return uses - std::size_t{1};
        return uses <= 5 ? 3 : uses <= 9 ? 4 : uses <= 20 ? 5 : 6;
    }

    /// An entry came back so many times, each after so long.
    void came_back(std::uint8_t uses, std::uint8_t kind, std::uint32_t age, std::uint32_t times = 1) noexcept {
        row_of(uses, kind).returned[bucket_of(age)] += static_cast<float>(times);
    }

    /// An entry has not come back for so long: told once of each, in every census.
    void is_waiting(std::uint8_t uses, std::uint8_t kind, std::uint32_t age) noexcept {
        row_of(uses, kind).counted[bucket_of(age)] += 1;
    }

    /// The census is complete for entries of these uses, and the next begins.
    void learn(std::size_t class_of_uses) noexcept;

    /// How often an entry of that age is expected to come back in a tick, over the time in which it pays most to wait.
    [[nodiscard]] float worth(std::size_t class_of_uses, std::uint8_t kind, std::uint32_t age) const noexcept {
        return rows_[class_of_uses][kind].worth[bucket_of(age)];
    }

private:
    static constexpr std::size_t ages = 18;
    using by_age = std::array<float, ages>;

    struct row {
        by_age returned{};
        by_age waiting{};  // in the last census
        by_age counted{};  // in this one
        by_age worth{};
    };

    static std::size_t bucket_of(std::uint32_t age) noexcept {
        auto const bits = static_cast<std::size_t>(std::bit_width(age));
        return bits < ages ? bits : ages - 1;
    }

    [[nodiscard]] row& row_of(std::uint8_t uses, std::uint8_t kind) noexcept { return rows_[class_of(uses)][kind]; }

    static by_age hazards(by_age const& returned, by_age const& waiting, by_age const& expected) noexcept;
    static by_age best_waits(by_age const& hazard) noexcept;

    std::array<std::array<row, kinds>, classes> rows_{};
};

}  // namespace memo::detail
