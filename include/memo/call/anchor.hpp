#pragma once

#include <memo/base/static_storage.hpp>
#include <memo/base/sync.hpp>

#include <atomic>
#include <memory>
#include <utility>

namespace memo::detail {

/// From now on the process ends: what stands in static storage is being destroyed.
bool exit_has_begun() noexcept;

/// Has `exit_has_begun` hold before a wrapper in static storage is destroyed. Exit handlers run in reverse, so it is told when the
/// wrapper stands, and asks for its handler when it is used.
///
/// Threads: any.
class exit_watch {
public:
    void expect() noexcept { expects_.store(true, std::memory_order_relaxed); }
    void used() noexcept {
        if (expects_.load(std::memory_order_relaxed) && expects_.exchange(false, std::memory_order_relaxed))
            install();
    }

private:
    static void install() noexcept;

    atomic<bool> expects_{false};
};

/// A state that has no wrapper yet.
template <class State>
struct made {
    std::shared_ptr<State> state;
};

/// What a wrapper holds of its state. When the process ends, a wrapper in static storage lets go of nothing, since other threads may
/// still be calling it; all of its results live on, and its background work is over.
///
/// Threads: as `std::shared_ptr`; at the end of the process, any.
template <class State>
class anchor {
public:
    explicit anchor(std::shared_ptr<State> state) noexcept : state_{std::move(state)} {}
    anchor(anchor const& other) noexcept : state_{other.state_} {}
    anchor(anchor&& other) noexcept : state_{std::move(other.state_)} {}
    anchor& operator=(anchor const& other) noexcept {
        state_ = other.state_;
        return *this;
    }
    anchor& operator=(anchor&& other) noexcept {
        state_ = std::move(other.state_);
        return *this;
    }
    ~anchor() {
        if (exit_has_begun() && in_static_storage(this)) {
            if constexpr (requires(State& state) { state.stop(); })
                if (state_ != nullptr)
                    state_->stop();
        } else {
            std::destroy_at(&state_);
        }
    }

    /// Requires: it is the first anchor of its state, and stands where it will stay.
    void settle() noexcept {
        if (in_static_storage(this))
            state_->exits.expect();
    }

    std::shared_ptr<State> const& state() const noexcept { return state_; }

private:
    union {
        std::shared_ptr<State> state_;
    };
};

}  // namespace memo::detail
