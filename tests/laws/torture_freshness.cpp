#include "laws/oracle.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <iostream>

namespace {

void print(char const* name, laws::findings const& found) {
    auto const seconds = std::chrono::duration<double>{found.took}.count();
    std::cout << std::left << std::setw(64) << name << std::right << std::fixed << std::setprecision(2) << std::setw(14)
              << found.reads << " reads " << std::setw(8) << static_cast<double>(found.reads) / seconds / 1e6 << " M/s "
              << std::setw(11) << found.runs << " runs " << std::setw(10) << found.changes << " changes " << std::setw(9)
              << found.aged << " old by age " << std::setw(6) << found.outdated << " outdated " << std::setw(4) << found.broken
              << " broken";
    if (found.outdated != 0)
        std::cout << ", the first after " << std::chrono::duration<double, std::milli>{found.first_after}.count() << " ms";
    std::cout << std::endl;
}

}  // namespace

/// torture_freshness <reads>, or <seconds>s: so many checked reads, or reads for so long. Exits 1 when any is outdated or broken.
int main(int count, char** words) {
    char* rest = nullptr;
    auto const amount = count == 2 ? std::strtoull(words[1], &rest, 10) : 0;
    bool const timed = rest != nullptr && *rest == 's';
    if (amount == 0 || *(rest + timed) != '\0') {
        std::cerr << "torture freshness: how long? Write a number of reads, or of seconds: 1000000000, 10s\n";
        return 2;
    }
    laws::campaign how;
    how.reads = timed ? UINT64_MAX : amount / laws::fields.size() + 1;
    if (timed)
        how.at_most = std::chrono::nanoseconds{std::chrono::seconds{amount}} / laws::fields.size();
    laws::findings all;
    for (auto const& field : laws::fields) {
        auto const found = field.search(how);
        print(field.name, found);
        all += found;
    }
    print("all", all);
    return all.outdated == 0 && all.broken == 0 ? 0 : 1;
}
