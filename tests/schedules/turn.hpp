#pragma once

#include <cstddef>

/// What the stand-ins for locks and atomics say to the stage on which a scenario plays.
namespace schedules {

/// What a thread is about to do.
enum class deed : unsigned char {
    start,
    load,
    store,     ///< and whatever else may change an atomic
    lock,
    try_lock,
    unlock,
    sleep,     ///< lets go of a lock and waits to be notified
    time_out,  ///< asleep, with a deadline that may come
    notify,
    respond,   ///< what was asked for is done
    give_way,  ///< it waits for another thread without saying so: others go first
};

/// What threads contend for.
struct thing {
    bool held = false;  ///< by a thread of the scenario
};

/// A deed and what it is done to; `lock` is what `sleep` lets go of, and what is taken again.
struct move {
    deed what = deed::start;
    thing* on = nullptr;
    thing* lock = nullptr;
    bool invokes = false;  ///< it is the first of what was asked for
};

/// A thread of a scenario while it runs.
class actor {
public:
    /// Returns when it is this thread's turn and the deed is possible; nobody else moves before its next deed.
    virtual void pass(move next) noexcept = 0;
    /// Lets go of the lock, waits, and takes it again. Returns: whether it was notified, not timed out.
    virtual bool await(thing& condition, thing& lock, bool may_time_out) noexcept = 0;
    /// Wakes all who sleep on it.
    virtual void notify(thing& condition) noexcept = 0;

protected:
    ~actor() = default;
};

/// Null outside of scenarios, where the stand-ins behave as what they stand for.
inline constinit thread_local actor* self = nullptr;

}  // namespace schedules
