#include <memo/call/verdict_words.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <concepts>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace memo::detail;

using signature = double(int, std::string const&);

constexpr auto of_result = [](double) { return 'r'; };
constexpr auto of_both = [](double, int, std::string const&) { return true; };
constexpr auto of_arguments = [](int, std::string const&) { return 7; };

}  // namespace

TEST_CASE("words: the kinds in a list are known, strangers and doubles are passed over") {
    constexpr auto kinds = kinds_of<max_size_option<int>, int, ttl_option<long>, ttl_option<int>>;
    static_assert(kinds.has(option_kind::ttl) && kinds.has(option_kind::max_size));
    static_assert(!kinds.has(option_kind::idle) && !kinds.has(option_kind::before) &&
                  !kinds_of<>.has(option_kind::ttl));
}

TEST_CASE("words: the first fault is the one that counts") {
    enum class fault { none, one, other };
    static_assert(first_of({fault::none, fault::other, fault::one}) == fault::other);
    static_assert(first_of({fault::none}) == fault::none);
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

TEST_CASE("words: what is taken by value and only moves is used up by the call") {
    using move_only = std::unique_ptr<int>;
    static_assert(is_consumed<move_only> && is_consumed<move_only&&> && is_consumed<std::vector<move_only>>);
    static_assert(!is_consumed<move_only const&> && !is_consumed<std::string> && !is_consumed<std::string&&>);

    constexpr auto both = [](double, move_only const&) { return true; };
    constexpr auto result_or_both = [](double, auto const&...) { return true; };
    static_assert(asks_consumed<decltype(both), double(move_only)>);
    static_assert(!asks_consumed<decltype(both), double(move_only const&)>);
    static_assert(!asks_consumed<decltype(result_or_both), double(move_only)>);
    static_assert(!asks_consumed<decltype(of_both), signature>);
}
