#pragma once

#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>

namespace memo::detail {

/// Lets one transaction pass at a time. Whoever is about to do one thing waits for the transaction that is at work, so that what
/// one thread does in a row never falls into the midst of one; whoever reads several things reads them again if one came between.
///
/// Threads: any. Outside of transactions it costs a read of what is rarely written.
class transaction_gate final : fork_aware {
public:
    /// Waits for the transaction that is at work. Returns: how many began and ended until then.
    std::uint64_t settle() {
        for (;;) {
            auto const passed = steps_.load();
            if (passed % 2 == 0)
                return passed;
            std::lock_guard const wait{mutex_};
        }
    }

    /// Reads with no transaction between.
    template <class Read>
    auto read(Read const& all) {
        constexpr int tries = 4;
        for (int tried = 0; tried != tries; ++tried) {
            auto const before = settle();
            auto found = all();
            if (steps_.load() == before)
                return found;
        }
        return apart(all);
    }

    /// Apart from transactions.
    template <class Act>
    auto apart(Act const& act) {
        std::lock_guard const lock{mutex_};
        return act();
    }

    /// A transaction.
    template <class Act>
    void change(Act const& act) {
        std::lock_guard const lock{mutex_};
        struct odd_step {
            explicit odd_step(atomic<std::uint64_t>& steps) : steps_{steps} { steps_.fetch_add(1); }
            odd_step(odd_step const&) = delete;
            odd_step& operator=(odd_step const&) = delete;
            ~odd_step() { steps_.fetch_add(1); }
            atomic<std::uint64_t>& steps_;
        } const step{steps_};
        act();
    }

private:
    void before_fork() noexcept override { mutex_.lock(); }
    void after_fork(fork_side) noexcept override { mutex_.unlock(); }

    mutex mutex_;
    atomic<std::uint64_t> steps_{0};
    fork_enrolment enrolment_{*this};
};

}  // namespace memo::detail
