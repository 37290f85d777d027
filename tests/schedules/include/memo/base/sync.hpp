#pragma once

#include "schedules/turn.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

/// Stands in the place of the library's <memo/base/sync.hpp>: locks and atomics that ask the stage before every deed.
/// Outside of scenarios they are the plain ones.
///
/// Atomics are sequentially consistent here, whatever order they are asked for: this explores interleavings, and leaves
/// weaker memory to ThreadSanitizer. Nobody wakes without a notification.
namespace memo::detail {

class mutex : schedules::thing {
public:
    void lock() {
        if (auto* const me = schedules::self) {
            me->pass({schedules::deed::lock, this});
            held = true;
        }
        real_.lock();
    }
    bool try_lock() {
        auto* const me = schedules::self;
        if (me == nullptr)
            return real_.try_lock();
        me->pass({schedules::deed::try_lock, this});
        if (held)
            return false;
        held = true;
        real_.lock();
        return true;
    }
    void unlock() {
        if (auto* const me = schedules::self) {
            me->pass({schedules::deed::unlock, this});
            held = false;
        }
        real_.unlock();
    }

private:
    friend class condition;
    std::mutex real_;
};

using brief_mutex = mutex;

/// Threads of a scenario are notified by threads of the scenario only.
class condition : schedules::thing {
    /// A deadline nearer than this may come whenever the scheduler likes; one beyond it never comes, so that who waits for it
    /// alone is in a deadlock.
    static constexpr std::chrono::seconds soon{1};

public:
    template <class Pred>
    void wait(std::unique_lock<mutex>& lock, Pred pred) {
        if (schedules::self == nullptr)
            return plainly(lock, [&](auto& real) { real_.wait(real, pred); });
        while (!pred())
            await(lock, false);
    }
    template <class Clock, class Duration, class Pred>
    bool wait_until(std::unique_lock<mutex>& lock, std::chrono::time_point<Clock, Duration> deadline, Pred pred) {
        if (schedules::self == nullptr)
            return plainly(lock, [&](auto& real) { return real_.wait_until(real, deadline, pred); });
        bool const may_time_out = deadline - Clock::now() < soon;
        while (!pred())
            if (!await(lock, may_time_out))
                return pred();
        return true;
    }
    template <class Rep, class Period, class Pred>
    bool wait_for(std::unique_lock<mutex>& lock, std::chrono::duration<Rep, Period> longest, Pred pred) {
        return wait_until(lock, std::chrono::steady_clock::now() + longest, pred);
    }

    void notify_all() {
        if (auto* const me = schedules::self)
            me->notify(*this);
        real_.notify_all();
    }
    void notify_one() { notify_all(); }

private:
    bool await(std::unique_lock<mutex>& lock, bool may_time_out) {
        auto& let_go = *lock.mutex();
        let_go.real_.unlock();
        bool const notified = schedules::self->await(*this, let_go, may_time_out);
        let_go.real_.lock();
        return notified;
    }

    template <class Fn>
    static auto plainly(std::unique_lock<mutex>& lock, Fn fn) {
        struct borrowed : std::unique_lock<std::mutex> {
            using std::unique_lock<std::mutex>::unique_lock;
            ~borrowed() { release(); }
        } real{lock.mutex()->real_, std::adopt_lock};
        return fn(real);
    }

    std::condition_variable real_;
};

template <class T>
class atomic {
public:
    constexpr atomic() noexcept = default;
    constexpr atomic(T value) noexcept : real_{value} {}
    atomic(atomic const&) = delete;
    atomic& operator=(atomic const&) = delete;

    T load(std::memory_order = std::memory_order_seq_cst) const noexcept { return at(schedules::deed::load).load(); }
    operator T() const noexcept { return load(); }

    void store(T value, std::memory_order = std::memory_order_seq_cst) noexcept { at(schedules::deed::store).store(value); }
    T operator=(T value) noexcept {
        store(value);
        return value;
    }
    T exchange(T value, std::memory_order = std::memory_order_seq_cst) noexcept {
        return at(schedules::deed::store).exchange(value);
    }
    bool compare_exchange_strong(T& expected, T value, std::memory_order = std::memory_order_seq_cst,
                                 std::memory_order = std::memory_order_seq_cst) noexcept {
        return at(schedules::deed::store).compare_exchange_strong(expected, value);
    }
    bool compare_exchange_weak(T& expected, T value, std::memory_order = std::memory_order_seq_cst,
                               std::memory_order = std::memory_order_seq_cst) noexcept {
        return compare_exchange_strong(expected, value);
    }
    T fetch_add(T more, std::memory_order = std::memory_order_seq_cst) noexcept {
        return at(schedules::deed::store).fetch_add(more);
    }
    T fetch_sub(T less, std::memory_order = std::memory_order_seq_cst) noexcept {
        return at(schedules::deed::store).fetch_sub(less);
    }
    T operator++() noexcept { return fetch_add(1) + 1; }
    T operator--() noexcept { return fetch_sub(1) - 1; }

private:
    std::atomic<T>& at(schedules::deed what) const noexcept {
        if (auto* const me = schedules::self)
            me->pass({what, &seen_});
        return real_;
    }

    mutable std::atomic<T> real_{};
    mutable schedules::thing seen_;
};

}  // namespace memo::detail
