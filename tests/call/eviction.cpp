#include <memo/call/eviction.hpp>

#include <memo/cached.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/space.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>

#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

using memo::detail::any_instance_t;
using memo::detail::eviction;
using memo::detail::no_object;
using memo::detail::projecting;

namespace {

/// What a function that takes `(int, std::string)` is handed of the arguments `(1, "a", 2)`.
template <class Projection>
std::pair<int, std::string> projected(Projection const& projection) {
    std::pair<int, std::string> seen;
    projecting<Projection, void(int, std::string const&)>::run(
        projection, [&](int number, std::string const& text) { seen = {number, text}; }, 1, std::string{"a"}, 2);
    return seen;
}

/// What an eviction of `target` by a call with `arguments` came to.
template <class Target, class... A>
memo::evicted carry_out(memo::detail::space& in, Target const& target, A const&... arguments) {
    eviction<Target> one;
    one.plan(target, any_instance_t{}, no_object{}, arguments...);
    return one.carry_out(target, in);
}

struct scene {
    memo::manager m;
    memo::cached<int (*)(int, std::string const&), std::remove_const_t<decltype(memo::key<"sum:{0}:{1}">)>,
                 std::remove_const_t<decltype(memo::tags<"sums", "left:{0}">)>, decltype(memo::in(std::declval<memo::manager&>()))>
        g{[](int number, std::string const& text) { return number + static_cast<int>(text.size()); }, memo::key<"sum:{0}:{1}">,
          memo::tags<"sums", "left:{0}">, memo::in(m)};

    scene() {
        for (int number = 1; number <= 3; ++number)
            for (auto const* text : {"a", "b*"})
                g(number, text);
    }
    memo::detail::space& in() { return *m.inside(); }
};

}  // namespace

TEST_CASE("eviction: a projection picks places in any order, or makes a tuple or the one argument") {
    CHECK(projected(memo::by<0, 1>) == std::pair{1, std::string{"a"}});
    CHECK(projected(memo::by<2, 1>) == std::pair{2, std::string{"a"}});
    CHECK(projected([](int left, std::string const& text, int right) { return std::tuple{left + right, text + "!"}; }) ==
          std::pair{3, std::string{"a!"}});
    int seen = 0;
    auto const doubled = [](int number) { return 2 * number; };
    projecting<decltype(doubled), void(int)>::run(doubled, [&](int number) { seen = number; }, 4);
    CHECK(seen == 8);
    projecting<memo::detail::same_arguments, void(int)>::run({}, [&](int number) { seen = number; }, 5);
    CHECK(seen == 5);
}

TEST_CASE("eviction: an entry goes alone") {
    scene at;
    CHECK(carry_out(at.in(), memo::entry(at.g), 1, std::string{"a"}).count() == 1);
    CHECK_FALSE(at.g.contains(1, "a"));
    CHECK(at.g.size() == 5);
    CHECK(carry_out(at.in(), memo::entry(at.g, memo::by<1, 0>), std::string{"b*"}, 3).count() == 1);
    CHECK_FALSE(at.g.contains(3, "b*"));
    CHECK(at.g.size() == 4);
}

TEST_CASE("eviction: of all, everything of the wrapper goes and nothing of another") {
    scene at;
    auto other = memo::cached([](int n) { return n; }, memo::in(at.m));
    other(1);
    CHECK(carry_out(at.in(), memo::all(at.g), 9).count() == 6);
    CHECK(at.g.size() == 0);
    CHECK(other.contains(1));
}

TEST_CASE("eviction: a key reaches one entry, a pattern those that match, hostile text only itself") {
    scene at;
    CHECK(carry_out(at.in(), memo::key<"sum:{0}:{1}">, 1, std::string{"b*"}).count() == 1);
    CHECK_FALSE(at.g.contains(1, "b*"));
    CHECK(carry_out(at.in(), memo::pattern<"sum:{0}:*">, 1).count() == 1);
    CHECK(carry_out(at.in(), memo::pattern<"sum:2:{0}">, std::string{"*"}).count() == 0);
    CHECK(carry_out(at.in(), memo::pattern<"sum:[23]:{0}">, std::string{"b*"}).count() == 2);
    CHECK(at.g.size() == 2);
}

TEST_CASE("eviction: tags reach their groups, several together") {
    scene at;
    CHECK(carry_out(at.in(), memo::tags<"left:{0}">, 1).count() == 2);
    CHECK(carry_out(at.in(), memo::tags<"left:{0}", "left:{1}">, 2, 3).count() == 4);
    CHECK(at.g.size() == 0);
}

TEST_CASE("eviction: what goes is that of the arguments when it was planned") {
    scene at;
    int number = 1;
    std::string text = "a";
    auto const target = memo::entry(at.g);
    eviction<std::remove_const_t<decltype(target)>> by_entry;
    eviction<std::remove_const_t<decltype(memo::tags<"left:{0}">)>> by_tag;
    by_entry.plan(target, any_instance_t{}, no_object{}, number, text);
    by_tag.plan(memo::tags<"left:{0}">, any_instance_t{}, no_object{}, number);
    number = 2;
    text = "b*";
    CHECK(by_entry.carry_out(target, at.in()).count() == 1);
    CHECK_FALSE(at.g.contains(1, "a"));
    CHECK(by_tag.carry_out(memo::tags<"left:{0}">, at.in()).count() == 1);
    CHECK(at.g.size() == 4);
}

TEST_CASE("eviction: an option among the targets evicts nothing") {
    scene at;
    CHECK(carry_out(at.in(), memo::before, 1).count() == 0);
    CHECK(carry_out(at.in(), memo::in(at.m), 1).count() == 0);
    CHECK(at.g.size() == 6);
}
