#pragma once

#include <memo/base/sync.hpp>
#include <memo/policy/concept.hpp>
#include <memo/policy/departed.hpp>
#include <memo/policy/list.hpp>
#include <memo/policy/mark.hpp>
#include <memo/policy/reuse.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace memo {

/// The entry leaves whose bytes are expected to save least run time: its run time, by how often entries of its age, its uses
/// and its run time come back, by its bytes. How often that is, is learnt from what comes back and what does not, also of what
/// left.
///
/// Entries stand in queues by uses and by run time per byte, a factor of two each, the longest unread first. Of the first and
/// the last of each queue the one of least worth leaves: the last, where entries come back only after a while, as in loops.
/// A read is noted in the hook; with each miss four entries are looked at for what was noted, and the one that would leave.
///
/// Threads:  touches take no lock.
/// Cost:     40 bytes an entry, and 64 more for each of the most ever resident once some leave; 60 kilobytes at least. A victim
///           is sought in nine queues, and one time in nine in all that are not empty, 448 at most.
/// Source:   N. Beckmann, H. Chen, A. Cidon, "LHD: Improving Cache Hit Rate by Maximizing Hit Density", NSDI 2018; J. C. Gittins,
///           "Bandit processes and dynamic allocation indices", 1979.
class cost_aware_order {
public:
    static constexpr bool touches_unlocked = true;
    static constexpr std::size_t bytes_beside = 64;

    struct hook : detail::link {
        std::uint32_t place = 0;
        float cost = 0;
        float weight = 0;
        detail::mark<std::uint32_t> reads;  // since it was filed: the last tick with one, and in how many ticks there were some
        std::uint32_t filed = 0;            // when it was last read as far as its queue knows
        std::uint8_t uses = 0;
        std::uint8_t kind = 0;
        std::uint16_t queue = 0;
    };

    cost_aware_order() noexcept = default;
    cost_aware_order(cost_aware_order const&) = delete;
    cost_aware_order& operator=(cost_aware_order const&) = delete;

    void admit(hook& entry) noexcept {
        advance();
        auto const now = now_.get();
        entry.kind = kind_of(entry.cost);
        entry.uses = 1;
        if (auto const past = departed_.take(entry.place)) {
            reuse_.came_back(past->uses, past->kind, now - past->last);
            entry.uses = sum_of(past->uses, 1);
        }
        entry.filed = now;
        entry.reads.set(0);
        file(entry);
        ++size_;
        patrol();
        take_census();
    }

    void touch(hook& entry) noexcept {
        auto const reads = entry.reads.get();
        if (!settled(entry)) entry.reads.set(now_.get() << tick_shift | std::min(most_reads, (reads & most_reads) + 1));
    }
    [[nodiscard]] bool settled(hook const& entry) const noexcept {
        auto const reads = entry.reads.get();
        return reads != 0 && (reads & ~most_reads) == now_.get() << tick_shift;
    }

    void replace(hook& old, hook& fresh) noexcept {
        touch(old);
        note_reads(old);
        fresh.kind = kind_of(fresh.cost);
        fresh.uses = old.uses;
        fresh.filed = old.filed;
        fresh.reads.set(0);
        remove(old);
        file(fresh);
    }

    void forget(hook& entry) noexcept {
        note_reads(entry);
        departed_.remember(entry.place, {entry.filed, entry.uses, entry.kind}, now_.get());
        remove(entry);
        --size_;
    }

    [[nodiscard]] hook* victim() noexcept {
        departed_.prepare(size_);
        for (int patience = 16;; --patience) {
            hook* const least = least_of_the_outermost();
            if (least == nullptr || patience == 0 || !refile(*least)) return least;
        }
    }

    [[nodiscard]] bool validate() const noexcept {
        std::size_t found = 0;
        bool is_next_found = next_ == nullptr;
        for (std::size_t number = 0; number < queue_count; ++number) {
            auto const& queue = queues_[number];
            std::size_t here = 0;
            for (auto const* at = queue.front(); at != nullptr; at = queue.after(*at)) {
                auto const& entry = *static_cast<hook const*>(at);
                if (entry.queue != number || entry.queue != queue_of(entry) || ++here > size_) return false;
                is_next_found = is_next_found || at == next_;
            }
            if (!queue.holds(here) || is_filled(number) != (here > 0)) return false;
            found += here;
        }
        return found == size_ && is_next_found;
    }

private:
    static constexpr std::uint32_t ticks_in_a_turnover = 32;
    static constexpr std::uint32_t long_unread = 256 * ticks_in_a_turnover;
    static constexpr std::uint32_t halving_time = 16 * ticks_in_a_turnover;
    static constexpr int steps_a_miss = 4;
    static constexpr std::size_t poor = 8;
    static constexpr std::uint32_t tick_shift = 8;
    static constexpr std::uint32_t most_reads = (1U << tick_shift) - 1;
    static constexpr std::size_t ratios = 64;
    static constexpr std::size_t queue_count = detail::reuse::classes * ratios;

    static std::uint8_t sum_of(std::uint8_t uses, std::uint32_t more) noexcept {
        return static_cast<std::uint8_t>(std::min(uses + more, std::uint32_t{std::numeric_limits<std::uint8_t>::max()}));
    }

    /// The power of two below a positive number.
    static int exponent_of(float number) noexcept { return static_cast<int>(std::bit_cast<std::uint32_t>(number) >> 23) - 127; }

    static std::uint8_t kind_of(float cost) noexcept {
        return static_cast<std::uint8_t>(std::clamp(exponent_of(std::max(cost, 1.0F)) / 4, 0, detail::reuse::kinds - 1));
    }

    /// What was not read for very long loses half of its worth again and again: so what is worth most by far goes in the
    /// end, when nobody wants it.
    static float share_left_of(std::uint32_t age) noexcept {
        if (age < long_unread) return 1;
        auto const halvings = std::min((age - long_unread) / halving_time, std::uint32_t{126});
        return std::bit_cast<float>((127 - halvings) << 23);
    }

    /// Nanoseconds per byte. What takes no time is taken to take one.
    static float ratio_of(hook const& entry) noexcept { return std::max(entry.cost, 1.0F) / std::max(entry.weight, 1.0F); }

    static std::uint16_t queue_of(hook const& entry) noexcept {
        auto const ratio = std::clamp(exponent_of(ratio_of(entry)) + 16, 0, static_cast<int>(ratios) - 1);
        return static_cast<std::uint16_t>(detail::reuse::class_of(entry.uses) * ratios + static_cast<std::size_t>(ratio));
    }

    [[nodiscard]] bool is_filled(std::size_t queue) const noexcept {
        return (filled_[queue / ratios] >> queue % ratios & 1) != 0;
    }

    void file(hook& entry) noexcept {
        entry.queue = joined_ = queue_of(entry);
        queues_[entry.queue].push_back(entry);
        filled_[entry.queue / ratios] |= std::uint64_t{1} << entry.queue % ratios;
    }

    void remove(hook& entry) noexcept {
        auto const& queue = queues_[entry.queue];
        if (next_ == &entry) next_ = queue.after(entry);
        detail::link_list::erase(entry);
        if (queue.empty()) filled_[entry.queue / ratios] &= ~(std::uint64_t{1} << entry.queue % ratios);
    }

    /// Time goes with misses, so that hits need not write it.
    void advance() noexcept {
        if (++misses_ < size_ / ticks_in_a_turnover) return;
        misses_ = 0;
        now_.set(now_.get() + 1);
    }

    /// Takes what reads left in the hook. Returns: whether there were any.
    bool note_reads(hook& entry) noexcept {
        auto const reads = entry.reads.get();
        if (reads == 0) return false;
        auto const times = reads & most_reads;
        auto const since = (reads - (entry.filed << tick_shift)) >> tick_shift;
        auto const waited = since > now_.get() - entry.filed ? 0 : since;  // a read that was late to say so
        reuse_.came_back(entry.uses, entry.kind, waited / times, times);
        entry.uses = sum_of(entry.uses, times);
        entry.filed += waited;
        entry.reads.set(0);
        return true;
    }

    bool refile(hook& entry) noexcept {
        if (!note_reads(entry)) return false;
        remove(entry);
        file(entry);
        return true;
    }

    [[nodiscard]] float worth_of(hook const& entry) const noexcept {
        auto const age = now_.get() - entry.filed;
        auto const returns = reuse_.worth(entry.queue / ratios, entry.kind, age);
        return ratio_of(entry) * returns * share_left_of(age);
    }

    struct candidate {
        hook* entry = nullptr;
        float worth = std::numeric_limits<float>::infinity();
    };

    /// The one of the first and the last of a queue that is worth less.
    [[nodiscard]] candidate least_of(std::size_t queue) const noexcept {
        candidate const first{static_cast<hook*>(queues_[queue].front()), worth_of(*static_cast<hook*>(queues_[queue].front()))};
        candidate const last{static_cast<hook*>(queues_[queue].back()), worth_of(*static_cast<hook*>(queues_[queue].back()))};
        return last.worth < first.worth ? last : first;
    }

    /// Of the queues that were the poorest of late, and the one that was joined last. Now and then all are looked at.
    [[nodiscard]] hook* least_of_the_outermost() noexcept {
        candidate least;
        if (rounds_left_ > 0) {
            --rounds_left_;
            for (auto const queue : poorest_) least = lesser(least, queue);
            least = lesser(least, joined_);
        }
        return least.entry != nullptr ? least.entry : least_of_all();
    }

    [[nodiscard]] candidate lesser(candidate const& least, std::size_t queue) const noexcept {
        if (!is_filled(queue)) return least;
        auto const other = least_of(queue);
        return other.worth < least.worth ? other : least;
    }

    [[nodiscard]] hook* least_of_all() noexcept {
        std::array<float, poor> worths;
        worths.fill(std::numeric_limits<float>::infinity());
        candidate least;
        std::size_t seen = 0;
        for (std::size_t uses = 0; uses < detail::reuse::classes; ++uses) {
            for (auto left = filled_[uses]; left != 0; left &= left - 1, ++seen) {
                auto const queue = uses * ratios + static_cast<std::size_t>(std::countr_zero(left));
                auto const here = least_of(queue);
                if (here.worth < least.worth) least = here;
                auto at = poor;
                for (; at > 0 && here.worth < worths[at - 1]; --at) {
                    if (at == poor) continue;
                    worths[at] = worths[at - 1];
                    poorest_[at] = poorest_[at - 1];
                }
                if (at == poor) continue;
                worths[at] = here.worth;
                poorest_[at] = static_cast<std::uint16_t>(queue);
            }
        }
        rounds_left_ = seen > 2 * poor ? poor : 0;
        return least.entry;
    }

    /// A few steps of going round all residents, for reads that were noted; some rounds are a census.
    void patrol() noexcept {
        for (int steps = 0; steps < steps_a_miss; ++steps) {
            while (next_ == nullptr && queue_ < queue_count) next_ = queues_[queue_++].front();
            if (next_ == nullptr) {
                queue_ = 0;
                if (at_ == stage::residents) at_ = stage::departed;
                else if (at_ == stage::due) at_ = stage::residents;
                return;
            }
            auto& entry = *static_cast<hook*>(next_);
            next_ = queues_[entry.queue].after(entry);
            refile(entry);
            if (at_ == stage::residents) reuse_.is_waiting(entry.uses, entry.kind, now_.get() - entry.filed);
        }
    }

    /// All residents, then all departed, then what is learnt from it, then some time without.
    void take_census() noexcept {
        ++since_census_;
        switch (at_) {
            case stage::departed:
                from_ = departed_.visit(from_, [this](detail::past_life const& life) {
                    reuse_.is_waiting(life.uses, life.kind, now_.get() - life.last);
                });
                if (from_ == 0) at_ = stage::learning;
                break;
            case stage::learning:
                reuse_.learn(from_);
                if (++from_ < detail::reuse::classes) break;
                from_ = 0;
                at_ = stage::resting;
                break;
            case stage::resting:
                if (since_census_ < rest_) break;
                rest_ = std::min(rest_ + rest_ / 8, longest_rest);
                since_census_ = 0;
                at_ = stage::due;
                break;
            case stage::due:
            case stage::residents:
                break;
        }
    }

    enum class stage : std::uint8_t { resting, due, residents, departed, learning };
    static constexpr std::size_t longest_rest = 1024;  // misses

    std::array<detail::link_list, queue_count> queues_;           // the longest unread first, as far as is known
    std::array<std::uint64_t, detail::reuse::classes> filled_{};  // which of them are not empty
    detail::reuse reuse_;
    detail::departed departed_;
    detail::mark<std::uint32_t> now_;
    std::size_t misses_ = 0;  // in this tick
    std::size_t size_ = 0;
    std::array<std::uint16_t, poor> poorest_{};
    std::uint16_t joined_ = 0;
    std::size_t rounds_left_ = 0;   // until all queues are looked at again
    detail::link* next_ = nullptr;  // of the patrol
    std::size_t queue_ = 0;         // behind its own
    stage at_ = stage::resting;
    std::size_t from_ = 0;  // where among the departed, or the uses
    std::size_t since_census_ = 0;
    std::size_t rest_ = 128;
};
static_assert(eviction_policy<cost_aware_order>);

}  // namespace memo
