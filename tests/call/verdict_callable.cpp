#include <memo/call/verdict_callable.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <string>

namespace verdict_callable_test {

using enum memo::detail::callable_fault;

template <class F, class... Options>
constexpr auto fault_of(F const&, Options...) {
    return memo::detail::judge_callable<F, Options...>();
}

int plain(int number);
int printed(char const* format, ...);

struct service {
    int load(int id) const;
    int consume() &&;
};

struct overloaded_functor {
    int operator()(int number) const;
    int operator()(std::string const& text) const;
};

struct final_functor final {
    int operator()(int number) const;
};

inline constexpr auto generic_lambda = [](auto number) { return number; };

TEST_CASE("callable: whatever says its signature passes, and so does what is given one") {
    static_assert(fault_of(&plain) == none);
    static_assert(fault_of([](int) { return 1; }) == none);
    static_assert(fault_of(final_functor{}) == none);
    static_assert(fault_of(&service::load) == none);
    static_assert(memo::detail::judge_callable<std::function<int(int)>>() == none);
    static_assert(fault_of(generic_lambda, memo::signature<int(int)>) == none);
    static_assert(fault_of(overloaded_functor{}, memo::signature<int(std::string const&)>) == none);
}

TEST_CASE("callable: what cannot be called is told from what does not say how") {
    static_assert(fault_of(5) == not_callable);
    static_assert(memo::detail::judge_callable<std::string>() == not_callable);
    static_assert(fault_of(generic_lambda) == generic);
    static_assert(fault_of(overloaded_functor{}) == generic);
    static_assert(fault_of(memo::detail::overloaded_name{}) == overloaded);
    static_assert(fault_of(&printed) == variadic);
    static_assert(fault_of(&service::consume) == variadic);
}

TEST_CASE("callable: a signature that is none, or that does not fit the function, is refused") {
    static_assert(fault_of(generic_lambda, memo::signature<int>) == no_signature);
    static_assert(fault_of(&plain, memo::signature<int(std::string)>) == wrong_signature);
    static_assert(fault_of(&plain, memo::signature<std::string(int)>) == wrong_signature);
    static_assert(fault_of(&plain, memo::signature<long(short)>) == none);
}

}  // namespace verdict_callable_test
