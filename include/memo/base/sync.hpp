#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

/// The locks and atomics of the library under names of its own, so that a build may put a scheduler in their place that
/// explores interleavings: another header of this name that stands earlier on the include path.
namespace memo::detail {

using mutex = std::mutex;
using condition = std::condition_variable;
template <class T>
using atomic = std::atomic<T>;

/// A mutex that is held for less time than it takes to sleep and to be woken: who waits looks again for some microseconds before.
class brief_mutex {
public:
    void lock() {
        for (unsigned pauses = 1; pauses <= most_pauses; pauses *= 2) {
            if (mutex_.try_lock())
                return;
            for (unsigned pause = 0; pause != pauses; ++pause)
                relax();
        }
        mutex_.lock();
    }
    bool try_lock() { return mutex_.try_lock(); }
    void unlock() { mutex_.unlock(); }

private:
    static constexpr unsigned most_pauses = 32;

    static void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        asm volatile("isb");
#endif
    }

    mutex mutex_;
};

}  // namespace memo::detail
