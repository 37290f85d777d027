// Options without a value to give are no functions.
#include <memo/memo.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

std::string describe(int id);
void change(int id);

class service {
    std::string load(int id) const;

#if MEMO_WRONG == 1
    // error: memo::cached_method: any_instance or each_instance is called and is no function
    inline static auto load_ = memo::cached_method(&service::load, memo::any_instance());
#elif MEMO_WRONG == 2
    // error: memo::no_stats: it is called and is no function
    inline static auto load_ = memo::cached_method(&service::load, memo::each_instance, memo::no_stats());
#else
    inline static auto load_ = memo::cached_method(&service::load, memo::any_instance, memo::no_stats);
    friend int main();
#endif
};

int main() {
#if MEMO_WRONG == 3
    // error: memo::unbounded: it is called and is no function
    auto wrong = memo::cached(describe, memo::unbounded());
    std::string text = wrong(7);
#elif MEMO_WRONG == 4
    // error: memo::no_stats: it is called and is no function
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::no_stats());
#elif MEMO_WRONG == 5
    // error: memo::shared: it is called and is no function
    auto wrong = memo::cached(describe, memo::shared());
#elif MEMO_WRONG == 6
    // error: memo::coalesce: it, or no_coalesce, is called and is no function
    auto wrong = memo::cached(describe, memo::no_coalesce(true));
#elif MEMO_WRONG == 7
    // error: memo::trust_lifetime: it is called and is no function
    auto wrong = memo::cached(describe, memo::trust_lifetime());
#elif MEMO_WRONG == 8
    // error: memo::key: it is called and is no function
    auto wrong = memo::cached(describe, memo::key<"text:{0}">(7));
#elif MEMO_WRONG == 9
    // error: memo::tags: it is called and is no function
    auto wrong = memo::cached(describe, memo::tags<"texts">());
#elif MEMO_WRONG == 10
    // error: memo::args: it is called and is no function
    auto wrong = memo::cached(describe, memo::args<0>());
#elif MEMO_WRONG == 11
    // error: memo::ignore: it is called and is no function
    auto wrong = memo::recursive<int(int, int)>(
        [](auto& self, int n, int depth) -> int { return n < 2 ? n : self(n - 1, depth + 1); }, memo::ignore<1>());
#elif MEMO_WRONG == 12
    // error: memo::signature: it is called and is no function
    auto wrong = memo::cached([](auto number) { return number; }, memo::signature<int(int)>());
#elif MEMO_WRONG == 13
    // error: memo::before: it is called and is no function
    auto wrong = memo::cache_evict(change, memo::key<"text:{0}">, memo::before());
    wrong(7);
#elif MEMO_WRONG == 14
    // error: memo::pattern: it is called and is no function
    auto wrong = memo::cache_evict(change, memo::pattern<"text:*">());
    wrong(7);
#elif MEMO_WRONG == 15
    // error: memo::cost_aware: it is called and is no function
    auto wrong = memo::cached(describe, memo::cost_aware());
#else
    auto right = memo::cached(describe, memo::ttl(5min), memo::cost_aware, memo::unbounded, memo::no_stats, memo::no_coalesce,
                              memo::key<"text:{0}">, memo::tags<"texts">);
    auto pointer = memo::cached(describe, memo::args<0>, memo::shared, memo::trust_lifetime);
    auto generic = memo::cached([](auto number) { return number; }, memo::signature<int(int)>);
    auto evicting = memo::cache_evict(change, memo::key<"text:{0}">, memo::pattern<"text:*">, memo::before);
    evicting(7);
    service one;
    return generic(7) + static_cast<int>((right(7) + *pointer(7) + service::load_(one, 7)).size());
#endif
}
