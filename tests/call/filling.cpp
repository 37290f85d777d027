#include <memo/call/filling.hpp>

#include <memo/cached.hpp>
#include <memo/call/instances.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <concepts>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

using memo::detail::filling;
using memo::detail::kept_argument;
using memo::detail::kept_text;
using memo::detail::no_object;

namespace {

auto letters() {
    return memo::cached([](std::string const& text) { return static_cast<long>(text.size()); });
}

}  // namespace

TEST_CASE("filling: an argument is kept by value, and text that is only viewed as text of its own") {
    static_assert(std::same_as<kept_argument<int const&>, int>);
    static_assert(std::same_as<kept_argument<std::string const&>, std::string>);
    static_assert(std::same_as<kept_argument<std::string_view>, std::string>);
    static_assert(std::same_as<kept_argument<char const*>, kept_text>);
    char text[] = "abc";
    kept_text const kept{text};
    text[0] = 'x';
    CHECK(std::string_view{static_cast<char const*>(kept)} == "abc");
    char const* const none = nullptr;
    CHECK(static_cast<char const*>(kept_text{none}) == nullptr);
}

TEST_CASE("filling: the entry that was planned gets the result, converted as a call's would be") {
    auto g = letters();
    auto const target = memo::entry(g);
    filling<std::remove_const_t<decltype(target)>, int, std::string> one;
    std::string text = "abc";
    one.plan(target, text);
    text = "changed";
    one.carry_out(target, no_object{}, 7);
    CHECK(g.peek("abc") == 7L);
    CHECK_FALSE(g.contains("changed"));
}

TEST_CASE("filling: places choose the entry's arguments") {
    auto g = letters();
    auto const target = memo::entry(g, memo::by<1>);
    filling<std::remove_const_t<decltype(target)>, int, int, std::string_view> one;
    one.plan(target, 1, "abc");
    one.carry_out(target, no_object{}, 7);
    CHECK(g.peek("abc") == 7L);
}

TEST_CASE("filling: a projection without the result is asked before the call, one with it after") {
    auto g = letters();
    int asked = 0;
    auto const before = memo::entry(g, [&](int n) { return ++asked, std::to_string(n); });
    filling<std::remove_const_t<decltype(before)>, int, int> first;
    first.plan(before, 5);
    CHECK(asked == 1);
    first.carry_out(before, no_object{}, 7);
    CHECK(asked == 1);
    CHECK(g.peek("5") == 7L);

    auto const after = memo::entry(g, [&](int result, int n, std::string const& text) {
        return ++asked, std::to_string(result) + std::to_string(n) + text;
    });
    filling<std::remove_const_t<decltype(after)>, int, int, std::string> second;
    std::string text = "abc";
    second.plan(after, 5, text);
    text = "changed";
    CHECK(asked == 1);
    second.carry_out(after, no_object{}, 8);
    CHECK(asked == 2);
    CHECK(g.peek("85abc") == 8L);
}

TEST_CASE("filling: a projection that takes anything is asked before the call, without the result") {
    auto g = letters();
    auto const target = memo::entry(g, [](auto const&... seen) { return std::to_string(sizeof...(seen)); });
    filling<std::remove_const_t<decltype(target)>, int, int> one;
    one.plan(target, 5);
    one.carry_out(target, no_object{}, 7);
    CHECK(g.peek("1") == 7L);
}

TEST_CASE("filling: an option among the targets fills nothing") {
    auto const target = memo::before;
    filling<std::remove_const_t<decltype(target)>, int, int> one;
    one.plan(target, 5);
    one.carry_out(target, no_object{}, 7);
    CHECK(sizeof one == 1);
}
