#pragma once

#include <cstddef>
#include <memory>

namespace memo::detail {

/// Where flights are made: a thread keeps the block of one that ended for its next.
///
/// Threads: any.
struct flight_blocks {
    static void* take(std::size_t bytes);
    static void give_back(void* block, std::size_t bytes) noexcept;
};

/// The allocator of what is made there.
template <class T>
struct flight_memory {
    using value_type = T;

    flight_memory() noexcept = default;
    template <class Other>
    flight_memory(flight_memory<Other>) noexcept {}

    T* allocate(std::size_t count) {
        if constexpr (alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__)
            return std::allocator<T>{}.allocate(count);
        else
            return static_cast<T*>(flight_blocks::take(count * sizeof(T)));
    }
    void deallocate(T* block, std::size_t count) noexcept {
        if constexpr (alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__)
            std::allocator<T>{}.deallocate(block, count);
        else
            flight_blocks::give_back(block, count * sizeof(T));
    }

    friend bool operator==(flight_memory, flight_memory) noexcept { return true; }
};

}  // namespace memo::detail
