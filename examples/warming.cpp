#include <memo/memo.hpp>

#include <cstddef>
#include <iostream>
#include <numeric>
#include <vector>

namespace {

long collatz_steps(long start) {
    long steps = 0;
    for (long n = start; n != 1; ++steps)
        n = n % 2 == 0 ? n / 2 : 3 * n + 1;
    return steps;
}

}  // namespace

int main() {
    auto steps = memo::cached(collatz_steps);
    std::vector<long> numbers(1'000);
    std::iota(numbers.begin(), numbers.end(), 1L);

    std::size_t told = 0;
    auto progress = [&](std::size_t done, std::size_t total) {
        if (done % 250 == 0)
            std::cout << done << " of " << total << " are ready\n";
        told = done;
    };
    steps.warm(numbers, progress, {.parallelism = 4});  // this thread, and up to three that the executor lends

    steps(27);  // a hit
    return told == 1'000 && steps.stats().runs == 1'000 && steps.stats().hits == 1 ? 0 : 1;
}
