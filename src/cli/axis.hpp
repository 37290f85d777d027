#pragma once

#include <string>
#include <vector>

namespace memo::sim {

struct tick {
    double at;
    std::string label;  ///< empty for a line without a name
};

/// A scale from numbers to a share of its length, 0 to 1, and where its lines stand.
struct axis {
    double low;
    double high;
    std::vector<tick> ticks;
};

/// Whole steps of 0.01, 0.02, 0.05, 0.1 or 0.2 around the ratios, within 0 and 1; labels in percent.
axis ratio_axis(double least, double most);

/// Decimal logarithms of sizes, with lines at 1, 2 and 5 times the powers of ten; labels of sizes. Few decades have all of these,
/// many have ten at most. Where fewer than two lines would stand, they stand at both ends.
axis size_axis(double smallest, double largest);

/// Where a number stands on the axis; in between its ends, 0 to 1.
double share_of(axis const& scale, double number) noexcept;

}  // namespace memo::sim
