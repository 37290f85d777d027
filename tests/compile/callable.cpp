// What is wrapped can be called, and it is known how.
#include <memo/memo.hpp>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

std::string describe(int id);
std::string describe_all(int first, int last);
double area(double side);
double area(double width, double height);
int printed(char const* format, ...);

struct parser {
    int operator()(std::string const& text) const;
    int operator()(int number) const;
};

struct settings {
    int depth = 3;
};

int main() {
#if MEMO_WRONG == 1
    // error: memo::cached: what is wrapped cannot be called
    auto wrong = memo::cached(5);
#elif MEMO_WRONG == 2
    // error: memo::cached: what is wrapped cannot be called
    auto wrong = memo::cached(settings{}, memo::ttl(5min));
#elif MEMO_WRONG == 3
    // error: memo::signature: the name means several functions
    auto wrong = memo::cached(area);
#elif MEMO_WRONG == 4
    // error: memo::signature: the name means several functions
    auto wrong = memo::cached(area, memo::ttl(5min), memo::max_size(100));
    double one = wrong(2.0);
#elif MEMO_WRONG == 5
    // error: memo::signature: a generic or overloaded call operator has no signature of its own
    auto wrong = memo::cached([](auto const& text) { return text.size(); }, memo::max_size(100));
    std::size_t size = wrong(std::string{"seven"});
#elif MEMO_WRONG == 6
    // error: memo::signature: a generic or overloaded call operator has no signature of its own
    auto wrong = memo::cached(parser{});
    int number = wrong("7") + *wrong.peek(7);
#elif MEMO_WRONG == 7
    // error: memo::signature: this is no function type
    auto wrong = memo::cached(parser{}, memo::signature<int>);
#elif MEMO_WRONG == 8
    // error: memo::signature: the function cannot be called with these parameters, or returns something else
    auto wrong = memo::cached(describe, memo::signature<std::string(std::string)>);
    std::string text = wrong("7");
#elif MEMO_WRONG == 9
    // error: memo::signature: C variadic arguments, or && or volatile behind the parameters, leave no usable signature
    auto wrong = memo::cached(printed);
#elif MEMO_WRONG == 10
    // error: memo::cached: an option stands where the function belongs
    auto wrong = memo::cached(memo::ttl(5min), describe);
    std::string text = wrong(7);
#elif MEMO_WRONG == 11
    // error: memo::cached: a duration stands among the options and does not say what it is
    auto wrong = memo::cached(describe, 5min);
    std::string text = wrong(7);
#elif MEMO_WRONG == 12
    // error: memo::cached: something stands among the options that is none
    auto wrong = memo::cached(describe, 1000);
    std::string text = wrong(7);
#elif MEMO_WRONG == 13
    // error: memo::cached: something stands among the options that is none
    auto wrong = memo::cached(describe, describe_all);
#elif MEMO_WRONG == 14
    // error: memo::signature: the name means several functions
    auto wrong = memo::cached(describe, memo::ttl(5min), memo::early_expiration);
#else
    auto plain = memo::cached(describe);
    auto chosen = memo::cached(area, memo::signature<double(double)>, memo::ttl(5min), memo::max_size(100));
    auto generic =
        memo::cached([](auto const& text) { return text.size(); }, memo::signature<std::size_t(std::string const&)>);
    auto functor = memo::cached(parser{}, memo::signature<int(std::string const&)>);
    auto wrapped = memo::cached([](char const* text) { return printed("%s", text); });
    return static_cast<int>(plain(7).size()) + static_cast<int>(chosen(2.0)) + static_cast<int>(generic("seven")) +
           functor("7") + wrapped("7");
#endif
}
