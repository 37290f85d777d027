#pragma once

#include <memo/base/key_view.hpp>
#include <memo/base/sync.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <tuple>
#include <type_traits>
#include <vector>

namespace memo::detail {

/// Small results that may stand beside their keys as well.
template <class Held>
concept copied_out = std::is_trivially_copyable_v<Held> && sizeof(Held) <= 4 * sizeof(std::uint64_t);

/// A result in words, or none. Compilers keep it in registers, which they do not with an `optional`.
template <copied_out Held>
class loose_result {
    static constexpr std::size_t word = sizeof(std::uint64_t);

public:
    using words = std::array<std::uint64_t, (sizeof(Held) + word - 1) / word>;

    loose_result() = default;
    [[gnu::always_inline]] explicit loose_result(words const& bits) noexcept : bits_{bits}, some_{1} {}
    [[gnu::always_inline]] explicit loose_result(Held const& held) noexcept : some_{1} {
        std::memcpy(bits_.data(), &held, sizeof held);
    }

    explicit operator bool() const noexcept { return some_ != 0; }
    [[gnu::always_inline]] Held operator*() const noexcept {
        std::array<std::byte, sizeof(Held)> bytes;
        std::memcpy(bytes.data(), bits_.data(), bytes.size());
        return std::bit_cast<Held>(bytes);
    }
    words const& bits() const noexcept { return bits_; }

private:
    words bits_{};
    std::uint64_t some_ = 0;  // as wide as the words beside it, or g++ asks for it twice
};

/// From one season to the next. A slot is written half as often in one, and not again before the next.
inline constexpr std::uint64_t season_step = 1 << 16;

/// Copies of what is read again and again, beside their keys, for reads that ask neither an entry nor an order. It is lossy: a
/// copy makes way for another one, and holds for one season only, which ends when anything changes where the entries are.
///
/// So a copy of a season that stands is what its entry holds, if whoever made it had asked for the season before it found the
/// entry, and whoever changes anything ends one season before and another one after.
///
/// A slot is half a cache line, or a whole one for more than a word; a key may stand in either of two. Who reads while somebody
/// writes there finds nothing.
///
/// Requires: seasons are multiples of `season_step`, and not 0.
/// Threads:  any.
/// Cost:     to find, one cache line, of some keys two; nothing is written. Where room is taken at each doubling, and none is given
///           back since somebody may read there: 128 to 256 bytes an entry, and a megabyte or two at most.
/// Source:   H.-J. Boehm, Can seqlocks get along with programming language memory models?, MSPC 2012; R. Pagh, F. Rodler, Cuckoo
///           hashing, 2004.
template <copied_out Held>
class copy_table {
public:
    copy_table() = default;
    copy_table(copy_table const&) = delete;
    copy_table& operator=(copy_table const&) = delete;

    [[gnu::always_inline]] loose_result<Held> find(short_key const& key, std::uint64_t season) const noexcept {
        auto const mask = mask_.load(std::memory_order_acquire);
        auto const sought = words_of(key);
        auto const* const slots = slots_.load(std::memory_order_acquire);
        auto const& first = slots[first_seat(key) & mask];
        if (auto const found = first.find(sought, season); found || first.stamp() < season || !fits(key)) [[likely]]
            return found;
        return slots[other_seat(key) & mask].find(sought, season);
    }

    /// Keeps a copy, where there is room. One that meets another writer is not kept.
    [[gnu::noinline]] void keep(short_key key, Held const& held, std::uint64_t season) noexcept {
        auto const mask = mask_.load(std::memory_order_acquire);
        if (!fits(key) || mask == 0)
            return;
        auto* const slots = slots_.load(std::memory_order_acquire);
        auto const sought = words_of(key);
        auto& first = slots[first_seat(key) & mask];
        auto& other = slots[other_seat(key) & mask];
        bool const elsewhere = first.stamp() >= season && other.stamp() < first.stamp();
        (elsewhere ? other : first).put(sought, loose_result{held}.bits(), season);
    }

    /// Takes room for copies of so many entries, if there is memory for it; what was kept may be lost. Of very many it keeps none:
    /// each is read so seldom that asking in vain costs more. Returns: whether it keeps any.
    ///
    /// Threads: one at a time, beside any that find and keep.
    bool fit(std::size_t entries) noexcept {
        if (entries > many) {
            mask_as(0);
            return false;
        }
        auto const wanted = std::bit_ceil(2 * std::min(entries, many / 2));
        if (wanted > room_) {
            try {
                tables_.push_back(std::make_unique<slot[]>(wanted));
            } catch (std::bad_alloc const&) {
                return mask_.load(std::memory_order_relaxed) != 0;
            }
            room_ = wanted;
            bytes_ += wanted * sizeof(slot);
            slots_.store(tables_.back().get(), std::memory_order_release);
        }
        mask_as(room_ - 1);  // whatever mask is seen, it is of these slots or of fewer
        return true;
    }

    std::size_t bytes() const noexcept { return bytes_; }

private:
    using key_words = std::array<std::uint64_t, 2>;
    using held_words = typename loose_result<Held>::words;
    static constexpr std::size_t held_size = std::tuple_size_v<held_words>;
    static constexpr std::size_t many = 16'384;  // entries

    class alignas(held_size == 1 ? 32 : 64) slot {
    public:
        [[gnu::always_inline]] loose_result<Held> find(key_words const& sought, std::uint64_t season) const noexcept {
            auto const stamp = stamp_.load(std::memory_order_acquire);
            bool const here = stamp - season < season_step && key_[0].load(std::memory_order_acquire) == sought[0] &&
                              key_[1].load(std::memory_order_acquire) == sought[1];
            if (!here) [[unlikely]]
                return {};
            held_words found;
            for (std::size_t at = 0; at != held_size; ++at)
                found[at] = held_[at].load(std::memory_order_acquire);
            if (stamp_.load(std::memory_order_relaxed) != (stamp & ~writing)) [[unlikely]]
                return {};
            return loose_result<Held>{found};
        }

        /// The less, the longer ago it was written.
        std::uint64_t stamp() const noexcept { return stamp_.load(std::memory_order_relaxed); }

        void put(key_words const& key, held_words const& held, std::uint64_t season) noexcept {
            auto stamp = this->stamp();
            auto const fresh = std::max(season, stamp + 2);
            bool const other_season = fresh - season >= season_step;
            if ((stamp & writing) != 0 || other_season || !stamp_.compare_exchange_strong(stamp, stamp | writing, std::memory_order_acquire))
                return;
            key_[0].store(key[0], std::memory_order_release);
            key_[1].store(key[1], std::memory_order_release);
            for (std::size_t at = 0; at != held_size; ++at)
                held_[at].store(held[at], std::memory_order_release);
            stamp_.store(fresh, std::memory_order_release);
        }

    private:
        static constexpr std::uint64_t writing = 1;

        // the season, how often it was written in that, and whether somebody writes: it only ever grows
        atomic<std::uint64_t> stamp_{0};
        std::array<atomic<std::uint64_t>, 2> key_{};
        std::array<atomic<std::uint64_t>, held_size> held_{};
    };

    static std::uint64_t first_seat(short_key const& key) noexcept { return key.place >> 16; }
    static std::uint64_t other_seat(short_key const& key) noexcept { return key.place >> 32; }

    /// Writes only what changes, to a line that all readers read.
    void mask_as(std::size_t mask) noexcept {
        if (mask_.load(std::memory_order_relaxed) != mask)
            mask_.store(mask, std::memory_order_release);
    }

    /// The last byte of a key of two words counts its bytes: it is none of them.
    static bool fits(short_key const& key) noexcept { return key.size < short_key::most; }
    static key_words words_of(short_key const& key) noexcept {
        return {key.words[0], key.words[1] | std::uint64_t{key.size} << 56};
    }

    static slot empty_;  // stays so: under a mask of 0 nothing is kept

    atomic<std::size_t> mask_{0};
    atomic<slot*> slots_{&empty_};
    std::size_t room_ = 0;
    std::vector<std::unique_ptr<slot[]>> tables_;  // who reads may still be in an earlier one
    std::size_t bytes_ = 0;
};

template <copied_out Held>
constinit typename copy_table<Held>::slot copy_table<Held>::empty_{};

}  // namespace memo::detail
