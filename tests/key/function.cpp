#include <memo/key/function.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <string_view>
#include <type_traits>

namespace users {

constexpr int fetch(int id) noexcept { return id * 2; }
int add(int& total, std::unique_ptr<int> amount) { return total += *amount; }

struct repository {
    int factor = 3;
    int load(int id) const { return id * factor; }
    static int count() { return 1; }
};

template <class T>
int generic(T) {
    return 1;
}

}  // namespace users

int at_the_top() { return 1; }

namespace {

int hidden() { return 1; }

}  // namespace

using memo::function;

TEST_CASE("function: it carries the qualified name, the same from every compiler") {
    static_assert(function<&users::fetch>.name() == "users::fetch");
    static_assert(function<users::fetch>.name() == "users::fetch");
    static_assert(function<&users::repository::load>.name() == "users::repository::load");
    static_assert(function<&users::repository::count>.name() == "users::repository::count");
    static_assert(function<&at_the_top>.name() == "at_the_top");
    CHECK(function<&users::fetch>.has_name());
}

TEST_CASE("function: what others may call otherwise has no name") {
    struct local {
        int load() const { return 1; }
    };
    static_assert(!function<&hidden>.has_name());
    static_assert(!function<&local::load>.has_name());
    CHECK_FALSE(function<[] { return 1; }>.has_name());
}

TEST_CASE("function: it is called as the function is") {
    static_assert(function<&users::fetch>(21) == 42);
    static_assert(noexcept(function<&users::fetch>(21)) && !noexcept(function<&at_the_top>()));
    static_assert(!std::is_invocable_v<decltype(function<&users::fetch>), std::string_view>);
    int total = 1;
    CHECK(function<&users::add>(total, std::make_unique<int>(4)) == 5);
    CHECK(total == 5);
    CHECK(function<&users::repository::load>(users::repository{}, 5) == 15);
    CHECK(function<&hidden>() + function<&users::generic<int>>(1) == 2);
}

TEST_CASE("function: it tells which function it is") {
    using named = decltype(function<&users::fetch>);
    static_assert(std::is_same_v<named::pointer, int (*)(int) noexcept>);
    CHECK((named::target == &users::fetch));
}
