#include <memo/call/anchor.hpp>

#include <atomic>
#include <cstdlib>

namespace memo::detail {

namespace {

constinit std::atomic<bool> exiting{false};

}  // namespace

bool exit_has_begun() noexcept {
    return exiting.load(std::memory_order_relaxed);
}

void exit_watch::install() noexcept {
    static_cast<void>(std::atexit([] { exiting.store(true, std::memory_order_relaxed); }));
}

}  // namespace memo::detail
