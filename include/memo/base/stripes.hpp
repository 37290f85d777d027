#pragma once

#include <memo/base/sync.hpp>

namespace memo::detail {

/// The lock of a small object that has none of its own: one of few, chosen by its address and shared with others, never destroyed,
/// and whole after a fork.
///
/// Requires: the thread holds no other of these locks.
/// Threads:  any.
mutex& stripe_of(void const* object) noexcept;

}  // namespace memo::detail
