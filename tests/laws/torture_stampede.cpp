#include "laws/stampede.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>

/// torture_stampede <threads>: how many runs so many callers of one cold key make. Exits 1 unless it is one.
int main(int count, char** words) {
    if (count != 2 || std::atoi(words[1]) < 1) {
        std::cerr << "torture stampede: how many threads? Write a number above 0\n";
        return 2;
    }
    auto const callers = std::strtoull(words[1], nullptr, 10);
    auto const seen = laws::stampede(callers, 1);
    std::cout << callers << " callers, " << seen.runs << " runs, " << seen.answers << " right answers, "
              << std::chrono::duration<double, std::milli>{seen.took}.count() << " ms\n";
    return seen.runs == 1 && seen.answers == callers ? 0 : 1;
}
