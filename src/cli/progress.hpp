#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace memo::sim {

/// How far work has come.
///
/// Threads:  any.
class progress {
public:
    explicit progress(std::uint64_t total) noexcept : total_{total} {}

    void advance(std::uint64_t by) noexcept { done_.fetch_add(by, std::memory_order_relaxed); }
    void give_up() noexcept { given_up_.store(true, std::memory_order_relaxed); }

    [[nodiscard]] bool given_up() const noexcept { return given_up_.load(std::memory_order_relaxed); }
    [[nodiscard]] double share() const noexcept;

private:
    std::atomic<std::uint64_t> done_ = 0;
    std::uint64_t total_;
    std::atomic<bool> given_up_ = false;
};

/// One line for a terminal of 80 columns, such as `replaying  [######------]  50 %  12 s left`.
std::string bar(std::string const& doing, double share, double seconds);

}  // namespace memo::sim
