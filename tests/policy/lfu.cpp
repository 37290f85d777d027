#include "against.hpp"
#include "replay.hpp"
#include "scarce.hpp"

#include <memo/policy/lfu.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <new>
#include <random>
#include <tuple>
#include <vector>

using scarce::allocations;
using scarce::out_of_memory;

[[gnu::noinline]] void* operator new(std::size_t bytes) {
    ++allocations;
    if (void* const block = out_of_memory ? nullptr : std::malloc(bytes == 0 ? 1 : bytes)) return block;
    throw std::bad_alloc{};
}
[[gnu::noinline]] void* operator new(std::size_t bytes, std::nothrow_t const&) noexcept {
    ++allocations;
    return out_of_memory ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
}
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }

namespace {

struct naive_lfu {
    struct rank {
        int accesses;
        int last;  // when it came to be of so many
        bool waits;  // for its count to be halved

        auto worth() const { return std::tuple{waits ? accesses / 2 : accesses, waits, accesses, last}; }
    };

    std::map<int, rank> ranks;
    int now = 0;
    std::size_t accesses = 0;

    void admit(int entry) {
        ranks[entry] = {1, ++now, false};
        age();
    }
    void touch(int entry) {
        auto& read = ranks[entry];
        read = {read.accesses + 1, ++now, read.waits};
        age();
    }
    void forget(int entry) { ranks.erase(entry); }
    int victim() const {
        int least = -1;
        for (auto const& [entry, its] : ranks)
            if (least < 0 || its.worth() < ranks.at(least).worth()) least = entry;
        return least;
    }

    void age() {
        rank* next = nullptr;
        for (auto& [entry, its] : ranks)
            if (its.waits && (next == nullptr || its.worth() < next->worth())) next = &its;
        if (next != nullptr) {
            *next = {next->accesses / 2, ++now, false};
        } else if (++accesses >= 64 * std::max<std::size_t>(16, ranks.size())) {
            accesses = 0;
            for (auto& [entry, its] : ranks) its.waits = its.accesses > 1;
        }
    }
};

/// Admits an entry in the place of the victim, unless there is room for it.
void request(memo::lfu_order& order, std::vector<memo::lfu_order::hook>& hooks, std::vector<bool>& resident, std::size_t key,
             std::size_t capacity) {
    if (resident[key]) return order.touch(hooks[key]);
    if (static_cast<std::size_t>(std::count(resident.begin(), resident.end(), true)) == capacity) {
        auto* const victim = order.victim();
        order.forget(*victim);
        resident[static_cast<std::size_t>(victim - hooks.data())] = false;
    }
    order.admit(hooks[key]);
    resident[key] = true;
}

using order_hook = memo::lfu_order::hook;

}  // namespace

TEST_CASE("lfu: the entry with the fewest accesses leaves first") {
    memo::lfu_order order;
    order_hook often, once, twice;
    order.admit(often);
    order.admit(once);
    order.admit(twice);
    order.touch(often);
    order.touch(often);
    order.touch(twice);
    CHECK(order.victim() == &once);
    order.forget(once);
    CHECK(order.victim() == &twice);
    order.forget(twice);
    CHECK(order.victim() == &often);
}

TEST_CASE("lfu: of equally many accesses the entry that was touched longest ago leaves first") {
    memo::lfu_order order;
    order_hook first, second;
    order.admit(first);
    order.admit(second);
    CHECK(order.victim() == &first);
    order.touch(second);
    order.touch(first);
    CHECK(order.victim() == &second);
}

TEST_CASE("lfu: accesses are forgotten with the entry") {
    memo::lfu_order order;
    order_hook returning, other;
    order.admit(returning);
    for (int i = 0; i < 10; ++i) order.touch(returning);
    order.admit(other);
    order.touch(other);
    order.forget(returning);
    order.admit(returning);
    CHECK(order.victim() == &returning);
}

TEST_CASE("lfu: it names the same victims as a naive model") { CHECK(same_victims<memo::lfu_order, naive_lfu>()); }

TEST_CASE("lfu: it names the same victims as a naive model over many turns in which counts age") {
    std::mt19937 chance{1};
    std::vector<order_hook> hooks(30);
    std::vector<bool> resident(hooks.size());
    memo::lfu_order order;
    naive_lfu model;
    for (int step = 0; step < 50'000; ++step) {
        auto const drawn = std::min(chance() % hooks.size(), chance() % hooks.size());
        auto const number = static_cast<int>(drawn);
        if (!resident[drawn]) {
            order.admit(hooks[drawn]);
            model.admit(number);
            resident[drawn] = true;
        } else if (chance() % 8 == 0) {
            auto const leaving = static_cast<std::size_t>(model.victim());
            order.forget(hooks[leaving]);
            model.forget(model.victim());
            resident[leaving] = false;
        } else {
            order.touch(hooks[drawn]);
            model.touch(number);
        }
        auto const* const victim = order.victim();
        REQUIRE((victim == nullptr ? -1 : static_cast<int>(victim - hooks.data())) == model.victim());
        REQUIRE((step % 16 != 0 || order.validate()));
    }
}

TEST_CASE("lfu: entries that were hot long ago leave after a bounded number of accesses elsewhere, and not before a turn") {
    constexpr std::size_t capacity = 40;
    constexpr std::size_t reads = 1'000;
    constexpr auto turn = capacity * memo::lfu_order::turn;
    std::vector<order_hook> hooks(4 * capacity);
    std::vector<bool> resident(hooks.size());
    memo::lfu_order order;
    auto const hot = [&resident] { return std::count(resident.begin(), resident.begin() + capacity / 2, true); };
    for (std::size_t access = 0; access < reads * capacity / 2; ++access)
        request(order, hooks, resident, access % (capacity / 2), capacity);
    for (std::size_t access = 0; access < turn; ++access)
        request(order, hooks, resident, capacity + access % (2 * capacity), capacity);
    CHECK(hot() == capacity / 2);
    for (std::size_t access = 0; access < std::bit_width(reads) * (turn + capacity); ++access)
        request(order, hooks, resident, capacity + access % (2 * capacity), capacity);
    CHECK(hot() == 0);
    CHECK(order.validate());
}

TEST_CASE("lfu: it keeps the laws of every policy, and a touch allocates nothing") {
    CHECK_NOTHROW(memo::testing::policy_laws<memo::lfu_order>({.allocations = [] { return allocations; }}));
    CHECK_NOTHROW(memo::testing::policy_laws<memo::lfu_order>({.seed = 2, .hooks = 3}));
}

TEST_CASE("lfu: a full cache whose entries come and go allocates nothing") {
    memo::lfu_order order;
    std::vector<order_hook> hooks(100);
    for (auto& hook : hooks) order.admit(hook);
    auto const before = allocations;
    for (int i = 0; i < 10'000; ++i) {
        auto* const leaving = order.victim();
        order.forget(*leaving);
        order.admit(*leaving);
        for (int touches = 0; touches < i % 7; ++touches) order.touch(*leaving);
    }
    CHECK(allocations == before);
    CHECK(order.validate());
}

TEST_CASE("lfu: as many different counts as entries find room") {
    memo::lfu_order order;
    std::vector<order_hook> hooks(50);
    for (auto& hook : hooks) order.admit(hook);
    for (std::size_t i = 0; i < hooks.size(); ++i) {
        for (std::size_t touches = 0; touches <= 3 * i; ++touches) order.touch(hooks[i]);
    }
    CHECK(order.validate());
    for (auto& hook : hooks) {
        REQUIRE(order.victim() == &hook);
        order.forget(hook);
    }
}

TEST_CASE("lfu: without memory it orders by recency and stays whole") {
    out_of_memory = true;
    memo::lfu_order order;
    order_hook first, second;
    order.admit(first);
    order.admit(second);
    order.touch(first);
    CHECK(order.victim() == &second);
    CHECK(order.validate());
    out_of_memory = false;
    CHECK_NOTHROW(memo::testing::policy_laws<memo::lfu_order>({.steps = 100}));
}

TEST_CASE("lfu: its hits over the reference traces are those of counts that never age, but for half a point, or more") {
    // of Zipf requests beside a loop, what is asked for less than twice a turn is back at 1, no more than the loop that passes
    check_against_traces<memo::lfu_order>({"LFU"}, 0.5,
                                          {{{"syn_loopz", 500}, 0.8}, {{"syn_loopz", 2'000}, 0.7}, {{"syn_loopz", 5'000}, 0.6}},
                                          judged::from_below);
}
