#include <memo/policy/ghost_list.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <tuple>
#include <vector>

TEST_CASE("ghost_list: it holds what it was told last, and forgets what is taken") {
    memo::detail::ghost_list gone;
    gone.push(1, 2);
    gone.push(2, 2);
    gone.push(3, 2);
    CHECK(gone.size() == 2);
    CHECK_FALSE(gone.take(1));
    CHECK(gone.take(2));
    CHECK_FALSE(gone.take(2));
    CHECK(gone.take(3));
    CHECK(gone.size() == 0);
}

TEST_CASE("ghost_list: places that differ in their high half only are two") {
    memo::detail::ghost_list gone;
    gone.push(std::uint64_t{1} << 40, 2);
    CHECK_FALSE(gone.take(std::uint64_t{2} << 40));
    CHECK(gone.take(std::uint64_t{1} << 40));
}

TEST_CASE("ghost_list: it does what a naive model does, under bounds that move") {
    CHECK(rc::check([] {
        auto const verbs = *rc::gen::container<std::vector<std::tuple<bool, int, int>>>(
            rc::gen::tuple(rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 40), rc::gen::inRange(0, 30)));
        memo::detail::ghost_list gone;
        std::deque<int> model;
        for (auto const& [takes, key, most] : verbs) {
            auto const place = static_cast<std::uint64_t>(key);
            bool const held = std::erase(model, key) > 0;
            if (takes) {
                RC_ASSERT(gone.take(place) == held);
            } else {
                auto const bound = static_cast<std::size_t>(most);
                while (!model.empty() && model.size() >= bound) model.pop_front();
                if (bound > 0) model.push_back(key);
                gone.push(place, bound);
            }
            RC_ASSERT(gone.size() == model.size());
            RC_ASSERT(gone.validate());
        }
        for (auto const key : model) RC_ASSERT(gone.take(static_cast<std::uint64_t>(key)));
    }));
}
