#pragma once

#include <memo/call/disabled.hpp>

#include <atomic>

namespace memo::testing {

/// While one of these lives, nothing is cached in this process: calls just run, `peek` and `contains` find nothing, `set`
/// stores nothing; evictions evict. `auto off = memo::testing::disable();`
///
/// Threads: any; scopes may nest and overlap.
class [[nodiscard]] disable {
public:
    disable() noexcept { detail::disabling_scopes.fetch_add(1, std::memory_order_relaxed); }
    ~disable() { detail::disabling_scopes.fetch_sub(1, std::memory_order_relaxed); }
    disable(disable const&) = delete;
    disable& operator=(disable const&) = delete;
};

}  // namespace memo::testing
