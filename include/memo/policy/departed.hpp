#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>

namespace memo::detail {

/// What an order remembers of an entry while it is gone.
struct past_life {
    std::uint32_t last = 0;  ///< when it was last read
    std::uint8_t uses = 1;   ///< at least 1
    std::uint8_t kind = 0;   ///< below 16
};

/// The entries that went lately, by 32 bits of their places: eight for each that is resident, four thousand at least.
/// Where more go, those read longest ago are forgotten, in groups of four.
///
/// Threads:  the caller locks.
/// Cost:     constant, without a pause: pages of the table are zeroed as they are first written. 64 bytes a resident.
class departed {
public:
    departed() noexcept = default;

    /// Makes a table for so many residents, unless there is one that is large enough; a table outgrown is forgotten with all
    /// that is in it. Without memory nothing is remembered.
    void prepare(std::size_t residents) noexcept {
        if (residents <= residents_) return;
        residents_ = residents + residents / 2;
        auto const wanted = residents_ > least_groups / 2 ? residents_ * 2 : least_groups;
        groups_.reset(static_cast<group*>(std::calloc(wanted, sizeof(group))));
        count_ = groups_ == nullptr ? 0 : wanted;
    }

    void remember(std::uint32_t place, past_life life, std::uint32_t now) noexcept {
        if (count_ == 0) return;
        auto const print = print_of(place);
        group& among = group_of(print);
        slot* chosen = &among.slots[0];
        for (slot& at : among.slots)
            if (at.uses == 0 || (chosen->uses != 0 && now - at.last > now - chosen->last)) chosen = &at;
        *chosen = {life.last, tag_of(print), life.uses, life.kind};
    }

    /// Forgets a place. Returns: what was known of it.
    [[nodiscard]] std::optional<past_life> take(std::uint32_t place) noexcept {
        if (count_ == 0) return {};
        auto const print = print_of(place);
        for (slot& at : group_of(print).slots) {
            if (at.uses == 0 || at.tag != tag_of(print)) continue;
            past_life const found{at.last, at.uses, at.kind};
            at.uses = 0;
            return found;
        }
        return {};
    }

    /// Shows a few of those remembered, from a place in the table on, to `see(past_life)`.
    /// Returns: where to go on; 0 behind the last.
    template <class See>
    [[nodiscard]] std::size_t visit(std::size_t from, See see) const noexcept {
        for (std::size_t i = 0; i < groups_in_a_visit && from < count_; ++i, ++from) {
            for (slot const& at : groups_[from].slots)
                if (at.uses != 0) see(past_life{at.last, at.uses, at.kind});
        }
        return from < count_ ? from : 0;
    }

private:
    static constexpr std::size_t least_groups = 1024;
    static constexpr std::size_t groups_in_a_visit = 16;

    struct slot {
        std::uint32_t last;
        std::uint16_t tag;
        std::uint8_t uses;  // 0: nobody
        std::uint8_t kind;
    };
    struct group {
        slot slots[4];
    };
    struct freed {
        void operator()(group* groups) const noexcept { std::free(groups); }
    };

    /// Entries of one order share bits of their places, so all of them count.
    static std::uint64_t print_of(std::uint32_t place) noexcept { return place * std::uint64_t{0x9e37'79b9'7f4a'7c15}; }
    static std::uint16_t tag_of(std::uint64_t print) noexcept { return static_cast<std::uint16_t>(print >> 16); }

    [[nodiscard]] group& group_of(std::uint64_t print) const noexcept { return groups_[(print >> 32) * count_ >> 32]; }

    std::unique_ptr<group[], freed> groups_;
    std::size_t count_ = 0;
    std::size_t residents_ = 0;
};

}  // namespace memo::detail
