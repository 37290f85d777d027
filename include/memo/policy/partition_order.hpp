#pragma once

#include <memo/policy/fading_counts.hpp>
#include <memo/policy/generations.hpp>
#include <memo/policy/list.hpp>
#include <memo/policy/mark.hpp>
#include <memo/policy/read_mark.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

/// How a `partition_order` chooses.
struct partition {
    float window;         ///< the share of the entries that stands in it; all of them is plain LRU
    unsigned enough = 0;  ///< what was met so often lately, or beats another, stays when it is pushed out; 0: what beats it by two

    [[nodiscard]] bool everything() const noexcept { return window >= 1; }

    friend bool operator==(partition, partition) = default;
};

/// A window of any share, which may change at any time, before a rest that must be earned: what is admitted stands in the window;
/// what is pushed out of it stays only if it was met often, by the partition's measure. In the rest are those on probation and, for
/// what was touched there, under protection, four fifths of it at most. A change of the share moves borders and nothing else.
///
/// A touch only marks its hook, with the generation and with how often, up to three times. The lists are put in order when
/// somebody must leave: who was touched since he was filed is filed anew, by the generation of his last touch, a 64th of
/// the admissions that fill the order. For one victim at most 64 hooks are filed anew; then the touched leave as well.
///
/// Threads:  `touch`: any; the rest under the caller's lock.
/// Cost:     32 bytes an entry and 16 for its counts; every verb constant, amortized over the touches. An entry is
///           counted when it is next looked at, and not before somebody had to leave.
/// Source:   G. Einziger, R. Friedman, B. Manes, "TinyLFU: a highly efficient cache admission policy", ACM Transactions on
///           Storage 13(4), 2017; J. Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023 (what was met
///           often enough stays, whoever must leave for it).
class partition_order {
    enum class segment : std::uint8_t { window, probation, protection };

public:
    static constexpr bool touches_unlocked = true;

    struct hook : link {
        read_mark reads;  // the generation of the last touch, and touches since they were counted
        std::uint32_t place = 0;

    private:
        friend partition_order;

        [[nodiscard]] unsigned touches() const noexcept { return reads.get() & most_touches; }
        [[nodiscard]] std::uint32_t generation() const noexcept { return reads.get() >> touch_bits; }
        void use(std::uint32_t generation) noexcept { reads.set(read_at(generation, 0)); }

        segment stands = segment::window;
        bool counted = false;  // its admission
    };

    /// Whether other shares may follow; if not, plain LRU counts nobody.
    enum class course { open, settled };

    explicit partition_order(partition shares = {1}, course future = course::open) noexcept
        : shares_{shares}, counts_nobody_{future == course::settled && shares.everything()} {
        begin(0);
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] partition shares() const noexcept { return shares_; }
    void follow(partition shares) noexcept { shares_ = shares; }

    /// What a touch makes of the mark in a hook.
    [[nodiscard, gnu::always_inline]] std::uint16_t touched(std::uint16_t reads) const noexcept {
        auto const most = most_read_.get();
        if (reads == most) [[likely]] return most;
        return static_cast<std::uint16_t>(most - most_touches + std::min((reads & most_touches) + 1, most_touches));
    }
    [[gnu::always_inline]] void touch(hook& entry) noexcept {
        entry.reads.update([this](std::uint16_t reads) __attribute__((always_inline)) { return touched(reads); });
    }
    [[nodiscard, gnu::always_inline]] bool settled(hook const& entry) const noexcept {
        auto const reads = entry.reads.get();
        return touched(reads) == reads;
    }

    void admit(hook& entry) noexcept;
    void forget(hook& entry) noexcept;
    void clear() noexcept;
    void replace(hook& old, hook& fresh) noexcept;
    [[nodiscard]] hook* victim() noexcept;
    [[nodiscard]] bool validate() const noexcept;

private:
    static constexpr unsigned touch_bits = 2;
    static constexpr std::uint32_t most_touches = (1 << touch_bits) - 1;
    static constexpr int most_filings = 64;

    [[nodiscard]] static std::uint16_t read_at(std::uint32_t generation, std::uint32_t touches) noexcept {
        return static_cast<std::uint16_t>(generation << touch_bits | touches);
    }

    [[nodiscard]] generations& list_of(segment where) noexcept { return lists_[static_cast<std::size_t>(where)]; }
    [[nodiscard]] generations const& list_of(segment where) const noexcept { return lists_[static_cast<std::size_t>(where)]; }
    [[nodiscard]] hook* oldest(segment where) noexcept { return static_cast<hook*>(list_of(where).oldest()); }

    [[nodiscard]] hook* choose() noexcept;
    [[nodiscard]] hook* choose_by_age() noexcept;
    [[nodiscard]] hook* choose_between_segments(std::size_t window) noexcept;
    void shrink_protection(std::size_t most) noexcept;
    void shrink_window(std::size_t most) noexcept;
    [[nodiscard]] hook* untouched(segment where) noexcept;
    void foresee(hook const& leaving) const noexcept;
    [[nodiscard]] hook* outside_window() noexcept;
    [[nodiscard]] bool deserves(hook const& entry, hook const& place_of) noexcept;
    [[nodiscard]] std::uint32_t now() const noexcept { return most_read_.get() >> touch_bits; }
    void begin(std::uint32_t generation) noexcept;
    void count(hook& entry) noexcept;
    void refile(hook& entry, segment where) noexcept;
    void refresh(hook& entry, segment where) noexcept;

    alignas(64) mark<std::uint16_t> most_read_;  // what reads make of a mark in this generation; apart from what a miss writes
    alignas(64) partition shares_;
    bool counts_nobody_;
    std::array<generations, 3> lists_;
    fading_counts counts_;
    std::size_t size_ = 0;
    std::size_t admitted_ = 0;  // in this generation
    hook* chosen_ = nullptr;
    std::uint64_t chance_ = 0x9e37'79b9'7f4a'7c15;
    int filings_ = 0;
};

}  // namespace memo::detail
