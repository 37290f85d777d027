#include <memo/policy/generations.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

using memo::detail::generations;
using list_link = memo::detail::link;  // unistd.h has a function of that name

TEST_CASE("generations: what was filed late for an old generation stands before what is newer") {
    generations order;
    list_link old, middle, young;
    order.begin(1);
    order.begin(2);
    order.begin(3);
    order.file(young, 3);
    order.file(middle, 2);
    order.file(old, 1);
    for (auto* const expected : {&old, &middle, &young}) {
        CHECK(order.oldest() == expected);
        order.erase(*expected);
    }
    CHECK(order.oldest() == nullptr);
    CHECK(order.holds(0));
}

TEST_CASE("generations: what outlived all that are kept is oldest, in its order") {
    generations order;
    list_link ancient, old, young;
    order.file(ancient, 0);
    order.begin(1);
    order.file(old, 1);
    for (std::uint32_t now = 2; now < 3 * generations::kept; ++now) order.begin(now);
    order.file(young, 3 * generations::kept - 1);
    CHECK(order.holds(3));
    CHECK(order.oldest() == &ancient);
    order.erase(ancient);
    CHECK(order.oldest() == &old);
    order.erase(old);
    CHECK(order.oldest() == &young);
}

TEST_CASE("generations: who stands behind an entry is of its generation, or nobody") {
    generations order;
    list_link first, second, young;
    order.begin(1);
    order.file(first, 1);
    order.file(second, 1);
    order.begin(2);
    order.file(young, 2);
    CHECK(order.after(first) == &second);
    CHECK(order.after(second) == nullptr);
    CHECK(order.after(young) == nullptr);
}

TEST_CASE("generations: numbers may wrap") {
    generations order;
    list_link old, young;
    order.begin(generations::mask);
    order.file(old, generations::mask);
    order.begin(0);
    order.file(young, 0);
    CHECK(order.oldest() == &old);
    order.erase(old);
    CHECK(order.oldest() == &young);
}

TEST_CASE("generations: as long as none is older than all kept, links leave in the order of their generations") {
    CHECK(rc::check([] {
        auto const verbs = *rc::gen::container<std::vector<std::pair<int, std::uint32_t>>>(
            rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange<std::uint32_t>(0, 10)));
        generations order;
        std::uint32_t now = 0;
        std::vector<list_link> links(verbs.size());
        std::vector<std::pair<std::uint32_t, list_link*>> model;
        std::size_t next = 0;
        for (auto const& [verb, back] : verbs) {
            if (verb == 0 && now < generations::kept - 2) {
                order.begin(++now);
            } else if (verb == 1 && !model.empty()) {
                auto const first = std::min_element(model.begin(), model.end(),
                                                    [](auto const& one, auto const& other) { return one.first < other.first; });
                RC_ASSERT(order.oldest() == first->second);
                order.erase(*first->second);
                model.erase(first);
            } else {
                auto const generation = now - std::min(now, back);
                order.file(links[next], generation);
                model.emplace_back(generation, &links[next++]);
            }
            RC_ASSERT(order.holds(model.size()));
        }
    }));
}
