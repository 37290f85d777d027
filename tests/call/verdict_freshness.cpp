#include <memo/call/verdict_freshness.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <stdexcept>

namespace {

using enum memo::detail::freshness_fault;
using namespace std::chrono_literals;

template <class... Options>
constexpr auto fault_of(Options...) {
    return memo::detail::judge_freshness<Options...>();
}

/// The same beside a lifetime.
template <class... Options>
constexpr auto mortal_fault_of(Options... options) {
    return fault_of(memo::ttl(5s), options...);
}

template <class... Errors>
constexpr auto fault_of_errors() {
    return fault_of(memo::cache_errors<Errors...>(10s));
}

struct abstract_error : std::exception {
    virtual int number() const = 0;
};

struct declared_error;

constexpr auto by_result = [](int result) { return result > 1 ? 5s : 1s; };

}  // namespace

TEST_CASE("freshness: windows are durations or forever, fractions and betas are numbers") {
    static_assert(fault_of() == none);
    static_assert(mortal_fault_of(memo::stale_while_revalidate(5s), memo::stale_if_error(1h)) == none);
    static_assert(mortal_fault_of(memo::stale_while_revalidate(memo::forever)) == none);
    static_assert(mortal_fault_of(memo::stale_if_error(memo::forever)) == none);
    static_assert(mortal_fault_of(memo::refresh_ahead(0.8), memo::early_expiration()) == none);
    static_assert(mortal_fault_of(memo::refresh_ahead(1), memo::early_expiration(2)) == none);
    static_assert(fault_of(memo::wait_timeout(5s)) == none);
    static_assert(fault_of(memo::wait_timeout(memo::forever), memo::coalesce) == none);
}

TEST_CASE("freshness: a number has no unit") {
    static_assert(mortal_fault_of(memo::stale_while_revalidate(5)) == revalidate_number);
    static_assert(mortal_fault_of(memo::stale_if_error(0.5)) == if_error_number);
    static_assert(fault_of(memo::cache_errors<std::exception>(5)) == errors_number);
    static_assert(fault_of(memo::wait_timeout(5)) == wait_number);
}

TEST_CASE("freshness: other things are no durations") {
    static_assert(mortal_fault_of(memo::stale_while_revalidate("5s")) == revalidate_other);
    static_assert(mortal_fault_of(memo::stale_while_revalidate(by_result)) == revalidate_other);
    static_assert(mortal_fault_of(memo::stale_if_error("5s")) == if_error_other);
    static_assert(fault_of(memo::cache_errors<std::exception>("5s")) == errors_other);
    static_assert(fault_of(memo::wait_timeout("5s")) == wait_other);
    static_assert(fault_of(memo::wait_timeout()) == wait_other);
    static_assert(fault_of(memo::cache_errors<std::exception>()) == errors_other);
}

TEST_CASE("freshness: a duration or a yes is neither fraction nor beta") {
    static_assert(mortal_fault_of(memo::refresh_ahead(4s)) == ahead_other);
    static_assert(mortal_fault_of(memo::refresh_ahead(true)) == ahead_other);
    static_assert(mortal_fault_of(memo::early_expiration(1s)) == early_other);
    static_assert(mortal_fault_of(memo::early_expiration(true)) == early_other);
}

TEST_CASE("freshness: without a lifetime that ends nothing is stale, ahead or early") {
    static_assert(fault_of(memo::stale_while_revalidate(5s)) == revalidate_alone);
    static_assert(fault_of(memo::stale_if_error(5s)) == if_error_alone);
    static_assert(fault_of(memo::refresh_ahead(0.8)) == ahead_alone);
    static_assert(fault_of(memo::early_expiration()) == early_alone);
    static_assert(fault_of(memo::stale_if_error(5s), memo::idle(5s)) == if_error_alone);
    static_assert(fault_of(memo::ttl(memo::forever), memo::refresh_ahead(0.8)) == ahead_alone);
    static_assert(fault_of(memo::ttl(by_result), memo::refresh_ahead(0.8)) == none);
    static_assert(fault_of(memo::cache_errors<std::exception>(5s)) == none);
}

TEST_CASE("freshness: exceptions are remembered by types that can be caught") {
    static_assert(fault_of_errors<std::exception>() == none);
    static_assert(fault_of_errors<std::runtime_error, int, char const*, std::logic_error const>() == none);
    static_assert(fault_of_errors<abstract_error>() == none);
    static_assert(fault_of_errors<void*, int (*)(int)>() == none);
    static_assert(fault_of_errors<>() == errors_untyped);
    static_assert(fault_of_errors<std::exception, declared_error>() == errors_incomplete);
    static_assert(fault_of_errors<declared_error*>() == errors_incomplete);
    static_assert(fault_of_errors<void>() == errors_uncatchable);
    static_assert(fault_of_errors<std::exception const&>() == errors_uncatchable);
    static_assert(fault_of_errors<std::exception, std::exception&&>() == errors_uncatchable);
    static_assert(fault_of_errors<char[8]>() == errors_uncatchable);
    static_assert(fault_of_errors<int(int)>() == errors_uncatchable);
}

TEST_CASE("freshness: where calls do not wait for each other there is nothing to time") {
    static_assert(fault_of(memo::wait_timeout(5s), memo::no_coalesce) == wait_alone);
    static_assert(fault_of(memo::no_coalesce, memo::wait_timeout(5s)) == wait_alone);
    static_assert(fault_of(memo::no_coalesce) == none);
}
