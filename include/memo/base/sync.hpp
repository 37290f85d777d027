#pragma once

#include <algorithm>
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

/// A mutex that mostly is held for less time than it takes to sleep and to be woken: who waits looks again before, for some 10 us.
class brief_mutex {
public:
    void lock() {
        unsigned pauses = 1;
        for (unsigned tries = 0; tries != most_tries; ++tries) {
            if (mutex_.try_lock())
                return;
            for (unsigned pause = 0; pause != pauses; ++pause)
                relax();
            pauses = std::min(2 * pauses, most_pauses);
        }
        mutex_.lock();
    }
    bool try_lock() { return mutex_.try_lock(); }
    void unlock() { mutex_.unlock(); }

private:
    static constexpr unsigned most_tries = 32;
    static constexpr unsigned most_pauses = 32;  // between two

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
