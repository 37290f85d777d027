#include "table.hpp"

#include "wording.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace memo::sim {
namespace {

using ratio_of = std::function<double(outcome const&)>;
using row = std::vector<std::string>;

/// The first column to the left, the others to the right.
std::string aligned(std::vector<row> const& rows) {
    std::vector<std::size_t> widths(rows.front().size());
    for (auto const& cells : rows)
        for (std::size_t at = 0; at != cells.size(); ++at)
            widths[at] = std::max(widths[at], columns(cells[at]));
    std::string text;
    for (auto const& cells : rows) {
        std::string line;
        for (std::size_t at = 0; at != cells.size(); ++at) {
            std::string const blanks(widths[at] - columns(cells[at]), ' ');
            line += at == 0 ? "  " + cells[at] + blanks : "  " + blanks + cells[at];
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

/// The greatest ratio at one size that was had without seeing the future, as it is shown.
std::string best_at(study const& of, std::size_t size, ratio_of const& ratio, std::function<std::string(double)> const& shown) {
    double best = 0;
    for (auto const& one : of.curves)
        if (!one.by->sees_the_future)
            best = std::max(best, ratio(one.outcomes[size]));
    return shown(best);
}

std::string block(study const& of, std::string_view title, ratio_of const& ratio) {
    auto const percent = [](double share) { return fixed(share * 100, 2); };
    std::vector<row> rows{{std::string{title}}, {"of the keys, %"}};
    std::vector<std::string> best;
    for (std::size_t size = 0; size != of.sizes.size(); ++size) {
        rows[0].push_back(grouped(of.sizes[size]) + " ");
        rows[1].push_back(percent(static_cast<double>(of.sizes[size]) / static_cast<double>(of.keys)) + " ");
        best.push_back(best_at(of, size, ratio, percent));
    }
    bool const compared = std::count_if(of.curves.begin(), of.curves.end(), [](curve const& one) { return !one.by->sees_the_future; }) > 1;
    for (auto const& one : of.curves) {
        row cells{std::string{one.by->name}};
        for (std::size_t size = 0; size != of.sizes.size(); ++size) {
            auto const shown = percent(ratio(one.outcomes[size]));
            bool const wins = compared && !one.by->sees_the_future && shown == best[size];
            cells.push_back(shown + (wins ? "*" : " "));
        }
        rows.push_back(std::move(cells));
    }
    return aligned(rows);
}

}  // namespace

std::string table(study const& of) {
    auto const most = 1 - static_cast<double>(of.keys) / static_cast<double>(of.requests);
    auto text = of.name + ": " + grouped(of.requests) + " requests for " + grouped(of.keys) + " keys; with room for all, " +
                fixed(most * 100, 2) + " % would be hits\n\n" +
                block(of, "hits in %, by size", [&](outcome const& what) { return of.hit_ratio(what); });
    if (of.has_costs())
        text += '\n' + block(of, "saved in %, by size", [&](outcome const& what) { return of.saved_ratio(what); });
    if (of.has_costs() && shows_future(of))
        text += "  (" + std::string{future_and_costs} + ")\n";
    return text;
}

}  // namespace memo::sim
