#pragma once

#include <cstddef>

/// What `operator new` gives on this thread, counted in wire.cpp.
namespace counted {

std::size_t bytes() noexcept;

/// Counts from here on.
class memory {
public:
    memory() noexcept : before_{counted::bytes()} {}
    std::size_t bytes() const noexcept { return counted::bytes() - before_; }

private:
    std::size_t before_;
};

}  // namespace counted
