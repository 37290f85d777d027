#pragma once

#include <cstddef>

namespace scarce {

/// While it lives, the nth allocation of this thread from now on fails, once. Made to work in memory.cpp.
class memory {
public:
    explicit memory(std::size_t nth) noexcept;
    ~memory();
    memory(memory const&) = delete;
    memory& operator=(memory const&) = delete;
};

/// Whether the allocation that was to fail came.
bool ran_out() noexcept;

}  // namespace scarce
