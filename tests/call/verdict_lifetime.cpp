#include <memo/call/verdict_lifetime.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>

namespace {

using enum memo::detail::lifetime_fault;
using namespace std::chrono_literals;

template <class Signature, class... Options>
constexpr auto fault_with(Options...) {
    return memo::detail::judge_lifetime<Signature, Options...>();
}

template <class... Options>
constexpr auto fault_of(Options... options) {
    return fault_with<double(int)>(options...);
}

constexpr auto by_result = [](double result) { return result > 1 ? 5s : 1s; };
constexpr auto by_both = [](double, int id) { return std::chrono::milliseconds{id}; };

}  // namespace

TEST_CASE("lifetime: durations, forever and functions of the result that return one are lifetimes") {
    static_assert(fault_of(memo::ttl(5min), memo::idle(1h), memo::cleanup_interval(10s), memo::jitter(0.1)) == none);
    static_assert(fault_of(memo::ttl(memo::forever)) == none);
    static_assert(fault_of(memo::ttl(by_result)) == none);
    static_assert(fault_of(memo::ttl(by_both), memo::jitter(1)) == none);
    static_assert(fault_of(memo::ttl([](double) { return memo::forever; })) == none);
    static_assert(fault_of() == none);
}

TEST_CASE("lifetime: a number has no unit") {
    static_assert(fault_of(memo::ttl(5)) == ttl_number);
    static_assert(fault_of(memo::ttl(0.5)) == ttl_number);
    static_assert(fault_of(memo::idle(5)) == idle_number);
    static_assert(fault_of(memo::cleanup_interval(60)) == cleanup_number);
}

TEST_CASE("lifetime: other things are no durations") {
    static_assert(fault_of(memo::ttl("5min")) == ttl_other);
    static_assert(fault_of(memo::ttl()) == ttl_other);
    static_assert(fault_of(memo::idle("5min")) == idle_other);
    static_assert(fault_of(memo::idle(by_result)) == idle_other);
    static_assert(fault_of(memo::cleanup_interval("5min")) == cleanup_other);
}

TEST_CASE("lifetime: a function of the lifetime takes the result first and returns a duration") {
    static_assert(fault_of(memo::ttl([](std::string const&) { return 5s; })) == ttl_function);
    static_assert(fault_of(memo::ttl([](double, std::string const&) { return 5s; })) == ttl_function);
    static_assert(fault_of(memo::ttl([](double) { return 5; })) == ttl_returns);
    static_assert(memo::detail::judge_lifetime<double(std::string),
                                               memo::detail::ttl_option<std::chrono::seconds (*)(std::string)>>() ==
                  ttl_arguments);
}

TEST_CASE("lifetime: a function that sees the arguments does not see those that are used up") {
    using move_only = std::unique_ptr<int>;
    constexpr auto by_owned = memo::ttl([](double, move_only const&) { return 5s; });
    constexpr auto by_result_alone = memo::ttl([](double) { return 5s; });
    static_assert(fault_with<double(move_only)>(by_owned) == ttl_consumed);
    static_assert(fault_with<double(move_only const&)>(by_owned) == none);
    static_assert(fault_with<double(move_only)>(by_result_alone) == none);
}

TEST_CASE("lifetime: jitter is a number and spreads a lifetime that is said") {
    static_assert(fault_of(memo::ttl(5s), memo::jitter("a bit")) == jitter_other);
    static_assert(fault_of(memo::ttl(5s), memo::jitter(true)) == jitter_other);
    static_assert(fault_of(memo::jitter(0.1)) == jitter_alone);
    static_assert(fault_of(memo::jitter(0.1), memo::idle(5s)) == jitter_alone);
    static_assert(fault_of(memo::jitter(0.1), memo::ttl(memo::forever)) == jitter_alone);
}
