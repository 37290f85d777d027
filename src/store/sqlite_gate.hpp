#pragma once

#include "sqlite_file.hpp"

#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>

#include <deque>

namespace memo::detail {

/// Writers of this process, one at a time; between processes SQLite's own lock decides. Who comes when it is free passes those
/// who have not waited for long, since waking them would take longer than most writes.
class sqlite_gate {
public:
    /// Throws: sqlite_fault when its turn does not come in time.
    void enter(moment end);
    void leave() noexcept;
    bool is_wanted() noexcept;

    void before_fork() noexcept { mutex_.lock(); }
    void after_fork(fork_side side) noexcept;

private:
    struct waiter {
        moment since;
        condition turn{};
    };
    bool is_free_for(waiter const* who, moment now) const noexcept;

    mutex mutex_;
    std::deque<waiter*> waiting_;
    bool taken_ = false;
};

}  // namespace memo::detail
