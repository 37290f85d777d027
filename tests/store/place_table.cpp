#include "store/scarce.hpp"
#include "store/standing_table.hpp"

#include <memo/base/epoch.hpp>
#include <memo/base/key_view.hpp>
#include <memo/policy/read_mark.hpp>
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
#include <new>
#include <optional>
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

using table = standing<memo::detail::place_table<node>>;

node* find(table const& in, std::uint64_t place, std::uint64_t number) {
    return in.find(place, [&](node const& one) { return one.number == number; });
}

/// Places that nothing is known of.
std::uint64_t scattered(std::uint64_t number) { return (number + 1) * 0x9E3779B97F4A7C15; }

/// What is copied is three words, of one number each; odd ones are not.
struct copied_node {
    std::uint64_t place;
    std::uint64_t number;
    std::uint64_t holds = 0;
};
using copying_table = standing<memo::detail::place_table<copied_node, 3>>;
using finely_growing_table = standing<memo::detail::place_table<copied_node, 3, 1>>;

memo::detail::short_key key_of(copied_node const& of) { return {of.place, {of.number, 0}, 9}; }
void copy_out(copied_node& from, copying_table::copy& to, memo::detail::read_mark::spot&) noexcept {
    if (from.holds % 2 != 0) return;
    to.key = key_of(from).counted();
    to.held = {from.holds, from.holds + 2, from.holds + 4};
}

/// What the table tells of a key by its copies, if anything; that it may know more is none.
template <class Table>
std::optional<std::uint64_t> copied(Table const& in, memo::detail::short_key const& key) {
    auto const whole = [](copying_table::sighting const& seen) {
        CHECK(seen.held[1] == seen.held[0] + 2);
        CHECK(seen.held[2] == seen.held[0] + 4);
        return std::optional{seen.held[0]};
    };
    auto const none = [](auto...) { return std::optional<std::uint64_t>{}; };
    auto const at_once = in.find_copy_at_once(key, whole, none);
    auto const known = in.find_copy(key, whole, none);
    CHECK((at_once == std::nullopt || at_once == known));
    return known;
}

/// By which part of its bytes it grows while nodes come and go, after all have done so some times.
template <class Node, class Table>
double grows_by_turnover(Table&& tried) {
    constexpr std::uint64_t resident = 2'000;
    std::mt19937_64 chance{1};
    std::deque<Node> nodes;
    double settled = 0;
    for (std::uint64_t number = 0; number != 50 * resident; ++number) {
        tried.insert(nodes.emplace_back(Node{chance(), number}));
        if (number < resident) continue;
        tried.remove(nodes.front());
        nodes.pop_front();
        if (number == 10 * resident) settled = static_cast<double>(tried.bytes());
    }
    return static_cast<double>(tried.bytes()) / settled - 1;
}

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

TEST_CASE("place_table: it grows by a few buckets at a time, and loses nothing on the way") {
    table tried;
    std::deque<node> nodes;
    for (std::uint64_t number = 0; number != 20'000; ++number) {
        auto const before = tried.buckets();
        tried.insert(nodes.emplace_back(node{scattered(number), number}));
        CHECK(tried.buckets() <= before + 16);
        REQUIRE(find(tried, scattered(number / 2), number / 2) == &nodes[number / 2]);
    }
    for (auto& one : nodes) REQUIRE(find(tried, one.place, one.number) == &one);
    CHECK(tried.buckets() >= 20'000 / 4);
    CHECK(tried.bytes() < 20'000 * table::bytes_a_node * 5 / 4);
}

TEST_CASE_TEMPLATE("place_table: where memory is short it holds what it took, once, with a copy, and neither more nor less", table,
                   copying_table, finely_growing_table) {
    if constexpr (scarce::works) {
        for (std::uint64_t const places : {2U, 15U, 25U}) {
            std::size_t refused = 0;
            for (std::size_t of = 1; of != 7; ++of) {
                table tried{&copy_out};
                std::deque<copied_node> nodes;
                std::set<copied_node*> held;
                std::set<copied_node*> lost;
                for (std::uint64_t number = 0; number != 200; ++number) {
                    auto& one = nodes.emplace_back(copied_node{scattered(number % places), number, 2 * number});
                    try {
                        scarce::memory const lacking{1 + number % of};
                        tried.insert(one);
                    } catch (std::bad_alloc const&) {
                        lost.insert(&one);
                    }
                    if (!lost.contains(&one)) held.insert(&one);
                    std::multiset<copied_node*> shown;
                    tried.each([&](copied_node& seen) { shown.insert(&seen); });
                    REQUIRE(std::ranges::equal(shown, held));
                    REQUIRE(tried.size() == held.size());
                }
                refused += lost.size();
                for (auto& one : nodes) {
                    CHECK(copied(tried, key_of(one)) == (held.contains(&one) ? std::optional{one.holds} : std::nullopt));
                    if (held.contains(&one)) tried.remove(one);
                }
                CHECK(tried.size() == 0);
            }
            CHECK((places > 2 || refused != 0));
        }
    }
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

TEST_CASE("place_table: what stood in a line behind is found at once when there is room before it") {
    table tried;
    std::deque<node> nodes;  // of one bucket, and told apart by their marks
    for (std::uint64_t number = 0; number != 8; ++number) tried.insert(nodes.emplace_back(node{number << 57 | 5, number}));
    auto const at_once = [&](node const& one) {
        return tried.find_at_once(one.place, [&](node const& found) { return &found == &one; }).node == &one;
    };
    auto const behind = [&] { return std::ranges::count_if(nodes, [&](node const& one) { return !at_once(one); }); };
    CHECK(behind() == 2);
    for (std::ptrdiff_t left : {1, 0, 0}) {
        tried.remove(nodes.front());
        nodes.pop_front();
        CHECK(behind() == left);
    }
}

TEST_CASE("place_table: however long nodes come and go, it takes no more lines than as many ever needed at once") {
    CHECK(grows_by_turnover<node>(table{}) < 0.05);
    CHECK(grows_by_turnover<copied_node>(copying_table{&copy_out}) < 0.05);
}

TEST_CASE("place_table: a copy stands beside every node that may be copied, is what the node holds, and leaves with it") {
    CHECK(rc::check([](std::vector<std::pair<std::uint8_t, std::uint8_t>> const& steps, bool all_meet) {
        copying_table tried{&copy_out};
        std::map<std::uint64_t, std::unique_ptr<copied_node>> held;
        std::uint64_t made = 0;
        for (auto const& [what, number] : steps) {
            auto const place = all_meet ? 7 : scattered(number);
            auto& here = held[number];
            auto fresh = std::make_unique<copied_node>(copied_node{place, number, ++made});
            if (here == nullptr) {
                tried.insert(*fresh);
                here = std::move(fresh);
            } else if (what % 3 == 0) {
                tried.replace(*here, *fresh);
                here = std::move(fresh);
            } else if (what % 3 == 1) {
                here->holds = ++made;
                tried.replace(*here, *here);
            } else {
                tried.remove(*here);
                here = nullptr;
            }
        }
        for (auto const& [number, here] : held) {
            auto const known = copied(tried, key_of({all_meet ? 7 : scattered(number), number, 0}));
            RC_ASSERT(known == (here == nullptr || here->holds % 2 != 0 ? std::nullopt : std::optional{here->holds}));
        }
    }));
}

TEST_CASE("place_table: copies are found while it grows, and none when all nodes left") {
    copying_table tried{&copy_out};
    std::deque<copied_node> nodes;
    for (std::uint64_t number = 0; number != 20'000; ++number) {
        tried.insert(nodes.emplace_back(copied_node{scattered(number), number, 2 * number}));
        REQUIRE(copied(tried, key_of(nodes[number / 2])) == 2 * (number / 2));
    }
    for (auto const& one : nodes) REQUIRE(copied(tried, key_of(one)) == one.holds);
    CHECK(tried.bytes() < 20'000 * copying_table::bytes_a_node * 5 / 4);
    tried.clear([](copied_node&) {});
    for (auto const& one : nodes) REQUIRE(copied(tried, key_of(one)) == std::nullopt);
}

TEST_CASE("place_table: who finds no copy hears whether there may be a node") {
    copying_table tried{&copy_out};
    auto const may_be_there = [&](copied_node const& of) {
        return tried.find_copy(key_of(of), [](copying_table::sighting const&) { return false; }, [](bool unsure) { return unsure; });
    };
    copied_node odd{5, 1, 1};
    copied_node even{5, 2, 2};
    CHECK(!may_be_there(odd));
    tried.insert(odd);
    tried.insert(even);
    CHECK(may_be_there(odd));
    CHECK(!may_be_there(even));
    CHECK(!may_be_there({~std::uint64_t{5}, 1, 1}));
}

TEST_CASE("place_table: a node is told of by its copy until something changes beside it") {
    copying_table tried{&copy_out};
    copied_node one{5, 1, 2};
    copied_node other{5, 2, 4};
    tried.insert(one);
    CHECK(tried.find_copy(
        key_of(one),
        [&](copying_table::sighting const& seen) {
            bool const before = seen.node() == &one;
            tried.insert(other);
            return before && seen.node() == nullptr;
        },
        [](bool) { return false; }));
}

TEST_CASE("place_table: keys of another length are no copy's, nor those of sixteen bytes, whatever their bytes are") {
    copying_table tried{&copy_out};
    copied_node even{6, 2, 2};
    tried.insert(even);
    CHECK(copied(tried, {6, {2, 0}, 9}) == 2);
    CHECK(copied(tried, {6, {2, 0}, 10}) == std::nullopt);
    copied_node odd{5, 0, 1};
    tried.insert(odd);
    for (std::uint64_t last = 0; last != 256; ++last)
        CHECK(copied(tried, {5, {0, last << 56}, 16}) == std::nullopt);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("place_table: a copy is whole and its key's own, whatever is written beside it meanwhile") {
    constexpr std::uint64_t keys = 12;
    constexpr std::uint64_t rounds = 20'000;
    copying_table shared{&copy_out};
    std::deque<copied_node> nodes;  // those that were replaced stay, as behind a grace
    std::vector<copied_node*> held;
    for (std::uint64_t number = 0; number != keys; ++number)
        shared.insert(*held.emplace_back(&nodes.emplace_back(copied_node{number % 2, number, 2 * number})));
    std::atomic<bool> done{false};
    std::atomic<std::uint64_t> wrong{0};
    std::atomic<std::uint64_t> found{0};
    std::vector<std::thread> readers;
    for (unsigned reader = 0; reader != 2; ++reader)
        readers.emplace_back([&, reader] {
            std::minstd_rand chance{reader + 1};
            while (!done) {
                auto const number = chance() % keys;
                auto const holds = shared.find_copy(
                    key_of({number % 2, number, 0}),
                    [](copying_table::sighting const& seen) {
                        seen.reads().set(1);
                        bool const whole = seen.held[1] == seen.held[0] + 2 && seen.held[2] == seen.held[0] + 4;
                        return std::optional{whole ? seen.held[0] : ~std::uint64_t{}};
                    },
                    [](bool) { return std::optional<std::uint64_t>{}; });
                if (holds) ++found;
                if (holds && *holds % (2 * keys) != 2 * number) ++wrong;
            }
        });
    std::deque<copied_node> passing;  // others, for which the table grows
    for (std::uint64_t round = 1; round < rounds || found == 0; ++round) {
        if (round < rounds) shared.insert(passing.emplace_back(copied_node{scattered(round), keys + round, 2}));
        auto& one = held[round % keys];
        auto& fresh = nodes.emplace_back(copied_node{one->place, one->number, one->holds + 2 * keys});
        if (round % 3 == 0) {
            shared.remove(*one);
            shared.insert(fresh);
        } else {
            shared.replace(*one, fresh);
        }
        one = &fresh;
    }
    done = true;
    for (auto& one : readers) one.join();
    CHECK(wrong == 0);
}

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
