#include <memo/store/index.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace {

struct node {
    explicit node(std::uint64_t at) : place{at} {}

    std::uint64_t place;
    node* next_in_bucket = nullptr;
};

using nodes = std::vector<std::unique_ptr<node>>;
using index = memo::detail::place_index<node>;

std::vector<node*> all_of(index& at) {
    std::vector<node*> found;
    at.each([&](node& one) { found.push_back(&one); });
    std::ranges::sort(found);
    return found;
}

std::vector<node*> sorted(nodes const& owned) {
    std::vector<node*> all;
    for (auto const& one : owned) all.push_back(one.get());
    std::ranges::sort(all);
    return all;
}

bool anything(node const&) { return true; }

}  // namespace

TEST_CASE("index: a node is found at its place, and nowhere else") {
    index at;
    node one{5}, other{5 + 16};
    at.insert(one);
    at.insert(other);
    CHECK(at.find(5, anything) == &one);
    CHECK(at.find(5 + 16, anything) == &other);
    CHECK(at.find(5 + 32, anything) == nullptr);
    CHECK(at.size() == 2);
}

TEST_CASE("index: of several nodes at one place the one that matches is found") {
    index at;
    node first{7}, second{7}, third{7};
    at.insert(first);
    at.insert(second);
    at.insert(third);
    for (auto* const wanted : {&first, &second, &third})
        CHECK(at.find(7, [&](node const& one) { return &one == wanted; }) == wanted);
    at.remove(second);
    CHECK(at.find(7, [&](node const& one) { return &one == &second; }) == nullptr);
    CHECK(at.find(7, [&](node const& one) { return &one == &first; }) == &first);
    CHECK(at.size() == 2);
}

TEST_CASE("index: a node may be removed while its place, its bucket or everything is walked") {
    index at;
    nodes owned;
    for (std::uint64_t place = 0; place != 30; ++place)
        at.insert(*owned.emplace_back(std::make_unique<node>(place % 3 * 16)));
    std::size_t removed = 0;
    auto const drop = [&](node& one) {
        at.remove(one);
        ++removed;
    };
    at.each_at(16, drop);
    CHECK(removed == 10);
    CHECK(at.find(16, anything) == nullptr);
    for (std::size_t bucket = 0; bucket != at.buckets(); ++bucket)
        at.each_in_bucket(bucket, [&](node& one) {
            if (one.place == 32) drop(one);
        });
    CHECK(removed == 20);
    at.each(drop);
    CHECK(removed == 30);
    CHECK(at.size() == 0);
}

TEST_CASE("index: ten thousand nodes stay in short chains") {
    index at;
    nodes owned;
    for (std::uint64_t number = 0; number != 10'000; ++number)
        at.insert(*owned.emplace_back(std::make_unique<node>(number * 0x9E3779B97F4A7C15)));
    CHECK(at.buckets() >= at.size());
    std::size_t longest = 0;
    for (std::size_t bucket = 0; bucket != at.buckets(); ++bucket) {
        std::size_t here = 0;
        at.each_in_bucket(bucket, [&](node&) { ++here; });
        longest = std::max(longest, here);
    }
    CHECK(longest < 20);
}

TEST_CASE("index: whatever is inserted and removed, it holds exactly the rest") {
    CHECK(rc::check([](bool all_meet) {
        auto const steps = *rc::gen::scale(4, rc::gen::arbitrary<std::vector<std::pair<bool, std::uint64_t>>>());
        index at;
        nodes owned;
        for (auto const& [removes, chance] : steps) {
            if (removes && !owned.empty()) {
                auto const chosen = owned.begin() + static_cast<std::ptrdiff_t>(chance % owned.size());
                at.remove(**chosen);
                owned.erase(chosen);
            } else {
                at.insert(*owned.emplace_back(std::make_unique<node>(all_meet ? chance % 2 : chance)));
            }
            RC_ASSERT(at.size() == owned.size());
        }
        RC_ASSERT(all_of(at) == sorted(owned));
        for (auto const& one : owned)
            RC_ASSERT(at.find(one->place, [&](node const& found) { return &found == one.get(); }) == one.get());
    }));
}
