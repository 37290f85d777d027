#include <memo/call/verdict_refused.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <concepts>
#include <iostream>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace {

using memo::detail::refused;

template <class Signature>
constexpr bool takes_every_verb = requires(refused<Signature> const& wrapper, std::ostream& out) {
    wrapper(1, "two");
    wrapper.peek(1);
    { wrapper.contains(1) } -> std::same_as<bool>;
    wrapper.set(1, 2);
    wrapper.refresh(1);
    wrapper.uncached(1);
    wrapper.evict(1).confirmed();
    wrapper.clear().count();
    { wrapper.touch(std::chrono::seconds{1}, 1) } -> std::same_as<bool>;
    wrapper.ttl(1).has_value();
    out << wrapper.key(1) << wrapper.explain(1);
    wrapper.warm(1, 2);
    wrapper.stats().hits;
    wrapper.size() + wrapper.memory_usage();
};

}  // namespace

TEST_CASE("refused: a refused wrapper takes every verb, also where its result is unknown or none") {
    static_assert(takes_every_verb<int(int)>);
    static_assert(takes_every_verb<void()>);
    static_assert(takes_every_verb<void>);
    static_assert(takes_every_verb<int&(int)>);
    static_assert(takes_every_verb<std::unique_ptr<int>(int)>);
}

TEST_CASE("refused: its calls have the function's own result, or one that becomes anything") {
    static_assert(std::is_invocable_r_v<std::string, refused<std::string(int)>, int>);
    static_assert(std::is_same_v<decltype(refused<int&()>{}()), int&>);
    static_assert(std::is_same_v<decltype(*refused<int const&()>{}.peek()), int&&>);
    static_assert(std::is_convertible_v<decltype(refused<void>{}(1)), std::string>);
    static_assert(std::is_constructible_v<refused<int()>, int, std::string>);
}

TEST_CASE("refused: it says that it is a wrapper, and that it is refused") {
    static_assert(memo::detail::memo_wrapper<refused<int(int)>> && memo::detail::refused_wrapper<refused<void>>);
    static_assert(!memo::detail::refused_wrapper<int>);
}
