#pragma once

#include "policies.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace memo::sim {

/// A rectangle of a picture, in pixels from its upper left corner.
struct frame {
    double left;
    double top;
    double width;
    double height;
};

/// Curves of one trace over the sizes.
struct panel {
    struct line {
        policy const* by;
        std::vector<double> ratios;  ///< one for each size, 0 to 1
    };

    std::string title;
    std::string below_title;
    std::vector<std::size_t> sizes;
    std::vector<line> lines;
    bool is_bounded = true;  ///< nobody gets above who sees the future
};

/// As an SVG group.
std::string draw(panel const& what, frame const& where);

/// The piece of a curve that stands before its name in the legend.
std::string draw_sample(policy const& of, double x, double y);

inline constexpr double sample_width = 26;

/// A text for XML.
std::string escaped(std::string_view text);

}  // namespace memo::sim
