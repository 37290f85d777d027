#include <memo/call/option.hpp>

#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <type_traits>

namespace {

using memo::detail::any_option;
using memo::detail::option_kind;

struct pretender {
    static constexpr int kind = 0;
};

template <class T>
inline constexpr bool is_option = any_option<std::remove_cvref_t<T>>;

}  // namespace

TEST_SUITE("option") {
    TEST_CASE("option: what a factory makes is one, and what only looks like one is not") {
        CHECK(is_option<decltype(memo::ttl(std::chrono::seconds{1}))>);
        CHECK(is_option<decltype(memo::key<"a">)>);
        CHECK(is_option<decltype(memo::entry(1))>);
        CHECK_FALSE(is_option<int>);
        CHECK_FALSE(is_option<pretender>);
    }

    TEST_CASE("option: those that contradict each other are of one kind") {
        CHECK(decltype(memo::coalesce)::kind == decltype(memo::no_coalesce)::kind);
        CHECK(decltype(memo::any_instance)::kind == decltype(memo::each_instance)::kind);
        CHECK(decltype(memo::unbounded)::kind != decltype(memo::max_size(1))::kind);
    }

    TEST_CASE("option: a clock is kept by reference when it has a name, and by value when it has none") {
        struct ticking {
        } own;
        CHECK(std::is_same_v<decltype(memo::clock(own).value), ticking&>);
        CHECK(std::is_same_v<decltype(memo::clock(ticking{}).value), ticking>);
    }
}
