#include <memo/call/verdict_parts.hpp>

#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace {

using memo::detail::holds;
using memo::detail::may_be_a;

template <class T>
using is_float = std::is_same<T, float>;

struct tree : std::vector<std::map<std::string, tree>> {};

struct unfinished;

struct outcome {
    using value_type = int;
    using error_type = float;
};

struct person {
    BOOST_HANA_DEFINE_STRUCT(person, (std::string, name), (std::vector<float>, marks), (std::vector<person>, friends));
    using value_type = int;
};

struct town {
    BOOST_HANA_DEFINE_STRUCT(town, (std::string, name), (std::vector<town>, suburbs));
};

struct base {};
struct derived : base {};

}  // namespace

TEST_CASE("parts: what is held is found at any depth, and in the type itself") {
    static_assert(holds<is_float, float>());
    static_assert(holds<is_float, std::optional<std::pair<int, std::vector<float>>>>());
    static_assert(holds<is_float, std::tuple<int, std::variant<int, float>>>());
    static_assert(holds<is_float, std::map<int, std::array<float, 2>>>());
    static_assert(holds<is_float, float[2]>());
    static_assert(holds<is_float, outcome>());
    static_assert(!holds<is_float, std::map<int, std::string>>());
}

TEST_CASE("parts: members that are annotated are looked into") {
    static_assert(holds<is_float, std::optional<person>>());
    static_assert(!holds<std::is_pointer, person>());
}

TEST_CASE("parts: a type that holds itself is walked once") {
    static_assert(!holds<is_float, tree>());
    static_assert(!holds<is_float, town>());
}

TEST_CASE("parts: of a type that is not complete nothing is said") {
    static_assert(!holds<is_float, unfinished>());
    static_assert(may_be_a<unfinished, base>);
}

TEST_CASE("parts: an object is of its own class and of its bases, not of others") {
    static_assert(may_be_a<derived, derived> && may_be_a<derived, base>);
    static_assert(!may_be_a<base, derived>);
}
