#include "store/byte_model.hpp"

#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr memo::entry_name user{"c", "user:1"};

std::string const text(100, 'x');

void fill(memo::byte_store& store, int from, int to) {
    for (int number = from; number != to; ++number) CHECK(store.set({"c", std::to_string(number)}, {text}));
}

}  // namespace

TEST_CASE("memory_bytes_store: says what a model says, large or small") {
    for (auto const entries : {std::size_t{1000}, std::size_t{65'536}})
        byte_model::check(
            [&](memo::manual_clock const& clock) { return memo::memory_bytes_store{{.max_size = entries, .clock = clock}}; });
}

TEST_CASE("memory_bytes_store: every one is a store of its own, and copies are the same") {
    memo::memory_bytes_store const one;
    memo::memory_bytes_store const another;
    auto const copy = one;
    one->set(user, {text});
    CHECK(copy->get(user) == text);
    CHECK_FALSE(another->get(user));
}

TEST_CASE("memory_bytes_store: a bound of nothing is refused") {
    CHECK_THROWS_AS((memo::memory_bytes_store{{.max_size = 0}}), memo::config_error);
    CHECK_THROWS_AS((memo::memory_bytes_store{{.max_bytes = 0}}), memo::config_error);
}

TEST_CASE("memory_bytes_store: never more entries than its bound, and who was read longest ago leaves") {
    memo::memory_bytes_store const store{{.max_size = 10}};
    fill(*store, 0, 10);
    CHECK(store->get({"c", "0"}));
    fill(*store, 10, 12);
    CHECK(store->count({}) == 10);
    CHECK(store->get({"c", "0"}));
    CHECK_FALSE(store->get({"c", "1"}));
    CHECK_FALSE(store->get({"c", "2"}));
    CHECK(store->get({"c", "11"}));
}

TEST_CASE("memory_bytes_store: never more bytes than its bound, and what is larger than all of it takes away what was there") {
    memo::memory_bytes_store const store{{.max_bytes = 20'000}};
    fill(*store, 0, 1000);
    CHECK(store->count({}) > 10);
    CHECK(store->count({}) < 200);
    std::string const large(20'000, 'y');
    CHECK(store->set(user, {text}));
    CHECK_FALSE(store->set(user, {large}));
    CHECK_FALSE(store->get(user));
    auto const mine = store->lead(user, {});
    CHECK(store->commit(user, mine, {large}) == memo::committed::too_large);
    CHECK(store->set(user, {text}));
    CHECK(std::stoul(store->info().at("bytes")) < 40'000);
}

TEST_CASE("memory_bytes_store: a lifetime ends exactly") {
    memo::manual_clock clock;
    memo::memory_bytes_store const store{{.clock = clock}};
    store->set(user, {.record = text, .lifetime = 3ms});
    clock.advance(3ms - 1ns);
    CHECK(store->get(user) == text);
    CHECK(store->count({}) == 1);
    clock.advance(1ns);
    CHECK_FALSE(store->get(user));
    CHECK(store->count({}) == 0);
}

TEST_CASE("memory_bytes_store: what is over goes by sweeping, though nobody asks for it") {
    memo::manual_clock clock;
    memo::memory_bytes_store const store{{.clock = clock}};
    for (int number = 0; number != 100; ++number)
        store->set({"c", std::to_string(number)}, {.record = std::string(10'000, 'x'), .lifetime = 1s});
    clock.advance(2min);
    for (int step = 0; step != 10; ++step) store->sweep();
    CHECK(std::stoul(store->info().at("bytes")) < 100'000);
}

TEST_CASE("memory_bytes_store: a ticket that nobody used for an hour ends, a younger one stands") {
    memo::manual_clock clock;
    memo::memory_bytes_store const store{{.clock = clock}};
    store->sweep();
    auto const old = store->lead(user, {});
    clock.advance(59min);
    auto const young = store->lead(user, {});
    store->sweep();
    CHECK(store->open(user, {}, {}, old).joined);
    clock.advance(2min);
    store->sweep();
    CHECK_FALSE(store->open(user, {}, {}, old).joined);
    CHECK(store->open(user, {}, {}, young).joined);
}

TEST_CASE("memory_bytes_store: a transaction of more than fits is stored as far as it fits, the last of it") {
    memo::memory_bytes_store const store{{.max_size = 10}};
    std::vector<std::string> names;
    std::vector<memo::change> all;
    for (int number = 0; number != 20; ++number) names.push_back(std::to_string(number));
    for (auto const& name : names) all.push_back({{"c", name}, memo::stored_bytes{text}});
    store->transact(all);
    CHECK(store->count({}) == 10);
    CHECK(store->get({"c", "19"}));
}
