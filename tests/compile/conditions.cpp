// unless judges the result, only_if the arguments.
#include <memo/memo.hpp>

#include <memory>
#include <string>

std::string describe(int id);
std::string take(int id, std::unique_ptr<int> owned);
std::string look_at(int id, std::unique_ptr<int> const& owned);

int main() {
#if MEMO_WRONG == 1
    // error: memo::unless: the predicate takes the arguments
    auto wrong = memo::cached(describe, memo::unless([](int id) { return id == 0; }));
    std::string text = wrong(7);
#elif MEMO_WRONG == 2
    // error: memo::unless: the predicate cannot be called with (result) nor with (result, args...)
    auto wrong = memo::cached(describe, memo::unless(true));
#elif MEMO_WRONG == 3
    // error: memo::unless: the predicate cannot be called with (result) nor with (result, args...)
    auto wrong = memo::cached(describe, memo::unless([](std::string& text) { return text.empty(); }));
#elif MEMO_WRONG == 4
    // error: memo::unless: the predicate answers neither yes nor no
    auto wrong = memo::cached(describe, memo::unless([](std::string const& text) { return text; }));
#elif MEMO_WRONG == 5
    // error: memo::only_if: the predicate takes the result
    auto wrong = memo::cached(describe, memo::only_if([](std::string const& text) { return !text.empty(); }));
    std::string text = wrong(7);
#elif MEMO_WRONG == 6
    // error: memo::only_if: the predicate cannot be called with the arguments
    auto wrong = memo::cached(describe, memo::only_if([](int, int) { return true; }));
#elif MEMO_WRONG == 7
    // error: memo::only_if: the predicate answers neither yes nor no
    auto wrong = memo::cached(describe, memo::only_if([](int) {}));
#elif MEMO_WRONG == 8
    // error: memo::unless: a parameter is taken by value and only moves, the predicate would see it used up
    auto wrong = memo::cached(
        take, memo::args<0>,
        memo::unless([](std::string const&, int, std::unique_ptr<int> const& owned) { return owned == nullptr; }));
    std::string text = wrong(7, nullptr);
#else
    auto by_view = memo::cached(
        look_at, memo::args<0>,
        memo::unless([](std::string const&, int, std::unique_ptr<int> const& owned) { return owned == nullptr; }));
    auto result_alone =
        memo::cached(take, memo::args<0>, memo::unless([](std::string const& text) { return text.empty(); }));
    auto by_result = memo::cached(describe, memo::unless([](std::string const& text) { return text.empty(); }));
    auto by_both = memo::cached(describe, memo::unless([](std::string const&, int id) { return id == 0; }),
                                memo::only_if([](int id) { return id > 0; }));
    return static_cast<int>((by_result(7) + by_both(7) + by_view(7, nullptr) + result_alone(7, nullptr)).size());
#endif
}
