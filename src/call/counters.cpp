#include <memo/call/counters.hpp>

namespace memo::detail {

std::size_t counters::own_stripe() noexcept {
    static std::atomic<std::size_t> next{0};
    thread_local std::size_t const own = next.fetch_add(1, std::memory_order_relaxed) % stripes;
    return own;
}

}  // namespace memo::detail
