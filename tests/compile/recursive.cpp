// A recursive function takes itself and then its arguments.
#include <memo/memo.hpp>

#include <chrono>

using namespace std::chrono_literals;

int main() {
#if MEMO_WRONG == 1
    // error: memo::recursive: the function does not take itself
    auto wrong = memo::recursive<long(int)>([](int n) -> long { return n; });
    long sum = wrong(7);
#elif MEMO_WRONG == 2
    // error: memo::recursive: the function does not take self and then the arguments of the signature
    auto wrong = memo::recursive<long(int)>([](int, int, int) -> long { return 7; });
#elif MEMO_WRONG == 3
    // error: memo::recursive: its argument is no function type
    auto wrong = memo::recursive<long>([](auto& self, int n) -> long { return n < 2 ? n : self(n - 1); });
#elif MEMO_WRONG == 4
    // error: memo::recursive: what is wrapped cannot be called
    auto wrong = memo::recursive<long(int)>(7);
#elif MEMO_WRONG == 5
    // error: memo::ttl: a bare number has no unit
    auto wrong =
        memo::recursive<long(int)>([](auto& self, int n) -> long { return n < 2 ? n : self(n - 1); }, memo::ttl(5));
    long sum = wrong(7);
#elif MEMO_WRONG == 6
    // error: memo::cached: the function returns void, there is nothing to store
    auto wrong = memo::recursive<void(int)>([](auto& self, int n) -> void { self(n - 1); });
#else
    auto right = memo::recursive<long(int)>(
        [](auto& self, int n) -> long { return n < 2 ? n : self(n - 1) + self(n - 2); }, memo::ttl(5min));
    return static_cast<int>(right(7));
#endif
}
