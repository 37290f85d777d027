#include <memo/call/option_set.hpp>

#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <tuple>
#include <type_traits>

namespace {

using memo::detail::option_kind;

template <class... Options>
constexpr auto set_of(Options... options) {
    return memo::detail::option_set<Options...>{options...};
}

}  // namespace

TEST_SUITE("option_set") {
    TEST_CASE("option_set: finds an option by what it is about, in whatever order they were given") {
        constexpr auto one = set_of(memo::max_size(7), memo::no_stats);
        constexpr auto other = set_of(memo::no_stats, memo::max_size(7));
        CHECK(one.get<option_kind::max_size>().value == 7);
        CHECK(other.get<option_kind::max_size>().value == 7);
        CHECK(one.has<option_kind::no_stats>);
        CHECK_FALSE(one.has<option_kind::ttl>);
    }

    TEST_CASE("option_set: the first of several of one kind is found, and all are listed") {
        constexpr auto several = set_of(memo::max_size(1), memo::max_size(2));
        CHECK(several.get<option_kind::max_size>().value == 1);
        CHECK(std::get<1>(several.all()).value == 2);
    }

    TEST_CASE("option_set: an empty one has nothing") {
        constexpr auto none = set_of();
        CHECK_FALSE(none.has<option_kind::key>);
        CHECK(std::tuple_size_v<std::remove_cvref_t<decltype(none.all())>> == 0);
    }
}
