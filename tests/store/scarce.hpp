#pragma once

#include <cstddef>

namespace scarce {

/// Whether memory.cpp stands beside: ThreadSanitizer gets files of what is concurrent only.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool works = false;
#elif defined(__has_feature)
inline constexpr bool works = !__has_feature(thread_sanitizer);
#else
inline constexpr bool works = true;
#endif

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
