#pragma once

#include <cstddef>

/// What the tests of this room know of memory, and decide; the operators that heed it are in lfu.cpp.
namespace scarce {

inline std::size_t allocations = 0;
inline bool out_of_memory = false;

}  // namespace scarce
