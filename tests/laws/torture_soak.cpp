#include <memo/memo.hpp>

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t bound = 16U << 20;
constexpr unsigned writers = 16;
constexpr std::uint64_t keys = 1'000'000;

/// A text that tells of what it was made of: from some bytes to some thousands.
std::string text_of(std::uint64_t key) {
    auto const size = 16 + (key * 0x9E3779B97F4A7C15 >> 53);
    std::string made = std::to_string(key) + ":";
    made.resize(std::max<std::size_t>(made.size(), size), static_cast<char>('a' + key % 26));
    return made;
}

/// What this process holds of the machine's memory, in bytes.
std::size_t resident() {
    std::ifstream statm{"/proc/self/statm"};
    std::size_t pages = 0;
    statm >> pages >> pages;
    return pages * 4096;
}

}  // namespace

/// torture_soak <seconds>: 16 threads call, set, touch and evict over far more texts than 16 MiB hold. Exits 1 when a text is not that
/// of its key, when more is counted than the bound, or when the process holds more at the end than when the cache was full first.
int main(int count, char** words) {
    if (count != 2 || std::atoi(words[1]) < 1) {
        std::cerr << "torture soak: for how many seconds? Write a number above 0\n";
        return 2;
    }
    mallopt(M_ARENA_MAX, 1);  // of several each keeps what its threads wrote in a turn on a busy processor, and that is not memo's
    auto cached = memo::cached(text_of, memo::max_bytes(bound), memo::ttl(std::chrono::seconds{5}));
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> calls{0};
    std::atomic<std::uint64_t> wrong{0};
    std::vector<std::thread> crew;
    for (unsigned one = 0; one != writers; ++one)
        crew.emplace_back([&, one] {
            std::minstd_rand chance{one + 1};
            while (!done) {
                auto const key = std::uint64_t{chance()} * chance() % (chance() % 2 == 0 ? keys : keys / 100);
                switch (chance() % 32) {
                    case 0: cached.set(text_of(key), key); break;
                    case 1: static_cast<void>(cached.evict(key)); break;
                    case 2: cached.touch(std::chrono::seconds{7}, key); break;
                    default: wrong += cached(key) != text_of(key);
                }
                ++calls;
            }
        });
    std::mutex nobody;
    std::condition_variable pause;
    std::unique_lock waiting{nobody};
    auto const seconds = std::strtoull(words[1], nullptr, 10);
    auto const step = std::chrono::duration<double>{static_cast<double>(seconds) / 20};
    for (int part = 0; part != 600 && cached.memory_usage() < bound / 10 * 9; ++part)
        pause.wait_for(waiting, std::chrono::milliseconds{50});
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t most = 0;
    for (int part = 1; part <= 20; ++part) {
        pause.wait_for(waiting, step);
        most = std::max(most, cached.memory_usage());
        last = resident();
        if (part <= 5)
            first = std::max(first, last);
    }
    done = true;
    for (auto& one : crew)
        one.join();
    auto const mib = [](std::size_t bytes) { return static_cast<double>(bytes) / (1U << 20); };
    std::cout << calls << " calls, " << wrong << " wrong; at most " << mib(most) << " MiB counted of " << mib(bound)
              << "; resident " << mib(first) << " MiB when it was full first, " << mib(last) << " at the end\n";
    bool const grew = last > first + first / 4 + bound / 2;  // malloc keeps what waited once for a reader who lost the processor
    return wrong == 0 && most <= bound + bound / 8 && !grew ? 0 : 1;
}
