#include <memo/call/verdict_bounds.hpp>
#include <memo/options.hpp>
#include <memo/policy/lru.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <string>

namespace {

using enum memo::detail::bound_fault;

template <class Signature, class... Options>
constexpr auto fault_with(Options...) {
    return memo::detail::judge_bounds<Signature, Options...>();
}

template <class... Options>
constexpr auto fault_of(Options... options) {
    return fault_with<std::string(int)>(options...);
}

template <class... Options>
constexpr auto order_of(Options...) {
    return memo::detail::judge_order<Options...>();
}

struct order_without_touch {
    struct hook {};
    void admit(hook&) noexcept;
    void forget(hook&) noexcept;
    hook* victim() noexcept;
};

constexpr auto by_result = [](std::string const& text) { return text.size(); };

}  // namespace

TEST_CASE("bounds: whole numbers bound, and a weigher weighs against max_bytes") {
    static_assert(fault_of(memo::max_size(10), memo::max_bytes(std::size_t{1} << 20)) == none);
    static_assert(fault_of(memo::unbounded, memo::max_bytes(100)) == none);
    static_assert(fault_of(memo::max_bytes(100), memo::weigher(by_result)) == none);
    static_assert(fault_of(memo::max_bytes(100), memo::weigher([](std::string const&, int) { return 1.5; })) == none);
    static_assert(fault_of(memo::policy(memo::lru)) == none);
}

TEST_CASE("bounds: what is no whole number bounds nothing") {
    static_assert(fault_of(memo::max_size(1e6)) == size_number);
    static_assert(fault_of(memo::max_size(true)) == size_number);
    static_assert(fault_of(memo::max_bytes("64MiB")) == bytes_number);
}

TEST_CASE("bounds: unbounded and max_size contradict each other") {
    static_assert(fault_of(memo::unbounded, memo::max_size(3)) == size_unbounded);
}

TEST_CASE("bounds: a weigher needs max_bytes, the result first, and a number to return") {
    static_assert(fault_of(memo::weigher(by_result)) == weigher_alone);
    static_assert(fault_of(memo::max_bytes(9), memo::weigher([](int) { return 1; })) == weigher_arguments);
    static_assert(fault_of(memo::max_bytes(9), memo::weigher(5)) == weigher_function);
    static_assert(fault_of(memo::max_bytes(9), memo::weigher([](std::string const& text) { return text; })) ==
                  weigher_number);
}

TEST_CASE("bounds: a weigher does not see arguments that are used up") {
    using move_only = std::unique_ptr<int>;
    constexpr auto by_both = memo::weigher([](std::string const&, move_only const&) { return 1; });
    static_assert(fault_with<std::string(move_only)>(memo::max_bytes(9), by_both) == weigher_consumed);
    static_assert(fault_with<std::string(move_only const&)>(memo::max_bytes(9), by_both) == none);
}

TEST_CASE("bounds: a policy is an order, and one that lacks a verb is told which") {
    static_assert(fault_of(memo::policy(5)) == policy);
    static_assert(fault_of(memo::policy("lru")) == policy);
    static_assert(fault_of(memo::policy(order_without_touch{})) == none);
    static_assert(order_of(memo::policy(order_without_touch{})) == memo::detail::policy_verdict::touch);
    static_assert(order_of(memo::policy(memo::lru)) == memo::detail::policy_verdict::right);
    static_assert(order_of() == memo::detail::policy_verdict::right);
}
