#pragma once

#include <memo/base/sync.hpp>

namespace memo::detail {

/// A small number that reads write without a lock. Where two write at once, one of them stands.
///
/// Threads: any.
/// Cost:    `set` writes to memory only what changes it, so what is read again and again stays in every core's cache.
template <class Number>
class mark {
public:
    [[nodiscard]] Number get() const noexcept { return number_.load(std::memory_order_relaxed); }

    [[gnu::always_inline]] void set(Number number) noexcept {
        if (get() != number) number_.store(number, std::memory_order_relaxed);
    }

private:
    atomic<Number> number_{};
};

}  // namespace memo::detail
