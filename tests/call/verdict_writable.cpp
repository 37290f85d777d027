#include <memo/call/verdict_writable.hpp>

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace {

using memo::detail::is_writable;

template <class T>
constexpr bool is_view = memo::detail::is_writable_view<T>::value;

struct window {
    using value_type = int;
    int* begin() const;
    int* end() const;
};

struct keyed_window : window {};

}  // namespace

template <>
struct memo::key_traits<keyed_window> {
    static void feed(memo::key_writer&, keyed_window const&) {}
};

TEST_CASE("writable: a reference is, unless it is constant or of what is used up") {
    static_assert(is_writable<int&> && is_writable<std::string&>);
    static_assert(!is_writable<int> && !is_writable<int const&> && !is_writable<std::string&&>);
}

TEST_CASE("writable: a view is, when what it shows is not constant") {
    static_assert(is_view<std::span<int>> && is_view<std::span<std::string, 2>>);
    static_assert(is_view<std::reference_wrapper<int>> && is_view<char*> && is_view<window>);
    static_assert(!is_view<std::span<int const>> && !is_view<std::reference_wrapper<int const>>);
    static_assert(!is_view<std::string_view> && !is_view<char const*>);
}

TEST_CASE("writable: what owns its elements is constant with them") {
    static_assert(!is_view<std::vector<int>> && !is_view<std::vector<bool>> && !is_view<std::array<int, 3>>);
    static_assert(!is_view<std::string> && !is_view<std::map<int, int>> && !is_view<std::unordered_set<int>>);
    static_assert(!is_view<int[3]> && !is_view<int>);
}

TEST_CASE("writable: a view of the user's own is what its key_traits make of it") {
    static_assert(!is_view<keyed_window>);
}
