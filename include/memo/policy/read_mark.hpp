#pragma once

#include <memo/base/sync.hpp>
#include <memo/policy/mark.hpp>

#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// What reads leave behind for an order: a small number, in the hook, or where a store has moved it: beside the key in its index, so
/// that a hit need not visit the hook.
///
/// Requires: it moves before others know of it, if at all, and later one at a time moves it. What is set meanwhile may be lost; who
///           comes late with what was an entry's marks what stands in its spot by then.
/// Threads: any.
/// Cost:    8 bytes.
class read_mark {
public:
    using spot = mark<std::uint16_t>;

    [[nodiscard]] std::uint16_t get() const noexcept {
        auto const word = word_.load(std::memory_order_acquire);
        return is_number(word) ? number_of(word) : spot_at(word)->get();
    }

    void set(std::uint16_t number) noexcept {
        update([number](std::uint16_t) { return number; });
    }
    /// Sets what `next` makes of the number.
    template <class Next>
    [[gnu::always_inline]] void update(Next const& next) noexcept {
        auto const word = word_.load(std::memory_order_acquire);
        if (!is_number(word)) {
            auto& there = *spot_at(word);
            there.set(next(there.get()));
        } else if (auto const changed = word_of(next(number_of(word))); changed != word) {
            word_.store(changed, std::memory_order_relaxed);
        }
    }

    /// It will be asked for soon, and then what stands behind it.
    [[gnu::always_inline]] void fetch() const noexcept {
        constexpr std::size_t one_line = 64;
        auto const word = word_.load(std::memory_order_acquire);
        if (is_number(word)) return;
        auto const* const there = reinterpret_cast<char const*>(word);
        __builtin_prefetch(there, 1);
        __builtin_prefetch(there + one_line, 1);
    }

    /// The number stands there from now on, and the spot outlives this.
    void move_to(spot& there) noexcept {
        there.set(get());
        word_.store(reinterpret_cast<std::uintptr_t>(&there), std::memory_order_release);
    }

private:
    static_assert(alignof(spot) > 1, "addresses are even");
    static constexpr std::uintptr_t word_of(std::uint16_t number) noexcept { return std::uintptr_t{number} << 1 | 1; }
    static constexpr std::uint16_t number_of(std::uintptr_t word) noexcept { return static_cast<std::uint16_t>(word >> 1); }
    static constexpr bool is_number(std::uintptr_t word) noexcept { return (word & 1) != 0; }
    static spot* spot_at(std::uintptr_t word) noexcept { return reinterpret_cast<spot*>(word); }

    atomic<std::uintptr_t> word_{word_of(0)};
};

/// In the place of a mark, for orders that learn nothing from reads.
struct no_reads {
    [[nodiscard]] static std::uint16_t get() noexcept { return 0; }
    static void move_to(read_mark::spot&) noexcept {}
};

}  // namespace memo::detail
