// A lifetime is a duration, or a function of the result that returns one.
#include <memo/memo.hpp>

#include <chrono>
#include <memory>
#include <string>

using namespace std::chrono_literals;

std::string describe(int id);
std::string take(int id, std::unique_ptr<int> owned);
std::string look_at(int id, std::unique_ptr<int> const& owned);

int main() {
#if MEMO_WRONG == 1
    // error: memo::ttl: a bare number has no unit
    auto wrong = memo::cached(describe, memo::ttl(300));
    std::string text = wrong(7);
    bool there = wrong.peek(7).has_value() && wrong.contains(7) && wrong.evict(7).confirmed();
#elif MEMO_WRONG == 2
    // error: memo::ttl: a bare number has no unit
    auto wrong = memo::cached(describe, memo::ttl(0.5));
#elif MEMO_WRONG == 3
    // error: memo::ttl: the function takes the arguments only
    auto wrong = memo::cached(describe, memo::ttl([](int id) { return id > 0 ? 5min : 1min; }));
#elif MEMO_WRONG == 4
    // error: memo::ttl: the function cannot be called with (result) nor with (result, args...)
    auto wrong = memo::cached(describe, memo::ttl([](std::string const&, std::string const&) { return 5min; }));
#elif MEMO_WRONG == 5
    // error: memo::ttl: the function returns no duration
    auto wrong = memo::cached(describe, memo::ttl([](std::string const& text) { return text.size(); }));
#elif MEMO_WRONG == 6
    // error: memo::ttl: this is no lifetime
    auto wrong = memo::cached(describe, memo::ttl("5min"));
#elif MEMO_WRONG == 7
    // error: memo::idle: a bare number has no unit
    auto wrong = memo::cached(describe, memo::idle(60));
#elif MEMO_WRONG == 8
    // error: memo::idle: this is no duration
    auto wrong = memo::cached(describe, memo::idle("1min"));
#elif MEMO_WRONG == 9
    // error: memo::cleanup_interval: a bare number has no unit
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::cleanup_interval(30));
#elif MEMO_WRONG == 10
    // error: memo::cleanup_interval: this is no duration
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::cleanup_interval("30s"));
#elif MEMO_WRONG == 11
    // error: memo::jitter: there is no lifetime to spread
    auto wrong = memo::cached(describe, memo::jitter(0.1));
#elif MEMO_WRONG == 12
    // error: memo::jitter: there is no lifetime to spread
    auto wrong = memo::cached(describe, memo::ttl(memo::forever), memo::jitter(0.1));
#elif MEMO_WRONG == 13
    // error: memo::jitter: this is no fraction
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::jitter(10s));
#elif MEMO_WRONG == 14
    // error: memo::ttl: a parameter is taken by value and only moves, the function would see it used up
    auto wrong =
        memo::cached(take, memo::args<0>, memo::ttl([](std::string const&, int, std::unique_ptr<int> const& owned) {
                         return owned == nullptr ? 1min : 5min;
                     }));
    std::string text = wrong(7, nullptr);
#elif MEMO_WRONG == 15
    // error: memo::ttl: this is no lifetime
    auto wrong = memo::cached(describe, memo::ttl());
#elif MEMO_WRONG == 16
    // error: memo::idle: this is no duration
    auto wrong = memo::cached(describe, memo::idle());
#elif MEMO_WRONG == 17
    // error: memo::jitter: this is no fraction
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::jitter());
#elif MEMO_WRONG == 18
    // error: memo::cleanup_interval: this is no duration
    auto wrong = memo::cached(describe, memo::cleanup_interval());
#else
    auto by_view =
        memo::cached(look_at, memo::args<0>, memo::ttl([](std::string const&, int, std::unique_ptr<int> const& owned) {
                         return owned == nullptr ? 1min : 5min;
                     }));
    auto by_duration =
        memo::cached(describe, memo::ttl(300s), memo::idle(1min), memo::cleanup_interval(30s), memo::jitter(0.1));
    auto by_result =
        memo::cached(describe, memo::ttl([](std::string const& text) { return text.empty() ? 1min : 5min; }));
    auto by_both = memo::cached(describe, memo::ttl([](std::string const&, int id) { return id > 0 ? 5min : 1min; }));
    auto endless = memo::cached(describe, memo::ttl(memo::forever));
    return static_cast<int>((by_duration(7) + by_result(7) + by_both(7) + endless(7) + by_view(7, nullptr)).size());
#endif
}
