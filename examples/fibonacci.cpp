#include <memo/memo.hpp>

#include <cstdint>
#include <iostream>

namespace {

std::uint64_t rabbits(unsigned month) { return month < 2 ? month : rabbits(month - 1) + rabbits(month - 2); }

}  // namespace

int main() {
    auto remembered = memo::cached(rabbits);
    remembered(30);  // runs: a million calls of rabbits
    remembered(30);  // is remembered

    auto fibonacci = memo::recursive<std::uint64_t(unsigned)>([](auto& self, unsigned n) -> std::uint64_t {
        if (n < 2) return n;
        return self(n - 1) + self(n - 2);
    });
    fibonacci(90);  // 91 runs, one for each n from 90 down to 0

    std::cout << "rabbits(30) = " << remembered(30) << ", runs: " << remembered.stats().runs << '\n'
              << "fibonacci(90) = " << fibonacci(90) << ", runs: " << fibonacci.stats().runs << '\n';
    return remembered.stats().runs == 1 && fibonacci.stats().runs == 91 ? 0 : 1;
}
