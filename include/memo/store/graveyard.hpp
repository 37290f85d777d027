#pragma once

#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>

#include <utility>

namespace memo::detail {

/// What left the engine under a lock and ends when the lock is gone, since listeners and destructors are user code.
/// Declare it before the lock.
class graveyard {
public:
    explicit graveyard(store_watcher* watcher) noexcept : watcher_{watcher} {}
    graveyard(graveyard&& other) noexcept
        : watcher_{other.watcher_}, entries_{std::exchange(other.entries_, nullptr)},
          leases_{std::exchange(other.leases_, nullptr)} {}
    ~graveyard() {
        if (entries_ != nullptr || leases_ != nullptr)
            end_all();
    }

    void bury(entry& gone) noexcept;
    void bury(lease& ended) noexcept;

private:
    void end_all() noexcept;

    store_watcher* watcher_;
    entry* entries_ = nullptr;
    lease* leases_ = nullptr;
};

}  // namespace memo::detail
