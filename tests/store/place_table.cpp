#include <memo/base/epoch.hpp>
#include <memo/store/place_table.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace {

struct node {
    std::uint64_t place;
    std::uint64_t number;
};

using table = memo::detail::place_table<node>;

node* find(table const& in, std::uint64_t place, std::uint64_t number) {
    return in.find(place, [&](node const& one) { return one.number == number; });
}

/// Places that nothing is known of.
std::uint64_t scattered(std::uint64_t number) { return (number + 1) * 0x9E3779B97F4A7C15; }

}  // namespace

TEST_CASE("place_table: what was inserted is found, and what was not or was removed is not") {
    CHECK(rc::check([](std::vector<std::pair<bool, std::uint8_t>> const& steps, bool all_meet) {
        table tried;
        std::map<std::uint64_t, std::unique_ptr<node>> held;
        for (auto const& [puts, number] : steps) {
            auto const place = all_meet ? 7 : scattered(number);
            auto& here = held[number];
            if (puts && here == nullptr) {
                here = std::make_unique<node>(node{place, number});
                tried.insert(*here);
            } else if (!puts && here != nullptr) {
                tried.remove(*here);
                here = nullptr;
            }
        }
        std::size_t left = 0;
        for (auto const& [number, here] : held) {
            RC_ASSERT(find(tried, all_meet ? 7 : scattered(number), number) == here.get());
            left += here != nullptr;
        }
        RC_ASSERT(tried.size() == left);
        std::set<node*> seen;
        tried.each([&](node& one) { seen.insert(&one); });
        RC_ASSERT(seen.size() == left);
    }));
}

TEST_CASE("place_table: it grows by one bucket at a time, and loses nothing on the way") {
    table tried;
    std::deque<node> nodes;
    std::size_t before = tried.buckets();
    for (std::uint64_t number = 0; number != 20'000; ++number) {
        tried.insert(nodes.emplace_back(node{scattered(number), number}));
        CHECK(tried.buckets() <= before + 1);
        before = tried.buckets();
        REQUIRE(find(tried, scattered(number / 2), number / 2) == &nodes[number / 2]);
    }
    for (auto& one : nodes) REQUIRE(find(tried, one.place, one.number) == &one);
    CHECK(tried.buckets() >= 20'000 / 4);
    CHECK(tried.bytes() < 20'000 * 32);
}

TEST_CASE("place_table: a node takes the place of another one, which is found no more") {
    table tried;
    node old{5, 1};
    node fresh{5, 1};
    tried.insert(old);
    tried.replace(old, fresh);
    CHECK(find(tried, 5, 1) == &fresh);
    CHECK(tried.size() == 1);
}

TEST_CASE("place_table: all nodes leave at once, are shown once, and may come back") {
    CHECK(rc::check([](std::set<std::uint8_t> const& numbers, bool all_meet) {
        table tried;
        std::deque<node> nodes;
        for (auto const number : numbers)
            tried.insert(nodes.emplace_back(node{all_meet ? 7 : scattered(number), number}));
        for (int times = 0; times != 2; ++times) {
            std::multiset<std::uint64_t> shown;
            tried.clear([&](node& one) { shown.insert(one.number); });
            RC_ASSERT(shown == std::multiset<std::uint64_t>(numbers.begin(), numbers.end()));
            RC_ASSERT(tried.size() == 0U);
            for (auto& one : nodes) {
                RC_ASSERT(find(tried, one.place, one.number) == nullptr);
                tried.insert(one);
                RC_ASSERT(find(tried, one.place, one.number) == &one);
            }
        }
    }));
}

TEST_CASE("place_table: nodes of one place are told apart, and all of them are visited") {
    table tried;
    std::deque<node> nodes;
    for (std::uint64_t number = 0; number != 100; ++number) tried.insert(nodes.emplace_back(node{3, number}));
    for (auto& one : nodes) CHECK(find(tried, 3, one.number) == &one);
    CHECK(find(tried, 3, 100) == nullptr);
    CHECK(find(tried, 4, 1) == nullptr);
    std::size_t visited = 0;
    tried.each_at(3, [&](node& one) {
        ++visited;
        tried.remove(one);
    });
    CHECK(visited == 100);
    CHECK(tried.size() == 0);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("place_table: readers without a lock find what stays, and never what is not theirs") {
    constexpr std::uint64_t staying = 500;
    table shared;
    std::deque<node> nodes;
    for (std::uint64_t number = 0; number != staying; ++number)
        shared.insert(nodes.emplace_back(node{scattered(number), number}));
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> wrong{0};
    std::atomic<std::uint64_t> missed{0};
    std::vector<std::thread> readers;
    for (unsigned reader = 0; reader != 2; ++reader)
        readers.emplace_back([&, reader] {
            std::minstd_rand chance{reader + 1};
            while (!done) {
                auto const number = chance() % staying;
                memo::detail::pin const reading;
                auto const* const seen = find(shared, scattered(number), number);
                if (seen == nullptr)
                    ++missed;
                else if (seen->number != number || seen->place != scattered(number))
                    ++wrong;
            }
        });
    std::deque<node> passing;
    for (std::uint64_t number = staying; number != staying + 20'000; ++number)
        shared.insert(passing.emplace_back(node{scattered(number), number}));
    for (auto& one : passing) shared.remove(one);
    done = true;
    for (auto& one : readers) one.join();
    CHECK(wrong == 0);
    MESSAGE("missed while they moved: ", missed.load());
    for (auto& one : nodes) CHECK(find(shared, one.place, one.number) == &one);
}

TEST_SUITE_END();
