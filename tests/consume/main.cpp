#include <memo/cache.hpp>
#include <memo/memo.hpp>
#include <memo/open.hpp>

#include <cstdint>
#include <cstdio>

int main() {
    auto fibonacci = memo::recursive<std::uint64_t(int)>([](auto& self, int n) -> std::uint64_t {
        return n < 2 ? static_cast<std::uint64_t>(n) : self(n - 1) + self(n - 2);
    });
    auto const answer = fibonacci(90);
    memo::cache kept{memo::open("sqlite:consumer.db")};
    kept.set("answer", answer);
    std::printf("fibonacci(90) = %llu\n", static_cast<unsigned long long>(answer));
    return kept.get<std::uint64_t>("answer") == answer && answer == 2'880'067'194'370'816'120u ? 0 : 1;
}
