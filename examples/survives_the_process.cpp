#include <memo/memo.hpp>
#include <memo/open.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

namespace {

int runs = 0;

long collatz_steps(long start) {
    ++runs;
    long steps = 0;
    for (long n = start; n != 1; ++steps)
        n = n % 2 == 0 ? n / 2 : 3 * n + 1;
    return steps;
}

/// Returns: how often the function ran.
int work(std::string const& file) {
    auto steps = memo::cached(collatz_steps, memo::name("collatz.steps"), memo::store(memo::open("sqlite:" + file)));

    for (long n = 1; n <= 1'000; ++n)
        steps(n);
    std::cout << "ran " << runs << " times, the longest way has " << steps(871) << " steps\n";
    return runs;
}

}  // namespace

int main(int count, char** words) {
    if (count == 2)  // the second process
        return work(words[1]) == 0 ? 0 : 1;

    auto folder = (std::filesystem::temp_directory_path() / "memo-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr)
        return 1;
    auto const file = folder + "/steps.db";
    bool const first = work(file) == 1'000;
    std::cout.flush();
    bool const second = std::system(("'" + std::string{words[0]} + "' '" + file + "'").c_str()) == 0;
    std::filesystem::remove_all(folder);
    return first && second ? 0 : 1;
}
