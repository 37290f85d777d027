#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace tour {

using seconds = std::chrono::duration<double>;

/// A bar that grows while work is done: one line that is written over on a terminal, a line per quarter elsewhere.
class progress {
public:
    progress(std::string title, std::size_t total);

    void advance();

    /// Since the bar was made.
    seconds elapsed() const;

private:
    void draw() const;

    std::string title_;
    std::size_t total_;
    std::size_t done_ = 0;
    std::size_t percent_ = 0;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// What one way through the text cost.
struct account {
    std::string title;
    std::size_t calls = 0;
    std::size_t runs = 0;
    double hit_ratio = 0;
    seconds took{};
    seconds without_memo{};  ///< what the same took without it
};

void print(std::vector<account> const& accounts);

/// `12345` as `12,345`.
std::string grouped(std::size_t number);

}  // namespace tour
