#include <memo/call/background.hpp>

#include <mutex>
#include <utility>

namespace memo::detail {

namespace {

constinit thread_local background::shift* innermost = nullptr;

}  // namespace

background::background(worker on, duration patience) : on_{std::move(on)}, patience_{patience} {}

background::shift::shift(background& of) noexcept : of_{nullptr} {
    std::lock_guard const lock{of.mutex_};
    if (of.closed())
        return;
    ++of.shifts_;
    of_ = &of;
    outer_ = std::exchange(innermost, this);
}

background::shift::~shift() {
    if (of_ == nullptr)
        return;
    innermost = outer_;
    std::lock_guard const lock{of_->mutex_};  // while it is held, who waits for the end does not end it
    --of_->shifts_;
    of_->ended_.notify_all();
}

std::size_t background::own_shifts() const noexcept {
    std::size_t own = 0;
    for (auto const* at = innermost; at != nullptr; at = at->outer_)
        own += at->of_ == this;
    return own;
}

void background::after_fork(fork_side side) noexcept {
    if (side == fork_side::child) {
        shifts_ = own_shifts();
        renew(ended_);
    }
    mutex_.unlock();
}

void background::close() noexcept {
    auto const own = own_shifts();
    std::unique_lock lock{mutex_};
    closed_.store(true, std::memory_order_release);
    auto const over = [&] { return shifts_ <= own; };
    if (patience_ == duration::max())
        return ended_.wait(lock, over);
    ended_.wait_until(lock, deadline(patience_), over);
}

}  // namespace memo::detail
