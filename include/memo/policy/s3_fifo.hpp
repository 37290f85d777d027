#pragma once

#include <memo/policy/concept.hpp>
#include <memo/policy/ghost_list.hpp>
#include <memo/policy/list.hpp>
#include <memo/policy/read_mark.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace memo {

/// Three queues: new entries stand in a small one, a tenth of what is resident; at its end those that were read twice move
/// to the main one, the others leave, and their keys are remembered: what comes back while it is, goes to the main queue at
/// once. There an entry leaves that was not read since it last came to the end, up to three reads saved up.
///
/// Threads:  touches take no lock.
/// Cost:     29 bytes an entry, and 20 for each of the nine tenths as many keys that are remembered; constant on the mean.
/// Source:   J. Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023.
class s3_fifo_order {
    enum class queue : std::uint8_t { small, main };

public:
    static constexpr bool touches_unlocked = true;
    static constexpr std::size_t bytes_beside = 18;

    struct hook : detail::link {
        detail::read_mark reads;
        std::uint32_t place = 0;
        queue in = queue::small;
    };

    void admit(hook& entry) noexcept {
        entry.reads.set(0);
        leaving_ = nullptr;
        append(entry, gone_.take(entry.place) ? queue::main : queue::small);
    }

    [[nodiscard]] std::uint16_t touched(std::uint16_t reads) const noexcept { return reads < most_reads ? reads + 1 : most_reads; }
    [[gnu::always_inline]] void touch(hook& entry) noexcept {
        entry.reads.update([this](std::uint16_t reads) __attribute__((always_inline)) { return touched(reads); });
    }
    [[nodiscard]] bool settled(hook const& entry) const noexcept { return entry.reads.get() == most_reads; }

    void replace(hook& old, hook& fresh) noexcept {
        fresh.reads.set(old.reads.get());
        fresh.in = old.in;
        touch(fresh);
        detail::link_list::replace(old, fresh);
        leaving_ = nullptr;
    }

    void forget(hook& entry) noexcept {
        if (&entry == leaving_ && entry.in == queue::small) gone_.push(entry.place, size() - share_of_small());
        leaving_ = nullptr;
        remove(entry);
    }

    void clear() noexcept {
        small_.clear();
        main_.clear();
        small_size_ = main_size_ = 0;
        leaving_ = nullptr;
    }

    [[nodiscard]] hook* victim() noexcept {
        while (leaving_ == nullptr && size() > 0) {
            bool const main_is_full = main_size_ > size() - share_of_small();
            bool const small_is_full = small_size_ >= share_of_small() || main_size_ == 0;
            leaving_ = small_size_ == 0 || main_is_full || !small_is_full ? last_of_main() : last_of_small();
        }
        return leaving_;
    }

    [[nodiscard]] bool validate() const noexcept {
        return small_.holds(small_size_) && main_.holds(main_size_) && all_in(small_, queue::small) &&
               all_in(main_, queue::main) && gone_.validate();
    }

private:
    static constexpr std::uint16_t most_reads = 3;
    static constexpr std::uint8_t reads_to_stay = 2;

    [[nodiscard]] std::size_t size() const noexcept { return small_size_ + main_size_; }
    [[nodiscard]] std::size_t share_of_small() const noexcept { return std::max<std::size_t>(1, size() / 10); }

    /// Null when all of them were read twice; then they are in the main queue.
    [[nodiscard]] hook* last_of_small() noexcept {
        while (small_size_ > 0) {
            auto& last = *static_cast<hook*>(small_.front());
            if (last.reads.get() < reads_to_stay) return &last;
            last.reads.set(0);
            remove(last);
            append(last, queue::main);
            if (main_size_ > size() - share_of_small()) return last_of_main();
        }
        return nullptr;
    }

    /// Others may read all the while, so it does not wait for long.
    [[nodiscard]] hook* last_of_main() noexcept {
        for (auto patience = (most_reads + 1) * main_size_;; --patience) {
            auto& last = *static_cast<hook*>(main_.front());
            auto const reads = last.reads.get();
            if (reads == 0 || patience == 0) return &last;
            last.reads.set(static_cast<std::uint16_t>(reads - 1));
            remove(last);
            append(last, queue::main);
        }
    }

    void append(hook& entry, queue in) noexcept {
        entry.in = in;
        (in == queue::small ? small_ : main_).push_back(entry);
        ++(in == queue::small ? small_size_ : main_size_);
    }

    void remove(hook& entry) noexcept {
        detail::link_list::erase(entry);
        --(entry.in == queue::small ? small_size_ : main_size_);
    }

    [[nodiscard]] static bool all_in(detail::link_list const& list, queue in) noexcept {
        auto const* at = list.front();
        while (at != nullptr && static_cast<hook const*>(at)->in == in) at = list.after(*at);
        return at == nullptr;
    }

    detail::link_list small_;  // the oldest first
    detail::link_list main_;
    std::size_t small_size_ = 0;
    std::size_t main_size_ = 0;
    detail::ghost_list gone_;
    hook* leaving_ = nullptr;  // until entries come or go
};
static_assert(eviction_policy<s3_fifo_order> && detail::noting<s3_fifo_order>);

struct s3_fifo_policy {
    using order = s3_fifo_order;
};

/// `memo::policy(memo::s3_fifo)`: what is read once goes soon, what comes back stays.
inline constexpr s3_fifo_policy s3_fifo{};

}  // namespace memo
