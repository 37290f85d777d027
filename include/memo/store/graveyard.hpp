#pragma once

#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>
#include <memo/store/limbo.hpp>

#include <utility>

namespace memo::detail {

/// What left the engine under a lock and ends when the lock is gone, since listeners and destructors are user code.
/// Declare it before the lock.
class graveyard {
public:
    /// For leases only.
    graveyard() noexcept = default;
    graveyard(store_watcher* watcher, limbo& readers) noexcept : watcher_{watcher}, readers_{&readers} {}
    graveyard(graveyard&& other) noexcept
        : watcher_{other.watcher_}, readers_{other.readers_}, haste_{other.haste_},
          entries_{std::exchange(other.entries_, nullptr)}, leases_{std::exchange(other.leases_, nullptr)} {}
    ~graveyard() {
        if (entries_ != nullptr || leases_ != nullptr)
            end_all();
    }

    void bury(entry& gone, evict_cause cause) noexcept;
    void bury(lease& ended) noexcept;

private:
    void end_all() noexcept;

    store_watcher* watcher_ = nullptr;
    limbo* readers_ = nullptr;
    limbo::haste haste_ = limbo::haste::may_wait;
    entry* entries_ = nullptr;
    lease* leases_ = nullptr;
};

}  // namespace memo::detail
