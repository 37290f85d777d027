#pragma once

#include <memo/base/clock.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace memo::detail {

/// A few threads that do what waits in a bounded queue, in order of arrival. What a task throws ends there;
/// one that is cancelled, or calls `pthread_exit`, costs a thread, which is replaced.
///
/// Threads:  any. Its own start at the first `execute`; signals are left to the threads of the user, but for those of faults.
///           After `fork` the child begins anew: what waited is dropped, and threads start at the next `execute`.
/// Cost:     `execute` allocates once, for the place in the queue.
class pool {
public:
    pool(std::size_t threads, std::size_t most_waiting);
    pool(pool const&) = delete;
    pool& operator=(pool const&) = delete;
    ~pool() { close(); }

    /// Throws: bad_alloc; error: `full` when too many wait already, `refused` after `close` and when no thread can be had. Then
    ///         `work` will not run.
    void execute(std::function<void()> work);

    /// Takes no more work, drops what waits, and returns when its threads have ended; for one that is busy for longer than
    /// `patience`, and for the one that calls, it does not wait. They end with what they are at.
    void close(duration patience = std::chrono::seconds{5}) noexcept;

private:
    class crew;
    std::shared_ptr<crew> crew_;
};

/// The pool of the process, for wrappers without an executor of their own: two threads, and at most 1,024 tasks that wait.
/// It is never destroyed; the end of the process closes it.
pool& default_pool();

}  // namespace memo::detail
