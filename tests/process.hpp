#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <string>
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

/// With what a program of its own ends when all went well; not the end of one that had nothing to do.
inline constexpr int well = 42;

/// Whether the test case of this name, which is skipped but for this, ends well as a program of its own.
inline bool ends_well(char const* test_case) {
    auto const child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "one", "--no-skip", (std::string{"--test-case="} + test_case).c_str(), nullptr);
        _exit(1);
    }
    return ends_with(child, well);
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
