#include "plot.hpp"

#include "panel.hpp"
#include "wording.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string_view>
#include <vector>

namespace memo::sim {
namespace {

constexpr std::string_view style = R"(<style>
text { font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; fill: #333; font-size: 12px }
.title { font-size: 20px; font-weight: 600; fill: #111 }
.panel { font-size: 14px; font-weight: 600; fill: #111 }
.note, .axis-name, .ratio, .size { fill: #777; font-size: 11px }
.name { font-size: 13px }
.ratio { text-anchor: end }
.size, .axis-name { text-anchor: middle }
path { fill: none }
.grid { stroke: #e2e2e2; stroke-width: 1 }
.faint { stroke: #f1f1f1 }
.axis { stroke: #999; stroke-width: 1 }
.curve { stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round }
.strong { stroke-width: 3.2 }
.future { stroke-width: 1.6; stroke-dasharray: 6 4 }
path.beyond { fill: #f4f4f2 }
</style>
)";

constexpr double edge = 24;
constexpr double legend_line = 24;

struct sheet {
    double width;
    std::size_t columns;
    double panel_height;
};

sheet sheet_for(std::size_t panels) {
    if (panels == 1)
        return {860, 1, 480};
    return panels <= 4 ? sheet{1000, 2, 360} : sheet{1380, 3, 330};
}

std::vector<panel::line> lines_of(study const& of, std::function<double(outcome const&)> const& ratio) {
    std::vector<panel::line> lines;
    for (auto const& one : of.curves) {
        lines.push_back({one.by, {}});
        std::transform(one.outcomes.begin(), one.outcomes.end(), std::back_inserter(lines.back().ratios), ratio);
    }
    std::stable_partition(lines.begin(), lines.end(), [](panel::line const& one) { return !one.by->stands_out; });
    return lines;
}

panel panel_of_hits(study const& of) {
    return {of.has_costs() ? of.name + ": hits" : of.name,
            brief(static_cast<double>(of.requests)) + " requests, " + brief(static_cast<double>(of.keys)) + " keys",
            of.sizes,
            lines_of(of, [&](outcome const& what) { return of.hit_ratio(what); })};
}

panel panel_of_costs(study const& of) {
    return {of.name + ": costs saved", shows_future(of) ? std::string{future_and_costs} : "", of.sizes,
            lines_of(of, [&](outcome const& what) { return of.saved_ratio(what); }), false};
}

std::vector<panel> panels_of(std::span<study const> studies) {
    std::vector<panel> panels;
    for (auto const& of : studies) {
        panels.push_back(panel_of_hits(of));
        if (of.has_costs())
            panels.push_back(panel_of_costs(of));
    }
    return panels;
}

/// Names in rows; how far down they reach.
double draw_legend(std::string& picture, std::vector<curve> const& curves, double width, double top) {
    constexpr double letter = 7.6;
    constexpr double gap = 24;
    double x = edge;
    double y = top;
    for (auto const& one : curves) {
        auto const needed = sample_width + 7 + letter * static_cast<double>(one.by->name.size());
        if (x + needed > width - edge && x > edge) {
            x = edge;
            y += legend_line;
        }
        picture += draw_sample(*one.by, x, y);
        x += needed + gap;
    }
    return y + legend_line;
}

}  // namespace

std::string plot(std::span<study const> studies) {
    auto const panels = panels_of(studies);
    auto const on = sheet_for(panels.size());
    bool const with_costs = std::any_of(studies.begin(), studies.end(), [](study const& of) { return of.has_costs(); });
    std::string_view const title = with_costs ? "Hits and costs saved, by size of the cache" : "Hit ratio, by size of the cache";

    auto picture = "<text class=\"title\" x=\"" + fixed(edge, 0) + "\" y=\"40\">" + std::string{title} + "</text>\n";
    auto const top = draw_legend(picture, studies.front().curves, on.width, 70);
    auto const panel_width = (on.width - 2 * edge) / static_cast<double>(on.columns);
    for (std::size_t at = 0; at != panels.size(); ++at)
        picture += draw(panels[at], {edge + panel_width * static_cast<double>(at % on.columns),
                                     top + on.panel_height * static_cast<double>(at / on.columns), panel_width, on.panel_height});
    auto const rows = (panels.size() + on.columns - 1) / on.columns;
    auto const size = fixed(on.width, 0) + ' ' + fixed(top + on.panel_height * static_cast<double>(rows) + edge / 2, 0);
    auto const blank = size.find(' ');
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size.substr(0, blank) + "\" height=\"" + size.substr(blank + 1) +
           "\" viewBox=\"0 0 " + size + "\" role=\"img\" aria-label=\"" + std::string{title} + "\">\n" + std::string{style} +
           "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" + picture + "</svg>\n";
}

}  // namespace memo::sim
