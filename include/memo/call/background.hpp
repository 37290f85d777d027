#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/executor.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>

#include <cstddef>
#include <functional>

namespace memo::detail {

/// The work of one wrapper that runs behind its calls. Its end waits for what runs, and nothing begins after it.
///
/// Threads: any.
class background final : fork_aware {
public:
    /// `patience` is how long the end waits.
    background(worker on, duration patience);
    background(background const&) = delete;
    background& operator=(background const&) = delete;

    /// Hands work over. Throws: what the executor throws to refuse.
    void execute(std::function<void()> work) const { on_.execute(std::move(work)); }

    /// From here on no shift begins; returns when none is left but the calling thread's own, or when patience has ended.
    void close() noexcept;
    bool closed() const noexcept { return closed_.load(std::memory_order_acquire); }

    /// A stretch of work, which the end waits for.
    class shift {
    public:
        explicit shift(background& of) noexcept;
        ~shift();
        shift(shift const&) = delete;
        shift& operator=(shift const&) = delete;

        /// Whether the work may begin.
        bool begun() const noexcept { return of_ != nullptr; }

    private:
        friend class background;

        background* of_;
        shift* outer_ = nullptr;  // of this thread
    };

private:
    /// The calling thread's.
    std::size_t own_shifts() const noexcept;
    void before_fork() noexcept override { mutex_.lock(); }
    void after_fork(fork_side side) noexcept override;

    worker on_;
    duration patience_;
    mutex mutex_;
    condition ended_;
    std::size_t shifts_ = 0;
    atomic<bool> closed_{false};
    fork_enrolment enrolment_{*this};
};

}  // namespace memo::detail
