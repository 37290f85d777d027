#include <memo/call/verdict_entry.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace {

using enum memo::detail::entry_fault;
using memo::detail::subject;

template <class Signature, class Object = void, bool Stores = true>
struct wrapper {
    static constexpr bool is_memo_wrapper = true;
    static constexpr bool stores_results = Stores;
    using memo_signature = Signature;
    using memo_object = Object;
};

template <class Subject, class... Targets>
constexpr auto fault_of(Targets...) {
    return memo::detail::judge_entries<Subject, Targets...>();
}

struct shop {};
struct small_shop : shop {};
struct bank {};

constexpr wrapper<double(int)> by_number{};
constexpr wrapper<double(int, std::string const&)> by_both{};
constexpr wrapper<double(int), shop> of_shop{};

using evicting = subject<void(int, std::string const&), void, false>;
using filling = subject<std::string(int, std::string const&), void, true>;

}  // namespace

TEST_CASE("entry: only wrappers that store have entries") {
    static_assert(fault_of<evicting>(memo::entry(by_both), memo::all(by_number)) == none);
    static_assert(fault_of<evicting>(memo::key<"a">) == none);
    static_assert(fault_of<evicting>(memo::entry(5)) == stranger);
    static_assert(fault_of<evicting>(memo::all(by_number), memo::all(5)) == all_stranger);
    static_assert(fault_of<evicting>(memo::entry(wrapper<void(int), void, false>{})) == empty_handed);
    static_assert(fault_of<evicting>(memo::entry(memo::detail::refused<void>{})) == silenced);
    static_assert(fault_of<evicting>(memo::all(memo::detail::refused<void>{})) == silenced);
}

TEST_CASE("entry: the same arguments must fit in number and type") {
    static_assert(fault_of<evicting>(memo::entry(by_number)) == same_count);
    static_assert(fault_of<subject<void(std::string), void, false>>(memo::entry(by_number)) == same_types);
    static_assert(fault_of<subject<void(long, std::string_view), void, false>>(memo::entry(by_both)) == none);
}

TEST_CASE("entry: places must exist, be as many as the arguments, and fit") {
    static_assert(fault_of<evicting>(memo::entry(by_number, memo::by<0>)) == none);
    static_assert(fault_of<evicting>(memo::entry(by_number, memo::by<2>)) == place_range);
    static_assert(fault_of<evicting>(memo::entry(by_number, memo::by<0, 1>)) == place_count);
    static_assert(fault_of<evicting>(memo::entry(by_number, memo::by<1>)) == place_types);
    static_assert(fault_of<evicting>(memo::entry(by_both, memo::by<1, 0>)) == place_types);
}

TEST_CASE("entry: a projection takes the arguments and returns those of the wrapper") {
    constexpr auto number = [](int id, std::string const&) { return id; };
    constexpr auto both = [](int id, std::string const& name) { return std::pair{id, name}; };
    static_assert(fault_of<evicting>(memo::entry(by_number, number)) == none);
    static_assert(fault_of<evicting>(memo::entry(by_both, both)) == none);
    static_assert(fault_of<evicting>(memo::entry(by_number, [](int) { return 1; })) == projection);
    static_assert(fault_of<evicting>(memo::entry(by_number, both)) == projection_count);
    static_assert(fault_of<evicting>(memo::entry(by_both, number)) == projection_count);
    static_assert(fault_of<evicting>(memo::entry(by_number, [](int, std::string name) { return name; })) ==
                  projection_types);
    static_assert(fault_of<evicting>(memo::entry(by_number, [](int, std::string) {})) == projection_types);
    static_assert(fault_of<evicting>(memo::entry(by_number, 5)) == projection);
}

TEST_CASE("entry: a projection may take the result first only where there is one to put") {
    constexpr auto of_result = [](std::string const& name, int id, std::string const&) { return std::tuple{id, name}; };
    static_assert(fault_of<filling>(memo::entry(by_both, of_result)) == none);
    static_assert(fault_of<evicting>(memo::entry(by_both, of_result)) == projection);
}

TEST_CASE("entry: a projection that takes the result needs arguments that can be copied") {
    using move_only = std::unique_ptr<int>;
    using consuming = subject<std::string(int, move_only), void, true>;
    constexpr auto of_result = [](std::string const&, int id, move_only const&) { return id; };
    constexpr auto of_arguments = [](int id, move_only const&) { return id; };
    static_assert(fault_of<consuming>(memo::entry(by_number, of_result)) == projection_copies);
    static_assert(fault_of<consuming>(memo::entry(by_number, of_arguments)) == none);
}

TEST_CASE("entry: a cached_method needs an object of its class") {
    static_assert(fault_of<subject<void(int), shop, false>>(memo::entry(of_shop)) == none);
    static_assert(fault_of<subject<void(int), small_shop, false>>(memo::entry(of_shop)) == none);
    static_assert(fault_of<subject<void(int), shop, false>>(memo::entry(by_number)) == none);
    static_assert(fault_of<subject<void(int), void, false>>(memo::entry(of_shop)) == no_object);
    static_assert(fault_of<subject<void(int), bank, false>>(memo::entry(of_shop)) == other_object);
    static_assert(fault_of<subject<void(int), void, false>>(memo::all(of_shop)) == none);
}
