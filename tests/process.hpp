#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <thread>

/// Of this process and its children.
namespace process {

/// AddressSanitizer's allocator does not prepare for a fork, as malloc does: a child of threads that allocate may hang in it.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool allocates_after_any_fork = false;
#elif defined(__has_feature)
inline constexpr bool allocates_after_any_fork = !__has_feature(address_sanitizer);
#else
inline constexpr bool allocates_after_any_fork = true;
#endif

/// Whether what runs here takes many times as long as it does for users.
inline constexpr bool instrumented = !allocates_after_any_fork;

/// Whether the child comes to an end of its own, with this code.
inline bool ends_with(pid_t child, int code) {
    int status = -1;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == code;
}

/// Whether `check` holds in a child, which has 20 seconds for it.
template <class Check>
bool holds_in_child(Check check) {
    auto const child = fork();
    if (child == 0) {
        alarm(20);
        _exit(check() ? 0 : 1);
    }
    return ends_with(child, 0);
}

/// Whether this process has `count` threads; one that was joined may be listed a moment longer.
inline bool has_threads(std::ptrdiff_t count) {
    using std::filesystem::directory_iterator;
    auto const listed = [] { return std::distance(directory_iterator{"/proc/self/task"}, directory_iterator{}); };
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (listed() > count && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    return listed() == count;
}

}  // namespace process
