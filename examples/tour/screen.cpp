#include "screen.hpp"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace tour {
namespace {

constexpr int title_width = 20;
constexpr std::size_t bar_width = 38;

bool on_terminal() {
    static bool const answer = isatty(STDOUT_FILENO) == 1;
    return answer;
}

}  // namespace

progress::progress(std::string title, std::size_t total) : title_{std::move(title)}, total_{total} { draw(); }

void progress::advance() {
    auto const percent = ++done_ * 100 / total_;
    if (std::exchange(percent_, percent) != percent) draw();
}

seconds progress::elapsed() const { return std::chrono::steady_clock::now() - start_; }

void progress::draw() const {
    auto const quarter = percent_ > 0 && percent_ % 25 == 0;
    if (!on_terminal() && !quarter) return;
    auto const grown = percent_ * bar_width / 100;
    auto const bar = std::string(grown, '#') + std::string(bar_width - grown, '.');
    std::printf("%s  %-*s [%s] %3zu %% %6.1f s", on_terminal() ? "\r" : "", title_width, title_.c_str(), bar.c_str(),
                percent_, elapsed().count());
    if (!on_terminal() || percent_ == 100) std::printf("\n");
    std::fflush(stdout);
}

void print(std::vector<account> const& accounts) {
    std::printf("  %-*s %7s %7s %10s %8s %8s %9s\n", title_width, "", "calls", "runs", "hit ratio", "seconds", "saved",
                "speed-up");
    for (auto const& row : accounts) {
        std::printf("  %-*s %7s %7s %8.1f %% %8.2f %8.2f %7.1f x\n", title_width, row.title.c_str(),
                    grouped(row.calls).c_str(), grouped(row.runs).c_str(), 100 * row.hit_ratio, row.took.count(),
                    (row.without_memo - row.took).count(), row.without_memo / row.took);
    }
}

std::string grouped(std::size_t number) {
    auto digits = std::to_string(number);
    for (auto place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
    return digits;
}

}  // namespace tour
