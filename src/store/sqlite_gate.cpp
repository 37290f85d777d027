#include "sqlite_gate.hpp"

#include "sqlite_file.hpp"

#include <memo/base/error.hpp>
#include <memo/base/fork.hpp>

#include <chrono>
#include <deque>
#include <mutex>

namespace memo::detail {

namespace {

constexpr auto patience_of_waiters = std::chrono::milliseconds{2};

}  // namespace

bool sqlite_gate::is_free_for(waiter const* who, moment now) const noexcept {
    return !taken_ && (waiting_.empty() || waiting_.front() == who || now - waiting_.front()->since < patience_of_waiters);
}

void sqlite_gate::enter(moment end) {
    std::unique_lock lock{mutex_};
    auto const now = std::chrono::steady_clock::now();
    if (!is_free_for(nullptr, now)) {
        waiter mine{now};
        waiting_.push_back(&mine);
        bool const free = mine.turn.wait_until(lock, end, [&] { return is_free_for(&mine, std::chrono::steady_clock::now()); });
        std::erase(waiting_, &mine);
        if (!free) {
            if (!taken_ && !waiting_.empty())
                waiting_.front()->turn.notify_one();
            throw sqlite_fault{error_code::timed_out,
                               "other threads write for too long; raise the timeout, or write less at once"};
        }
    }
    taken_ = true;
}

void sqlite_gate::leave() noexcept {
    std::lock_guard const lock{mutex_};
    taken_ = false;
    if (!waiting_.empty())
        waiting_.front()->turn.notify_one();
}

bool sqlite_gate::is_wanted() noexcept {
    std::lock_guard const lock{mutex_};
    return !waiting_.empty();
}

void sqlite_gate::after_fork(fork_side side) noexcept {
    if (side == fork_side::child) {
        waiting_.clear();
        taken_ = false;
    }
    mutex_.unlock();
}

}  // namespace memo::detail
