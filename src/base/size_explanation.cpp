#include <memo/base/size_explanation.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>

namespace memo {

namespace {

constexpr double worth_telling = 0.01;
constexpr std::array<std::string_view, size_explanation::times.size()> sizes{
    "an eighth of the size", "a quarter of the size", "half the size", "the size", "twice the size", "four times the size",
    "eight times the size"};

long percent(size_point const& at) { return std::lround(100 * at.hit_ratio); }

}  // namespace

std::ostream& operator<<(std::ostream& out, size_explanation const& told) {
    if (!told.known())
        return out << told.why;
    auto const& now = told.points[told.present];
    for (auto larger = told.present + 1; larger != told.points.size(); ++larger) {
        auto const& then = told.points[larger];
        if (then.hit_ratio - now.hit_ratio < worth_telling)
            continue;
        out << sizes[larger] << " would raise the hit ratio from " << percent(now) << " % to " << percent(then) << " %";
        auto const saved = std::round(10 * (then.seconds_saved - now.seconds_saved)) / 10;
        if (saved > 0)
            out << " and save " << saved << " s a minute";
        return out;
    }
    out << "a larger cache would gain nothing, the hit ratio is " << percent(now) << " %; ";
    for (std::size_t smaller = 0; smaller != told.present; ++smaller)
        if (now.hit_ratio - told.points[smaller].hit_ratio < worth_telling)
            return out << sizes[smaller] << " would do";
    auto const half = told.present - 1;
    return out << sizes[half] << " would lower it to " << percent(told.points[half]) << " %";
}

std::string size_explanation::text() const {
    std::ostringstream out;
    out << *this;
    return std::move(out).str();
}

}  // namespace memo
