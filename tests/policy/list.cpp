#include <memo/policy/list.hpp>

#include <doctest/doctest.h>

using memo::detail::link;
using memo::detail::link_list;

TEST_CASE("list: entries stand in the order in which they were pushed") {
    link_list list;
    memo::detail::link first, second, third;
    list.push_back(first);
    list.push_back(third);
    link_list::insert_after(first, second);
    CHECK(list.front() == &first);
    CHECK(list.after(first) == &second);
    CHECK(list.after(second) == &third);
    CHECK(list.after(third) == nullptr);
    CHECK(list.holds(3));
}

TEST_CASE("list: empty, single and front follow what is pushed and erased") {
    link_list list;
    memo::detail::link first, second;
    CHECK(list.empty());
    CHECK_FALSE(list.single());
    CHECK(list.front() == nullptr);
    CHECK(list.back() == nullptr);
    list.push_back(first);
    CHECK(list.single());
    list.push_back(second);
    CHECK_FALSE(list.single());
    link_list::erase(first);
    CHECK(list.front() == &second);
    CHECK(list.back() == &second);
    link_list::erase(second);
    CHECK(list.empty());
    CHECK(list.holds(0));
}

TEST_CASE("list: a wrong size and a torn link are seen") {
    link_list list;
    memo::detail::link first, second, stray;
    list.push_back(first);
    list.push_back(second);
    CHECK_FALSE(list.holds(1));
    CHECK_FALSE(list.holds(3));
    second.previous = &stray;
    CHECK_FALSE(list.holds(2));
    second.previous = &first;
    second.next = nullptr;
    CHECK_FALSE(list.holds(2));
    second.next = &first;
    CHECK_FALSE(list.holds(2));
    second.next = first.previous;
    CHECK(list.holds(2));
    first.previous->previous = &first;
    CHECK_FALSE(list.holds(2));
}
