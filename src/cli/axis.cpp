#include "axis.hpp"

#include "wording.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

namespace memo::sim {
namespace {

/// In all its digits, where there is room for them.
std::string exact(double size) {
    constexpr double long_number = 1e7;
    return size < long_number ? grouped(static_cast<std::uint64_t>(size)) : brief(size);
}

}  // namespace

axis ratio_axis(double least, double most) {
    constexpr double most_steps = 6;
    double step = 0.2;
    for (double const finer : {0.1, 0.05, 0.02, 0.01})
        if ((most - least) / finer <= most_steps - 1)
            step = finer;
    auto const first = std::floor(least / step);
    auto const last = std::max(first + 2, std::ceil(most / step));
    auto const top = std::min(last, std::round(1 / step));
    axis scale{std::min(first, top - 2) * step, top * step, {}};
    for (auto at = std::min(first, top - 2); at <= top; ++at)
        scale.ticks.push_back({at * step, fixed(at * step * 100, 0) + " %"});
    return scale;
}

axis size_axis(double smallest, double largest) {
    constexpr double margin = 0.04;
    constexpr double one_size = 0.5;
    auto const first = std::log10(smallest);
    auto const last = std::log10(largest);
    auto const beside = std::max(margin * (last - first), last == first ? one_size : 0);
    axis scale{first - beside, last + beside, {}};
    constexpr double few = 2.2;
    constexpr double most_labels = 10;
    auto const decades = scale.high - scale.low;
    bool const dense = decades < few;
    auto const apart = std::ceil(decades / most_labels);
    for (auto decade = std::floor(scale.low); decade <= scale.high; ++decade) {
        for (double const times : {1., 2., 5.}) {
            auto const size = times * std::pow(10, decade);
            auto const at = std::log10(size);
            if (at >= scale.low && at <= scale.high && size >= 1)
                scale.ticks.push_back({at, dense || (times == 1 && std::fmod(decade, apart) == 0) ? brief(size) : ""});
        }
    }
    if (scale.ticks.size() < 2)
        scale.ticks = {{first, exact(smallest)}, {last, exact(largest)}};
    return scale;
}

double share_of(axis const& scale, double number) noexcept { return (number - scale.low) / (scale.high - scale.low); }

}  // namespace memo::sim
