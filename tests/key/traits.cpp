#include "key/bytes.hpp"

#include <memo/key/traits.hpp>
#include <boost/hana/define_struct.hpp>
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <bitset>
#include <chrono>
#include <complex>
#include <cstddef>
#include <cstring>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <typeindex>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace {

struct city {
    BOOST_HANA_DEFINE_STRUCT(city, (std::string, name), (int, zip));
};

struct tree {
    BOOST_HANA_DEFINE_STRUCT(tree, (std::string, name), (std::vector<tree>, branches));
};

struct tree_of_pointers {
    BOOST_HANA_DEFINE_STRUCT(tree_of_pointers, (int*, where), (std::vector<tree_of_pointers>, branches));
};

struct plain {
    int id;
};

struct padded {
    char letter;
    double number;
};

/// A container and an annotated type in one, with traits that say what matters.
struct point : std::vector<int> {
    BOOST_HANA_DEFINE_STRUCT(point, (int, x), (int, ignored));
};

/// Walks over itself, as the nodes of JSON libraries do.
struct self_container {
    using value_type = self_container;
    self_container const* begin() const { return this; }
    self_container const* end() const { return this + 1; }
};

struct no_container {
    int title;
    int const* begin() const { return nullptr; }
    int const* end() const { return nullptr; }
};

struct number_list {
    using value_type = int;
    std::vector<int> numbers;
    auto begin() const { return numbers.begin(); }
    auto end() const { return numbers.end(); }
};

enum old_enum { old_value };
enum class wide_enum : unsigned long long { value };

template <class... T>
constexpr bool all_keyable = (memo::keyable<T> && ...);
template <class... T>
constexpr bool none_keyable = (!memo::keyable<T> && ...);

int free_function(int number) { return number; }

}  // namespace

template <>
struct memo::key_traits<padded> {
    static void feed(memo::key_writer& w, padded const& v) { w(v.letter, v.number); }
};

template <>
struct memo::key_traits<point> {
    static void feed(memo::key_writer& w, point const& v) { w(v.x); }
};

template <>
struct memo::key_traits<plain*> {
    static void feed(memo::key_writer& w, plain* v) { w(v != nullptr ? v->id : 0); }
};

TEST_CASE("traits: F05 values are keyable") {
    static_assert(all_keyable<bool, char, char8_t, char16_t, char32_t, wchar_t, signed char, unsigned char, short, int,
                              long, long long, unsigned long long, float, double, long double, std::byte>);
    static_assert(all_keyable<old_enum, wide_enum, std::nullptr_t, std::monostate>);
    static_assert(all_keyable<std::string, std::string_view, char const*, char*, char[5], std::u8string,
                              std::u16string_view, std::u32string, std::wstring, wchar_t[3], std::pmr::string>);
    static_assert(
        all_keyable<std::chrono::seconds, std::chrono::duration<double>, std::chrono::system_clock::time_point,
                    std::filesystem::path, std::complex<float>, std::bitset<70>>);
    static_assert(all_keyable<std::optional<int>, std::variant<int, std::string>, std::pair<int const, char>,
                              std::tuple<>, std::tuple<int, std::tuple<char>>, std::tuple<std::string const&, int&>>);
    static_assert(all_keyable<std::array<int, 3>, std::array<std::string, 0>, int[3], std::string[2][2], std::span<int>,
                              std::span<std::string const, 3>, std::initializer_list<int>>);
    static_assert(all_keyable<std::vector<int>, std::vector<bool>, std::deque<std::string>, std::list<int>,
                              std::forward_list<std::vector<int>>, std::set<int>, std::multimap<int, std::string>,
                              std::unordered_set<std::string>, std::unordered_multimap<int, std::vector<int>>>);
    static_assert(all_keyable<std::reference_wrapper<int>, std::reference_wrapper<std::string const>>);
    static_assert(all_keyable<city, tree, std::vector<std::pair<city, std::optional<tree>>>, number_list>);
    static_assert(all_keyable<int const&, std::string&&, city const>);
    CHECK(memo::keyable<int>);
}

TEST_CASE("traits: F05 what says where something is, or what to do, is not keyable at any depth") {
    static_assert(
        none_keyable<int*, int const*, void*, unsigned char*, char**, wchar_t const*, plain const*, int plain::*>);
    static_assert(none_keyable<std::unique_ptr<int>, std::shared_ptr<int>, std::weak_ptr<int>>);
    static_assert(none_keyable<decltype(&free_function), decltype(free_function), std::function<int(int)>,
                               decltype([](int x) { return x; }), decltype(std::bind_front(free_function, 1))>);
    static_assert(
        none_keyable<std::vector<int>::iterator, std::vector<int>::const_iterator, std::vector<bool>::const_iterator,
                     std::list<int>::iterator, std::istream_iterator<int>, std::back_insert_iterator<std::string>,
                     std::filesystem::directory_iterator, std::unordered_map<int, int>::iterator>);
    static_assert(
        none_keyable<std::vector<int*>, std::span<char* const* const>, std::optional<int*>, std::pair<int, int*>,
                     std::tuple<std::tuple<int*>>, std::variant<int, int*>, std::map<int, std::shared_ptr<int>>,
                     std::unordered_set<int*>, std::array<int*, 1>, int* [2], std::reference_wrapper<int*>,
                     std::reference_wrapper<int(int)>, tree_of_pointers, std::vector<tree_of_pointers>>);
    static_assert(none_keyable<void, std::type_index, std::atomic<int>, std::hash<int>>);
    CHECK_FALSE(memo::keyable<decltype(&free_function)>);
    CHECK(free_function(1) == 1);
}

TEST_CASE("traits: F04 a struct that says nothing of its parts is not keyable, padded or not") {
    static_assert(none_keyable<plain, std::vector<plain>, std::optional<plain>, self_container, no_container>);
    CHECK_FALSE(memo::keyable<plain>);
}

TEST_CASE("traits: F04 two structs that differ in their padding only are one key") {
    padded first, second;
    std::memset(static_cast<void*>(&first), 0x00, sizeof first);
    std::memset(static_cast<void*>(&second), 0xff, sizeof second);
    first.letter = second.letter = 'x';
    first.number = second.number = 1;
    REQUIRE(std::memcmp(&first, &second, sizeof first) != 0);
    CHECK(bytes_of(first) == bytes_of(second));
}

TEST_CASE("traits: explicit traits stand above every other rule") {
    point left, right;
    left.x = right.x = 1;
    left.ignored = 2;
    left.push_back(3);
    CHECK(bytes_of(left) == bytes_of(right));
    right.x = 2;
    CHECK(bytes_of(left) != bytes_of(right));
    plain here{1}, there{1};
    CHECK(bytes_of(&here) == bytes_of(&there));
}

TEST_CASE("traits: an annotation stands above what a type has in common with containers") {
    struct named_list : std::vector<int> {
        BOOST_HANA_DEFINE_STRUCT(named_list, (std::string, name));
    };
    named_list left, right;
    left.name = "left";
    right.name = "right";
    CHECK(bytes_of(left) != bytes_of(right));
}
