#pragma once

#include <atomic>

namespace memo::detail {

/// How many `memo::testing::disable()` are in force: above 0, calls just run.
inline std::atomic<int> disabling_scopes{0};

inline bool disabled() noexcept {
    return disabling_scopes.load(std::memory_order_relaxed) != 0;
}

}  // namespace memo::detail
