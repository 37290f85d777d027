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

}  // namespace memo::detail
