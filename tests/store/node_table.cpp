#include "store/standing_table.hpp"

#include <memo/store/node_table.hpp>
#include <memo/store/place_table.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <vector>

namespace {

struct node {
    std::uint64_t place;
    std::uint64_t number;
};

/// That very node, if it is held.
node* find(memo::detail::node_table<node> const& in, node const& wanted) {
    return in.locate(wanted.place, [&](node const& one) { return &one == &wanted; });
}

/// Places that nothing is known of.
std::uint64_t scattered(std::uint64_t number) { return (number + 1) * 0x9E3779B97F4A7C15; }

}  // namespace

TEST_CASE("node_table: nodes that are removed while they are shown hide none of the others, and each is shown once") {
    CHECK(rc::check([](std::vector<std::uint8_t> const& numbers, std::uint8_t places) {
        standing<memo::detail::place_table<node>> made;
        memo::detail::node_table<node>& tried = made;
        std::deque<node> nodes;
        for (auto const number : numbers)
            tried.insert(nodes.emplace_back(node{scattered(number % (places + 1U)), number}));
        std::map<node*, int> shown;
        tried.each([&](node& one) {
            ++shown[&one];
            if (one.number % 3 != 0) tried.remove(one);
        });
        for (auto& one : nodes) {
            RC_ASSERT(shown[&one] == 1);
            RC_ASSERT(find(tried, one) == (one.number % 3 == 0 ? &one : nullptr));
        }
    }));
}

TEST_CASE("node_table: all nodes leave at once, are shown once, and may come back") {
    CHECK(rc::check([](std::set<std::uint8_t> const& numbers, bool all_meet) {
        standing<memo::detail::place_table<node>> made;
        memo::detail::node_table<node>& tried = made;
        std::deque<node> nodes;
        for (auto const number : numbers)
            tried.insert(nodes.emplace_back(node{all_meet ? 7 : scattered(number), number}));
        for (int times = 0; times != 2; ++times) {
            std::multiset<std::uint64_t> shown;
            tried.clear([&](node& one) { shown.insert(one.number); });
            RC_ASSERT(shown == std::multiset<std::uint64_t>(numbers.begin(), numbers.end()));
            RC_ASSERT(tried.size() == 0U);
            for (auto& one : nodes) {
                RC_ASSERT(find(tried, one) == nullptr);
                tried.insert(one);
                RC_ASSERT(find(tried, one) == &one);
            }
        }
    }));
}
