#pragma once

#include <memo/policy/chance.hpp>
#include <memo/policy/concept.hpp>
#include <memo/policy/fading_counts.hpp>
#include <memo/policy/ghost_list.hpp>
#include <memo/policy/list.hpp>
#include <memo/policy/read_mark.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace memo {

/// New entries stand in a window. What comes to its end and was not read meanwhile competes with the end of the probation
/// queue: the new one stays if its key was asked for more often lately, by two at least. Probation leads to the protected
/// queue, four fifths of what is not the window, when it was read at its end, and back from there when it was not.
///
/// Reads only raise a mark in the hook, up to three; queues move and keys are counted when the marked entry is next looked
/// at, at an end. So a queue is by second chances instead of by the last read, and what is read often between two looks
/// counts three times.
///
/// The window begins as 1 % of what is resident. It grows when a key comes back whose entry lately left from the window, and
/// shrinks when one comes back that lately left from elsewhere, or an end turns out to be read: the directions of Caffeine's
/// hill climber, from the misses themselves.
///
/// Threads:  touches take no lock.
/// Cost:     32 bytes an entry, 16 for the counts, and 7 for the two sixths as many keys that are remembered; constant on the mean.
/// Source:   G. Einziger et al., "TinyLFU: a highly efficient cache admission policy", ACM Transactions on Storage 13(4),
///           2017; the window as in N. Megiddo, D. S. Modha, "ARC: a self-tuning, low overhead replacement cache", FAST 2003.
class w_tinylfu_order {
    enum class queue : std::uint8_t { window, probation, protect };

public:
    static constexpr bool touches_unlocked = true;
    static constexpr std::size_t bytes_beside = 23;

    struct hook : detail::link {
        detail::read_mark reads;
        std::uint32_t place = 0;
        queue in = queue::window;
    };

    void admit(hook& entry) noexcept {
        leaving_ = nullptr;
        steer(entry.place);
        entry.reads.set(0);
        append(entry, queue::window);
        counts_.fit(size());
        counts_.add(entry.place, 1);
        if (size() > capacity_ && size_of(queue::window) > most_in_window()) static_cast<void>(leave_window());
    }

    [[nodiscard]] std::uint16_t touched(std::uint16_t reads) const noexcept { return reads < most_reads ? reads + 1 : most_reads; }
    [[gnu::always_inline]] void touch(hook& entry) noexcept {
        entry.reads.update([this](std::uint16_t reads) __attribute__((always_inline)) { return touched(reads); });
    }
    [[nodiscard]] bool settled(hook const& entry) const noexcept { return entry.reads.get() == most_reads; }

    void replace(hook& old, hook& fresh) noexcept {
        leaving_ = nullptr;
        fresh.reads.set(old.reads.get());
        fresh.in = old.in;
        touch(fresh);
        detail::link_list::replace(old, fresh);
    }

    void forget(hook& entry) noexcept {
        if (&entry == leaving_) (is_candidate_ ? gone_from_window_ : gone_from_main_).push(entry.place, size() / 6);
        leaving_ = nullptr;
        static_cast<void>(was_read(entry));
        remove(entry);
    }

    void clear() noexcept {
        for (auto& [entries, size] : rows_) {
            entries.clear();
            size = 0;
        }
        leaving_ = nullptr;
    }

    [[nodiscard]] hook* victim() noexcept {
        if (leaving_ == nullptr && size() > 0) {
            capacity_ = size();
            choose();
        }
        return leaving_;
    }

    [[nodiscard]] bool validate() const noexcept {
        return keeps(queue::window) && keeps(queue::probation) && keeps(queue::protect) && gone_from_window_.validate() &&
               gone_from_main_.validate() && window_share_ >= least_window && window_share_ <= 1;
    }

private:
    static constexpr std::uint16_t most_reads = 3;
    static constexpr double least_window = 0.01;
    static constexpr double worth_of_a_read = 0.1;  // of a key that came back
    static constexpr unsigned frequent = 6;         // may stay by chance, lest keys that meet in the counts keep it out

    struct row {
        detail::link_list entries;  // the longest there first
        std::size_t size = 0;
    };

    [[nodiscard]] row& row_of(queue in) noexcept { return rows_[static_cast<std::size_t>(in)]; }
    [[nodiscard]] row const& row_of(queue in) const noexcept { return rows_[static_cast<std::size_t>(in)]; }
    [[nodiscard]] std::size_t size_of(queue in) const noexcept { return row_of(in).size; }
    [[nodiscard]] hook& first_of(queue in) noexcept { return *static_cast<hook*>(row_of(in).entries.front()); }
    [[nodiscard]] std::size_t size() const noexcept { return rows_[0].size + rows_[1].size + rows_[2].size; }

    [[nodiscard]] std::size_t most_in_window() const noexcept {
        auto const share = static_cast<std::size_t>(window_share_ * static_cast<double>(size()));
        return std::clamp<std::size_t>(share, 1, std::max<std::size_t>(1, size()));
    }
    [[nodiscard]] std::size_t most_protected() const noexcept {
        return (std::max(size(), most_in_window()) - most_in_window()) * 4 / 5;
    }

    void append(hook& entry, queue in) noexcept {
        entry.in = in;
        row_of(in).entries.push_back(entry);
        ++row_of(in).size;
    }

    void remove(hook& entry) noexcept {
        detail::link_list::erase(entry);
        --row_of(entry.in).size;
    }

    void move(hook& entry, queue to) noexcept {
        remove(entry);
        append(entry, to);
    }

    /// Since it was last looked at; counts the reads.
    [[nodiscard]] bool was_read(hook& entry) noexcept {
        auto const reads = entry.reads.get();
        entry.reads.set(0);
        counts_.add(entry.place, reads);
        return reads > 0;
    }

    void turn_window(double entries) noexcept {
        auto const step = entries / static_cast<double>(std::max<std::size_t>(1, size()));
        window_share_ = std::clamp(window_share_ + step, least_window, 1.0);
    }

    /// A key comes back: where would its entry still be? The rarer answer weighs more.
    void steer(std::uint32_t place) noexcept {
        auto const from_window = static_cast<double>(gone_from_window_.size());
        auto const from_main = static_cast<double>(gone_from_main_.size());
        if (gone_from_window_.take(place))
            turn_window(std::max(1.0, from_main / from_window));
        else if (gone_from_main_.take(place))
            turn_window(-std::max(1.0, from_window / from_main));
    }

    /// Moves the end of the window to probation. Others may read all the while, so it does not wait for long.
    hook& leave_window() noexcept {
        for (auto patience = size_of(queue::window);; --patience) {
            auto& last = first_of(queue::window);
            if (patience > 1 && was_read(last)) {
                move(last, queue::window);
                continue;
            }
            move(last, queue::probation);
            return last;
        }
    }

    void shrink_protected() noexcept {
        for (auto patience = 2 * size_of(queue::protect); size_of(queue::protect) > most_protected(); --patience) {
            auto& last = first_of(queue::protect);
            if (patience > 0 && was_read(last)) {
                turn_window(-worth_of_a_read);
                move(last, queue::protect);
            } else {
                move(last, queue::probation);
                if (patience == 0) return;
            }
        }
    }

    /// Null when nothing is on probation.
    [[nodiscard]] hook* last_on_probation(hook const* candidate) noexcept {
        for (auto patience = size_of(queue::probation); size_of(queue::probation) > 0; --patience) {
            auto& last = first_of(queue::probation);
            if (&last == candidate || patience == 0 || !was_read(last)) return &last;
            turn_window(-worth_of_a_read);
            move(last, queue::protect);
            shrink_protected();
        }
        return nullptr;
    }

    void choose() noexcept {
        hook* candidate = nullptr;
        for (int moved = 0; moved < 8 && size_of(queue::window) > 0 && size_of(queue::window) + 1 > most_in_window(); ++moved)
            candidate = &leave_window();
        shrink_protected();
        auto* rival = last_on_probation(candidate);
        if ((rival == nullptr || rival == candidate) && size_of(queue::protect) > 0) rival = &first_of(queue::protect);
        if (rival == nullptr) rival = &first_of(queue::window);
        bool const stays = candidate != nullptr && candidate != rival && is_worth_more(*candidate, *rival);
        leaving_ = candidate == nullptr || stays ? rival : candidate;
        is_candidate_ = leaving_ == candidate || leaving_->in == queue::window;
    }

    /// A lead of one may be a matter of whose counts faded last.
    [[nodiscard]] bool is_worth_more(hook const& candidate, hook const& rival) noexcept {
        auto const asked = counts_.estimate(candidate.place);
        if (asked > counts_.estimate(rival.place) + 1) return true;
        return asked >= frequent && chance_.draw() % 256 == 0;
    }

    [[nodiscard]] bool keeps(queue in) const noexcept {
        auto const& [entries, size] = row_of(in);
        if (!entries.holds(size)) return false;
        auto const* at = entries.front();
        while (at != nullptr && static_cast<hook const*>(at)->in == in) at = entries.after(*at);
        return at == nullptr;
    }

    std::array<row, 3> rows_;
    detail::fading_counts counts_;
    detail::ghost_list gone_from_window_;
    detail::ghost_list gone_from_main_;
    double window_share_ = least_window;
    std::size_t capacity_ = 0;  // what was resident when room was last made
    hook* leaving_ = nullptr;   // until entries come or go
    bool is_candidate_ = false;
    detail::chance chance_{1};
};
static_assert(eviction_policy<w_tinylfu_order> && detail::noting<w_tinylfu_order>);

struct w_tinylfu_policy {
    using order = w_tinylfu_order;
};

/// `memo::policy(memo::w_tinylfu)`: what is asked for most often lately stays, and room for what is new adapts.
inline constexpr w_tinylfu_policy w_tinylfu{};

}  // namespace memo
