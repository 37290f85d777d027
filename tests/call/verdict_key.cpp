#include <memo/call/verdict_key.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

using enum memo::detail::key_fault;

template <class Signature, class... Options>
constexpr auto fault_of(Options...) {
    return memo::detail::judge_key<Signature, Options...>();
}

struct keyless_type {};

struct functor {
    int operator()() const;
};

struct unfinished;

constexpr auto first_of_two = [](int number, auto const&) { return number; };

}  // namespace

TEST_CASE("key: parameters that are values enter it") {
    static_assert(fault_of<int()>() == none);
    static_assert(fault_of<int(int, std::string const&, char const*, std::vector<double>&&)>() == none);
    static_assert(fault_of<int(unfinished const&)>() == none);
}

TEST_CASE("key: a reference that the function may write through is refused, left out or not") {
    static_assert(fault_of<int(std::string&)>() == writable);
    static_assert(fault_of<int(int, std::string&)>(memo::ignore<1>) == writable);
    static_assert(fault_of<int(int, std::string&)>(memo::key<"{0}">) == writable);
}

TEST_CASE("key: a view that the function may write through is refused where it enters") {
    static_assert(fault_of<int(std::span<int>)>() == writable_view);
    static_assert(fault_of<int(int, std::span<int, 3> const&)>() == writable_view);
    static_assert(fault_of<int(std::reference_wrapper<int>)>() == writable_view);
    static_assert(fault_of<int(char*)>() == writable_view);
    static_assert(fault_of<int(std::vector<std::optional<std::span<int>>>)>() == writable_view);
    static_assert(fault_of<int(int, std::span<int>)>(memo::args<1>) == writable_view);
    static_assert(fault_of<int(int, char*)>(memo::key<"{0}:{1}">) == writable_view);

    static_assert(fault_of<int(int, std::span<int>)>(memo::ignore<1>) == none);
    static_assert(fault_of<int(int, char*)>(memo::key<"{0}">) == none);
    static_assert(fault_of<int(char*)>(memo::key<"fixed">) == none);
    static_assert(fault_of<int(int, std::span<int>)>(memo::key_builder(first_of_two)) == none);
}

TEST_CASE("key: views of constants enter it, and containers of one's own") {
    static_assert(fault_of<int(std::span<int const>, std::reference_wrapper<int const>, char const*)>() == none);
    static_assert(fault_of<int(std::string_view, std::span<std::string const> const&)>() == none);
    static_assert(fault_of<int(std::vector<bool>, std::array<int, 3>, std::list<int>&&, std::set<int>)>() == none);
    static_assert(fault_of<int(std::vector<int>, std::map<int, int> const&, std::unordered_map<int, int>)>() == none);
}

TEST_CASE("key: what says where and not what is told by its kind") {
    static_assert(fault_of<int(int*)>() == pointer);
    static_assert(fault_of<int(int, std::vector<void const*>)>() == pointer);
    static_assert(fault_of<int(std::shared_ptr<int>)>() == smart_pointer);
    static_assert(fault_of<int(std::unique_ptr<int>)>() == smart_pointer);
    static_assert(fault_of<int(std::weak_ptr<int>)>() == smart_pointer);
    static_assert(fault_of<int(std::map<int, std::shared_ptr<int>>)>() == smart_pointer);
    static_assert(fault_of<int(std::function<int(int)> const&)>() == callable);
    static_assert(fault_of<int(functor)>() == callable);
    static_assert(fault_of<int(int (*)(int))>() == callable);
    static_assert(fault_of<int(int functor::*)>() == callable);
    static_assert(fault_of<int(std::vector<int>::iterator)>() == iterator);
    static_assert(fault_of<int(keyless_type)>() == keyless);
    static_assert(fault_of<int(std::vector<keyless_type>)>() == keyless);
}

TEST_CASE("key: what is left out may be of any type") {
    static_assert(fault_of<int(int, int*)>(memo::ignore<1>) == none);
    static_assert(fault_of<int(int, int*)>(memo::args<0>) == none);
    static_assert(fault_of<int(int, int*)>(memo::args<1>) == pointer);
    static_assert(fault_of<int(int, keyless_type)>(memo::key<"{0}">) == none);
    static_assert(fault_of<int(int, keyless_type)>(memo::key_builder(first_of_two)) == none);
}

TEST_CASE("key: places name parameters that there are, each once") {
    static_assert(fault_of<int(int, int)>(memo::args<0, 1>) == none);
    static_assert(fault_of<int(int, int)>(memo::args<>) == none);
    static_assert(fault_of<int(int, int)>(memo::args<2>) == args_range);
    static_assert(fault_of<int(int, int)>(memo::ignore<2>) == ignore_range);
    static_assert(fault_of<int(int, int)>(memo::args<1, 1>) == repeated_place);
}

TEST_CASE("key: only one option may say what enters it") {
    constexpr auto builder = memo::key_builder([](int number) { return number; });
    static_assert(fault_of<int(int)>(memo::args<0>, memo::ignore<0>) == args_and_ignore);
    static_assert(fault_of<int(int)>(memo::key<"{0}">, memo::args<0>) == key_and_places);
    static_assert(fault_of<int(int)>(memo::ignore<0>, memo::key<"{0}">) == key_and_places);
    static_assert(fault_of<int(int)>(memo::key<"{0}">, builder) == key_and_builder);
    static_assert(fault_of<int(int)>(builder, memo::args<0>) == builder_and_places);
}

TEST_CASE("key: a key builder takes the arguments and returns what can enter a key") {
    static_assert(fault_of<int(int, int*)>(memo::key_builder([](int, int const* at) { return *at; })) == none);
    static_assert(fault_of<int(int)>(memo::key_builder([](std::string const&) { return 1; })) == builder_function);
    static_assert(fault_of<int(int)>(memo::key_builder(5)) == builder_function);
    static_assert(fault_of<int(int)>(memo::key_builder([](int) { return keyless_type{}; })) == builder_result);
    static_assert(fault_of<int(int)>(memo::key_builder([](int) {})) == builder_result);
}
