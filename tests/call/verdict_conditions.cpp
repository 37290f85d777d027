#include <memo/call/verdict_conditions.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace {

using enum memo::detail::condition_fault;

template <class Signature, class... Options>
constexpr auto fault_with(Options...) {
    return memo::detail::judge_conditions<Signature, Options...>();
}

template <class... Options>
constexpr auto fault_of(Options... options) {
    return fault_with<std::string(int)>(options...);
}

}  // namespace

TEST_CASE("conditions: unless judges the result and only_if the arguments") {
    static_assert(fault_of() == none);
    static_assert(fault_of(memo::unless([](std::string const& text) { return text.empty(); })) == none);
    static_assert(fault_of(memo::unless([](std::string const&, int id) { return id == 0; })) == none);
    static_assert(fault_of(memo::only_if([](int id) { return id > 0; })) == none);
    static_assert(fault_of(memo::only_if([](int id) { return id > 0; }),
                           memo::unless([](std::string const&) { return false; })) == none);
}

TEST_CASE("conditions: one that takes what the other judges is told so") {
    static_assert(fault_of(memo::unless([](int id) { return id > 0; })) == unless_arguments);
    static_assert(fault_of(memo::only_if([](std::string const& text) { return text.empty(); })) == only_if_result);
    static_assert(fault_of(memo::only_if([](std::string const&, int) { return true; })) == only_if_result);
}

TEST_CASE("conditions: unless does not see arguments that are used up") {
    using move_only = std::unique_ptr<int>;
    constexpr auto by_both = memo::unless([](std::string const&, move_only const&) { return true; });
    constexpr auto by_result = memo::unless([](std::string const&) { return true; });
    constexpr auto by_argument = memo::only_if([](move_only const&) { return true; });
    static_assert(fault_with<std::string(move_only)>(by_both) == unless_consumed);
    static_assert(fault_with<std::string(move_only const&)>(by_both) == none);
    static_assert(fault_with<std::string(move_only)>(by_result) == none);
    static_assert(fault_with<std::string(move_only)>(by_argument) == none);
}

TEST_CASE("conditions: what is no predicate is refused") {
    static_assert(fault_of(memo::unless(true)) == unless_function);
    static_assert(fault_of(memo::unless([](int, int) { return true; })) == unless_function);
    static_assert(fault_of(memo::unless([](std::string& text) { return text.empty(); })) == unless_function);
    static_assert(fault_of(memo::unless([](std::string const& text) { return text; })) == unless_answer);
    static_assert(fault_of(memo::unless([](std::string const&) {})) == unless_answer);
    static_assert(fault_of(memo::only_if(true)) == only_if_function);
    static_assert(fault_of(memo::only_if([](int) {})) == only_if_answer);
}
