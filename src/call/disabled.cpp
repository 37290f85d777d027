#include <memo/call/disabled.hpp>

#include <atomic>

namespace memo::detail {

namespace {

std::atomic<int> scopes{0};

}  // namespace

bool disabled() noexcept {
    return scopes.load(std::memory_order_relaxed) != 0;
}

void disable(int more) noexcept {
    scopes.fetch_add(more, std::memory_order_relaxed);
}

}  // namespace memo::detail
