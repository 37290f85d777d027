#include "panel.hpp"

#include "axis.hpp"
#include "wording.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace memo::sim {
namespace {

std::string pixel(double number) { return fixed(number, 1); }

std::string attribute(std::string_view name, std::string_view value) { return ' ' + std::string{name} + "=\"" + std::string{value} + '"'; }

std::string text(std::string_view kind, double x, double y, std::string_view words) {
    return "<text" + attribute("class", kind) + attribute("x", pixel(x)) + attribute("y", pixel(y)) + '>' + escaped(words) + "</text>\n";
}

std::string stroke(std::string_view kind, double from_x, double from_y, double to_x, double to_y) {
    return "<path" + attribute("class", kind) + " d=\"M" + pixel(from_x) + ' ' + pixel(from_y) + 'L' + pixel(to_x) + ' ' + pixel(to_y) +
           "\"/>\n";
}

struct point {
    double x;
    double y;
};

std::string path_through(std::vector<point> const& points) {
    std::string path;
    for (auto const& at : points)
        path += (path.empty() ? 'M' : 'L') + pixel(at.x) + ' ' + pixel(at.y);
    return path;
}

std::string_view kind_of(policy const& one) { return one.sees_the_future ? "future" : one.stands_out ? "strong curve" : "curve"; }

/// A panel with its scales in its place.
class drawing {
public:
    drawing(panel const& what, frame const& where)
        : what_{what},
          inner_{where.left + 52, where.top + 46, where.width - 52 - 14, where.height - 46 - 44},
          sizes_{size_axis(static_cast<double>(what.sizes.front()), static_cast<double>(what.sizes.back()))},
          ratios_{span_of_ratios(what)} {}

    [[nodiscard]] std::string draw() const {
        constexpr double letter = 10;
        auto const title = shortened(what_.title, static_cast<std::size_t>(inner_.width / letter));
        auto picture = text("panel", inner_.left, inner_.top - 24, title) + text("note", inner_.left, inner_.top - 8, what_.below_title);
        for (auto const& line : what_.lines)
            if (what_.is_bounded && line.by->sees_the_future)
                picture += out_of_reach(points_of(line));
        picture += grid();
        for (auto const& line : what_.lines)
            picture += curve(line);
        return "<g>\n" + picture + "</g>\n";
    }

private:
    static axis span_of_ratios(panel const& what) {
        double least = 1;
        double most = 0;
        for (auto const& line : what.lines) {
            auto const [low, high] = std::minmax_element(line.ratios.begin(), line.ratios.end());
            least = std::min(least, *low);
            most = std::max(most, *high);
        }
        return ratio_axis(least, most);
    }

    [[nodiscard]] double x_of(double size) const { return inner_.left + inner_.width * share_of(sizes_, std::log10(size)); }
    [[nodiscard]] double y_of(double ratio) const { return bottom() - inner_.height * share_of(ratios_, ratio); }
    [[nodiscard]] double bottom() const { return inner_.top + inner_.height; }
    [[nodiscard]] double right() const { return inner_.left + inner_.width; }

    [[nodiscard]] std::vector<point> points_of(panel::line const& line) const {
        std::vector<point> points;
        for (std::size_t at = 0; at != line.ratios.size(); ++at)
            points.push_back({x_of(static_cast<double>(what_.sizes[at])), y_of(line.ratios[at])});
        return points;
    }

    [[nodiscard]] std::string grid() const {
        std::string lines;
        for (auto const& at : ratios_.ticks) {
            auto const y = y_of(at.at);
            lines += stroke("grid", inner_.left, y, right(), y) + text("ratio", inner_.left - 8, y + 4, at.label);
        }
        for (auto const& at : sizes_.ticks) {
            auto const x = inner_.left + inner_.width * share_of(sizes_, at.at);
            lines += stroke(at.label.empty() ? "faint grid" : "grid", x, inner_.top, x, bottom());
            if (!at.label.empty())
                lines += text("size", x, bottom() + 17, at.label);
        }
        return lines + stroke("axis", inner_.left, bottom(), right(), bottom()) +
               text("axis-name", inner_.left + inner_.width / 2, bottom() + 35, "entries");
    }

    [[nodiscard]] std::string out_of_reach(std::vector<point> points) const {
        points.insert(points.begin(), {points.front().x, inner_.top});
        points.push_back({points.back().x, inner_.top});
        return "<path class=\"beyond\" d=\"" + path_through(points) + "Z\"/>\n";
    }

    [[nodiscard]] std::string curve(panel::line const& line) const {
        auto const points = points_of(line);
        auto drawn = "<path" + attribute("class", kind_of(*line.by)) + attribute("stroke", line.by->colour) + " d=\"" + path_through(points) +
                     "\"/>\n";
        for (std::size_t at = 0; at != points.size(); ++at)
            drawn += "<circle" + attribute("cx", pixel(points[at].x)) + attribute("cy", pixel(points[at].y)) +
                     attribute("r", line.by->stands_out ? "3.4" : "2.6") + attribute("fill", line.by->colour) + "><title>" +
                     escaped(line.by->name) + ", " + grouped(what_.sizes[at]) + " entries: " + fixed(line.ratios[at] * 100, 2) +
                     " %</title></circle>\n";
        return drawn;
    }

    panel const& what_;
    frame inner_;
    axis sizes_;
    axis ratios_;
};

}  // namespace

std::string draw(panel const& what, frame const& where) { return drawing{what, where}.draw(); }

std::string draw_sample(policy const& of, double x, double y) {
    return "<path" + attribute("class", kind_of(of)) + attribute("stroke", of.colour) + " d=\"" + path_through({{x, y}, {x + sample_width, y}}) +
           "\"/>\n<circle" + attribute("cx", pixel(x + sample_width / 2)) + attribute("cy", pixel(y)) + attribute("r", "3") +
           attribute("fill", of.colour) + "/>\n" + text("name", x + sample_width + 7, y + 4.5, of.name);
}

std::string escaped(std::string_view text) {
    std::string safe;
    for (char const letter : text) {
        switch (letter) {
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '&':
                safe += "&amp;";
                break;
            case '"':
                safe += "&quot;";
                break;
            default:
                safe += letter;
        }
    }
    return safe;
}

}  // namespace memo::sim
