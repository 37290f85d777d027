#pragma once

#include <memo/policy/chance.hpp>
#include <memo/policy/concept.hpp>
#include <memo/policy/read_mark.hpp>
#include <memo/policy/segments.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace memo {

/// Any entry leaves, each as likely as the others. Equal seeds make equal choices.
///
/// Where memory for its row is short, an entry stands beside it, and leaves before those in the row.
///
/// Threads:  touches take no lock; they change nothing.
/// Cost:     16 bytes an entry, and 8 for each of the most that were ever resident together.
/// Source:   L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems Journal
///           5(2), 1966 (RAND).
class random_order {
public:
    static constexpr std::size_t bytes_beside = 8;
    static constexpr bool touches_unlocked = true;

    struct hook {
        std::size_t seat = 0;
        hook* beside = nullptr;
        [[no_unique_address]] detail::no_reads reads{};
    };

    explicit random_order(std::uint64_t seed = 1) noexcept : chance_{seed} {}

    void admit(hook& entry) noexcept {
        chosen_ = nullptr;
        if (row_.push_back()) {
            sit(entry, row_.size() - 1);
        } else {
            entry = {no_seat, std::exchange(beside_, &entry)};
        }
    }

    [[nodiscard]] std::uint16_t touched(std::uint16_t reads) const noexcept { return reads; }
    void touch(hook&) noexcept {}
    [[nodiscard]] bool settled(hook const&) const noexcept { return true; }

    void replace(hook& old, hook& fresh) noexcept {
        chosen_ = nullptr;
        fresh = old;
        if (old.seat != no_seat) {
            row_[old.seat] = &fresh;
            return;
        }
        auto* from = &beside_;
        while (*from != &old) from = &(*from)->beside;
        *from = &fresh;
    }

    void forget(hook& entry) noexcept {
        chosen_ = nullptr;
        if (entry.seat == no_seat) {
            auto* from = &beside_;
            while (*from != &entry) from = &(*from)->beside;
            *from = entry.beside;
        } else {
            sit(*row_[row_.size() - 1], entry.seat);
            row_.pop_back();
        }
    }

    [[nodiscard]] hook* victim() noexcept {
        if (chosen_ == nullptr) chosen_ = beside_;
        if (chosen_ == nullptr && row_.size() > 0) chosen_ = row_[static_cast<std::size_t>(chance_.draw() % row_.size())];
        return chosen_;
    }

    [[nodiscard]] bool validate() const noexcept {
        for (std::size_t seat = 0; seat < row_.size(); ++seat)
            if (row_[seat]->seat != seat) return false;
        auto const* at = beside_;
        while (at != nullptr && at->seat == no_seat) at = at->beside;
        return at == nullptr;
    }

private:
    static constexpr auto no_seat = std::numeric_limits<std::size_t>::max();

    void sit(hook& entry, std::size_t seat) noexcept {
        row_[seat] = &entry;
        entry.seat = seat;
    }

    detail::segments<hook*> row_;
    hook* beside_ = nullptr;  // in no seat
    hook* chosen_ = nullptr;  // until entries come or go
    detail::chance chance_;
};
static_assert(eviction_policy<random_order> && detail::noting<random_order>);

struct random_policy {
    using order = random_order;
};

/// `memo::policy(memo::random)`: no order is kept at all; hits cost nothing, and no pattern of access is the worst.
inline constexpr random_policy random{};

}  // namespace memo
