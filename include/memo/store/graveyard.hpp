#pragma once

#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>

namespace memo::detail {

/// What left the engine under a lock and ends when the lock is gone, since listeners and destructors are user code.
/// Declare it before the lock.
class graveyard {
public:
    explicit graveyard(removal_watcher* watcher) noexcept : watcher_{watcher} {}
    graveyard(graveyard&& other) noexcept;
    ~graveyard();

    void bury(entry& gone) noexcept;
    void bury(lease& ended) noexcept;

private:
    removal_watcher* watcher_;
    entry* entries_ = nullptr;
    lease* leases_ = nullptr;
};

}  // namespace memo::detail
