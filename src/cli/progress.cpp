#include "progress.hpp"

#include "wording.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace memo::sim {

double progress::share() const noexcept {
    auto const done = done_.load(std::memory_order_relaxed);
    return total_ == 0 ? 1 : static_cast<double>(std::min(done, total_)) / static_cast<double>(total_);
}

std::string bar(std::string const& doing, double share, double seconds) {
    constexpr std::size_t width = 40;
    auto const filled = static_cast<std::size_t>(share * double{width});
    auto const percent = fixed(std::floor(share * 100), 0);
    auto line = doing + "  [" + std::string(filled, '#') + std::string(width - filled, '-') + "] " + std::string(3 - percent.size(), ' ') +
                percent + " %";
    constexpr double enough_to_guess = 0.01;
    if (share >= enough_to_guess && share < 1)
        line += "  " + fixed(std::ceil(seconds / share - seconds), 0) + " s left";
    return line;
}

}  // namespace memo::sim
