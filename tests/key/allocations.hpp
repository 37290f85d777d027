#pragma once

#include <cstddef>

/// How often `operator new` was called on this thread so far; counted in buffer.cpp.
std::size_t allocations() noexcept;
