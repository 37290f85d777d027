// cache_put fills entries with the result of the call.
#include <memo/memo.hpp>

#include <chrono>
#include <memory>
#include <string>

using namespace std::chrono_literals;

std::string describe(int id);
std::string change(int id);
std::string take(int id, std::unique_ptr<int> owned);
void drop(int id);
int count(int id);

auto const get = memo::cached(describe, memo::key<"text:{0}">);

int main() {
#if MEMO_WRONG == 1
    // error: memo::cache_put: there is nothing to fill
    auto wrong = memo::cache_put(change);
    std::string text = wrong(7);
#elif MEMO_WRONG == 2
    // error: memo::cache_put: the function returns void, there is nothing to put
    auto wrong = memo::cache_put(drop, memo::entry(get));
    wrong(7);
#elif MEMO_WRONG == 3
    // error: memo::cache_put: the result cannot become the wrapper's result
    auto wrong = memo::cache_put(count, memo::entry(get));
    int number = wrong(7);
#elif MEMO_WRONG == 4
    // error: memo::cache_put: before the call there is no result to put
    auto wrong = memo::cache_put(change, memo::entry(get), memo::before);
#elif MEMO_WRONG == 5
    // error: memo::cache_put: it fills entries of wrappers and takes nothing else
    auto wrong = memo::cache_put(change, memo::key<"text:{0}">);
#elif MEMO_WRONG == 6
    // error: memo::cache_put: it fills entries of wrappers and takes nothing else
    auto wrong = memo::cache_put(change, memo::entry(get), memo::ttl(5min));
#elif MEMO_WRONG == 7
    // error: memo::cache_put: something stands among the targets that is none
    auto wrong = memo::cache_put(change, get);
#elif MEMO_WRONG == 8
    // error: memo::cache_put: what is wrapped cannot be called
    auto wrong = memo::cache_put(7, memo::entry(get));
#elif MEMO_WRONG == 9
    // error: memo::entry: this is no wrapper of memo's
    auto wrong = memo::cache_put(change, memo::entry(describe));
#elif MEMO_WRONG == 10
    // error: memo::entry: the function takes the result, and an argument cannot be copied to be kept until then
    auto wrong = memo::cache_put(take, memo::entry(get, [](std::string const& text, int, std::unique_ptr<int> const&) {
                                     return std::stoi(text);
                                 }));
    std::string text = wrong(7, nullptr);
#else
    auto right = memo::cache_put(change, memo::entry(get));
    auto by_result =
        memo::cache_put(change, memo::entry(get, [](std::string const& text, int) { return std::stoi(text); }));
    auto by_arguments = memo::cache_put(take, memo::entry(get, [](int id, std::unique_ptr<int> const&) { return id; }));
    return static_cast<int>((by_arguments(7, nullptr) + right(7) + by_result(7)).size());
#endif
}
