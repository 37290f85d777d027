#include <memo/call/verdict_words.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <concepts>
#include <string>

namespace {

using namespace memo::detail;

using signature = double(int, std::string const&);

constexpr auto of_result = [](double) { return 'r'; };
constexpr auto of_both = [](double, int, std::string const&) { return true; };
constexpr auto of_arguments = [](int, std::string const&) { return 7; };

}  // namespace

TEST_CASE("words: the value of an option is found by its kind") {
    using options = types<max_size_option<int>, ttl_option<long>>;
    static_assert([]<class... Option>(types<Option...>) {
        return std::same_as<value_of<option_kind::ttl, Option...>, long> &&
               !given<value_of<option_kind::idle, Option...>> && has_option<option_kind::max_size, Option...> &&
               !has_option<option_kind::idle, Option...>;
    }(options{}));
}

TEST_CASE("words: numbers are neither bools nor letters") {
    static_assert(whole_number<long> && number<float>);
    static_assert(!whole_number<bool> && !whole_number<char> && !whole_number<double>);
}

TEST_CASE("words: a function of the result is told from a function of the arguments") {
    static_assert(asks_result<decltype(of_result), signature> && !asks_arguments<decltype(of_result), signature>);
    static_assert(asks_result<decltype(of_both), signature> && !asks_arguments<decltype(of_both), signature>);
    static_assert(!asks_result<decltype(of_arguments), signature> && asks_arguments<decltype(of_arguments), signature>);
    static_assert(std::same_as<answer_of<decltype(of_result), signature>, char>);
    static_assert(std::same_as<answer_of<decltype(of_both), signature>, bool>);
    static_assert(std::same_as<argument_answer_of<decltype(of_arguments), signature>, int>);
}

TEST_CASE("words: arguments are shown as constants") {
    constexpr auto greedy = [](int, std::string&) { return true; };
    static_assert(!asks_arguments<decltype(greedy), signature>);
}
