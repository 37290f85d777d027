#include <memo/call/ingredients.hpp>

#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

using memo::detail::entering;
using memo::detail::loose_values;
using memo::detail::object_part;
using memo::detail::object_ref;
using memo::detail::option_set;

namespace {

struct account {
    std::string bank;
    int number;
    std::string name() const { return bank + "!"; }
    int twice() const { return 2 * number; }
};

template <std::size_t Count, class... Options>
constexpr auto places_in(Options...) {
    return typename entering<option_set<Options...>, Count>::type{};
}

template <class... Members>
using values_of = decltype(object_part<std::tuple<Members...>>::values(std::declval<object_ref<account const> const&>(),
                                                                       std::declval<std::tuple<Members...> const&>()));

}  // namespace

TEST_CASE("ingredients: all arguments enter a key, or those that args names in its order, or those that ignore leaves") {
    static_assert(std::is_same_v<decltype(places_in<3>()), std::index_sequence<0, 1, 2>>);
    static_assert(std::is_same_v<decltype(places_in<0>()), std::index_sequence<>>);
    static_assert(std::is_same_v<decltype(places_in<3>(memo::args<2, 0>)), std::index_sequence<2, 0>>);
    static_assert(std::is_same_v<decltype(places_in<3>(memo::ignore<1>)), std::index_sequence<0, 2>>);
    static_assert(std::is_same_v<decltype(places_in<2>(memo::ignore<0, 1>)), std::index_sequence<>>);
}

TEST_CASE("ingredients: of an object enter nothing, what the members say, or its number") {
    account const one{"a bank", 7};
    object_ref<account const> const owner{one, 3};
    std::tuple const members{&account::bank, &account::twice};
    auto const values = object_part<std::remove_const_t<decltype(members)>>::values(owner, members);
    CHECK(&std::get<0>(values) == &one.bank);
    CHECK(std::get<1>(values) == 14);
    CHECK(object_part<memo::detail::each_instance_t>::values(owner, {}) == std::tuple{std::uint64_t{3}});
    static_assert(!object_part<memo::detail::any_instance_t>::some);
}

TEST_CASE("ingredients: a text that a member makes is no part of a key that is not written, since it would be gone") {
    static_assert(loose_values<std::tuple<>>);
    static_assert(loose_values<values_of<std::string account::*, int account::*>>);
    static_assert(loose_values<values_of<int (account::*)() const>>);
    static_assert(!loose_values<values_of<std::string (account::*)() const>>);
}
