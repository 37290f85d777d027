#include <memo/memo.hpp>

#include <cstdint>
#include <cstdio>

int main() {
    auto fibonacci = memo::recursive<std::uint64_t(int)>([](auto& self, int n) -> std::uint64_t {
        return n < 2 ? static_cast<std::uint64_t>(n) : self(n - 1) + self(n - 2);
    });
    auto const answer = fibonacci(90);
    std::printf("fibonacci(90) = %llu\n", static_cast<unsigned long long>(answer));
    return answer == 2'880'067'194'370'816'120u ? 0 : 1;
}
