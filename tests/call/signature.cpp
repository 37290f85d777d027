#include <memo/call/signature.hpp>

#include <doctest/doctest.h>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace signature_test {

using memo::detail::arguments_of;
using memo::detail::callable_as;
using memo::detail::callable_traits;
using memo::detail::member_traits;
using memo::detail::signature_of;

template <class F, class Signature>
constexpr bool deduces = std::same_as<typename callable_traits<F>::signature, Signature>;

int plain(int number, std::string const& text);
int quiet(int number) noexcept;
int variadic(char const* format, ...);

struct service {
    int load(int id) const;
    int count(int id) noexcept;
    int read() const& noexcept;
    void write(std::string text) &;
    int consume() &&;
    int print(char const* format, ...) const;
    std::string tenant;
};

struct const_functor {
    int operator()(int number) const;
};

struct mutable_functor {
    int operator()(int number) & noexcept;
};

struct overloaded_functor {
    int operator()(int number) const;
    int operator()(std::string const& text) const;
};

struct move_only_functor {
    std::unique_ptr<int> owned;
    long operator()(long number) const;
};

template <auto F>
struct named {
    using pointer = decltype(F);
    static constexpr pointer target = F;
};

struct wrapper {
    static constexpr bool is_memo_wrapper = true;
    using memo_signature = int(std::string const&);
    template <class Text>
    int operator()(Text const& text) const;
    int operator()(std::string const& text) const;
};

inline auto const lambda = [](int number, double ratio) { return number * ratio; };
inline auto const changing_lambda = [calls = 0](int number) mutable { return number + ++calls; };
inline auto const generic_lambda = [](auto number) { return number; };

TEST_CASE("signature: functions, function pointers and references say theirs, noexcept is dropped") {
    static_assert(deduces<decltype(plain), int(int, std::string const&)>);
    static_assert(deduces<decltype(&plain), int(int, std::string const&)>);
    static_assert(deduces<decltype((plain)), int(int, std::string const&)>);
    static_assert(deduces<decltype(&plain) const, int(int, std::string const&)>);
    static_assert(deduces<decltype(&quiet), int(int)>);
    static_assert(callable_traits<decltype(&quiet)>::const_callable);
}

TEST_CASE("signature: a C-variadic function has none") {
    static_assert(deduces<decltype(&variadic), void>);
    static_assert(deduces<decltype(&service::print), void>);
}

TEST_CASE("signature: one call operator says it, const or not, and lambdas and std::function are no exception") {
    static_assert(deduces<const_functor, int(int)>);
    static_assert(deduces<const_functor const&, int(int)>);
    static_assert(callable_traits<const_functor>::const_callable);
    static_assert(deduces<mutable_functor, int(int)>);
    static_assert(!callable_traits<mutable_functor>::const_callable);
    static_assert(deduces<move_only_functor, long(long)>);
    static_assert(deduces<decltype(lambda), double(int, double)>);
    static_assert(deduces<decltype(changing_lambda), int(int)>);
    static_assert(!callable_traits<decltype(changing_lambda)>::const_callable);
    static_assert(deduces<std::function<int(std::string_view)>, int(std::string_view)>);
}

TEST_CASE("signature: generic and overloaded callables have none, and neither have objects that cannot be called") {
    static_assert(deduces<decltype(generic_lambda), void>);
    static_assert(deduces<overloaded_functor, void>);
    static_assert(deduces<int, void>);
    static_assert(deduces<std::string, void>);
    static_assert(deduces<std::unique_ptr<int>, void>);
}

TEST_CASE("signature: a pointer to a member takes its object first, const where the member is const") {
    static_assert(deduces<decltype(&service::load), int(service const&, int)>);
    static_assert(deduces<decltype(&service::count), int(service&, int)>);
    static_assert(deduces<decltype(&service::read), int(service const&)>);
    static_assert(deduces<decltype(&service::write), void(service&, std::string)>);
    static_assert(deduces<decltype(&service::consume), void>);
    static_assert(deduces<decltype(&service::tenant), std::string const&(service const&)>);
}

TEST_CASE("signature: an object that carries its function says the function's") {
    static_assert(deduces<named<&plain>, int(int, std::string const&)>);
    static_assert(deduces<named<&plain> const, int(int, std::string const&)>);
    static_assert(deduces<named<&service::load>, int(service const&, int)>);
    static_assert(std::same_as<member_traits<named<&service::load> const>::object, service>);
}

TEST_CASE("signature: a wrapper of memo's says its own, whatever its call operators are") {
    static_assert(deduces<wrapper, int(std::string const&)>);
    static_assert(deduces<wrapper const&, int(std::string const&)>);
    static_assert(callable_traits<wrapper>::const_callable);
}

TEST_CASE("signature: a member's signature leaves the object out") {
    using load = member_traits<decltype(&service::load)>;
    static_assert(std::same_as<load::object, service> && std::same_as<load::signature, int(int)>);
    static_assert(load::is_const && load::is_function);
    using tenant = member_traits<decltype(&service::tenant)>;
    static_assert(std::same_as<tenant::signature, std::string const&()> && !tenant::is_function);
    static_assert(!member_traits<decltype(&service::count)>::is_const);
    static_assert(std::is_void_v<member_traits<decltype(&plain)>::object>);
}

TEST_CASE("signature: one that is said among the options stands above the callable's own") {
    using memo::detail::shared_option;
    using memo::detail::signature_option;
    static_assert(
        std::same_as<signature_of<decltype(generic_lambda), shared_option, signature_option<int(int)>>, int(int)>);
    static_assert(std::same_as<signature_of<decltype(generic_lambda), shared_option>, void>);
    static_assert(std::same_as<signature_of<decltype(lambda), shared_option>, double(int, double)>);
    static_assert(std::same_as<signature_of<decltype(lambda), signature_option<int>>, void>);
}

TEST_CASE("signature: results and parameters come by value where they are stored") {
    static_assert(std::same_as<memo::detail::result_of<std::string const&(int)>, std::string>);
    static_assert(std::same_as<arguments_of<int(std::string const&, int const)>, std::tuple<std::string, int>>);
    static_assert(memo::detail::arity_of<int(int, int)> == 2);
    static_assert(callable_as<decltype(generic_lambda), int(int)>);
    static_assert(!callable_as<decltype(lambda), int(std::string)>);
    static_assert(!callable_as<decltype(changing_lambda) const, int(int)>);
}

}  // namespace signature_test
