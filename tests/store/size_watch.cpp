#include <memo/store/size_watch.hpp>

#include "policy/replay.hpp"

#include <memo/base/size_explanation.hpp>
#include <memo/base/tally.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/budget.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using memo::detail::size_watch;

namespace {

constexpr auto any_weight = std::numeric_limits<std::size_t>::max();

/// A store without results: it holds so many entries, and has hits.
struct watched_store {
    explicit watched_store(std::size_t entries, bool counts = true) : held{entries, any_weight}, sizes{held, hits, counts} {}

    void fill() {
        while (held.reserve(1, 0)) {
        }
    }
    void hit(std::uint64_t key) {
        hits.add();
        if (sizes.watches(fixed_place(key)))
            sizes.read(fixed_place(key), 1us);
    }
    void miss(std::uint64_t key) { sizes.stored(fixed_place(key), 1us); }

    memo::detail::budget held;
    memo::detail::tally hits;
    size_watch sizes;
};

/// Which requests an LRU cache hits that begins empty; a store is told of them, and watched from `first` on.
std::vector<bool> hits_of(trace const& requests, std::size_t capacity, watched_store* told = nullptr, std::size_t first = 0) {
    std::vector<memo::lru_order::hook> hooks(*std::max_element(requests.begin(), requests.end()) + 1);
    std::vector<bool> resident(hooks.size());
    std::vector<bool> hits;
    memo::lru_order order;
    std::size_t size = 0;
    for (auto const key : requests) {
        if (told != nullptr && hits.size() == first)
            static_cast<void>(told->sizes.explain(0s));
        hits.push_back(resident[key]);
        if (resident[key]) {
            order.touch(hooks[key]);
            if (told != nullptr)
                told->hit(key);
            continue;
        }
        if (size == capacity) {
            auto* const victim = order.victim();
            order.forget(*victim);
            resident[static_cast<std::size_t>(victim - hooks.data())] = false;
            --size;
        }
        order.admit(hooks[key]);
        resident[key] = true;
        ++size;
        if (told != nullptr) {
            static_cast<void>(told->held.reserve(1, 0));
            told->miss(key);
        }
    }
    return hits;
}

double percent(std::vector<bool> const& hits, std::size_t first) {
    auto const counted = hits.begin() + static_cast<std::ptrdiff_t>(first);
    return 100 * static_cast<double>(std::count(counted, hits.end(), true)) / static_cast<double>(hits.end() - counted);
}

/// The points between what is told of a cache that is asked after a quarter of its requests and what LRU hits of the others, at
/// most, at half, twice and four times its size; below zero where it says that it knows too little.
double points_off(trace const& requests, std::string const& name, std::size_t capacity) {
    watched_store store{capacity};
    auto const first = requests.size() / 4;
    hits_of(requests, capacity, &store, first);
    auto const told = store.sizes.explain(1s);
    CHECK(store.sizes.validate());
    if (!told.known())
        return -1;
    double furthest = 0;
    for (std::size_t at = told.present - 1; at != told.points.size() - 1; ++at) {
        auto const exact = percent(hits_of(requests, told.points[at].entries), first);
        auto const off = std::abs(100 * told.points[at].hit_ratio - exact);
        INFO(name << " at " << told.points[at].entries << " of " << capacity << ": " << off << " points off " << exact << " %");
        CHECK(off <= 3);
        furthest = std::max(furthest, off);
    }
    return furthest;
}

/// Requests of which the places are the rarer the higher their number.
trace skewed(std::size_t requests, double keys) {
    trace made;
    std::uint64_t state = 1;
    while (made.size() != requests) {
        state = state * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
        auto const share = static_cast<double>(state >> 11) / 9'007'199'254'740'992.0;
        made.push_back(static_cast<std::size_t>(std::pow(keys, share)));
    }
    return made;
}

}  // namespace

TEST_CASE("size_watch: nothing is watched before somebody asks, and the first answer says that it begins") {
    watched_store store{16};
    store.fill();
    for (std::uint64_t key = 0; key < 5'000; ++key)
        store.hit(key % 16), store.miss(key);
    CHECK(store.sizes.spent() == 0);
    CHECK(store.sizes.explain(0s).why == "calls are watched from now on; ask again later");
    CHECK(store.sizes.explain(0s).why == "too few calls were watched so far; ask again later");
    for (std::uint64_t key = 0; key < 5'000; ++key)
        store.hit(key % 16);
    CHECK(store.sizes.spent() == 5'000);
    CHECK(store.sizes.explain(0s).known());
}

TEST_CASE("size_watch: it watches no more than is lent, and one of so many requests") {
    for (auto const entries : {16U, 100U, 1'000U}) {
        CAPTURE(entries);
        watched_store store{entries};
        store.fill();
        static_cast<void>(store.sizes.explain(0s));
        std::uint64_t requests = 0;
        for (; requests < 3'000'000; ++requests) {
            store.hit(requests % (entries / 2));
            if (requests % 64 == 0)
                store.sizes.beat();
            if (requests % 65'536 == 0)
                CHECK(store.sizes.spent() <= size_watch::lent + requests / size_watch::requests_for_one);
        }
        CHECK(store.sizes.spent() > size_watch::lent / 2);
        CHECK(2 * store.sizes.spent() > requests / size_watch::requests_for_one);
    }
}

TEST_CASE("size_watch: spells come again while results are stored, though nobody says that it may be time") {
    watched_store store{16};
    store.fill();
    static_cast<void>(store.sizes.explain(0s));
    for (std::uint64_t key = 0; key < 200'000; ++key)
        store.miss(key);
    auto const before = store.sizes.spent();
    for (std::uint64_t key = 0; key < 2'000'000; ++key)
        store.miss(key);
    CHECK(store.sizes.spent() > before + 2'000'000 / size_watch::requests_for_one / 2);
}

TEST_CASE("size_watch: what is told is held to the hits that there were") {
    watched_store store{100};
    store.fill();
    static_cast<void>(store.sizes.explain(0s));
    for (std::uint64_t key = 0; key < 20'000; ++key) {
        store.hit(key % 10);
        store.miss(key % 10);  // it came too late, was evicted by name, or kept by another policy
    }
    auto const told = store.sizes.explain(60s);
    CHECK(told.points[told.present].hit_ratio == doctest::Approx(0.5));
    CHECK(told.points[told.present + 1].hit_ratio == doctest::Approx(0.5));
    CHECK(told.points[told.present].entries == 100);
    CHECK(told.points.front().entries == 12);
    CHECK(told.points.back().entries == 800);
}

TEST_CASE("size_watch: seconds saved are those of the runs that calls of a minute need not make") {
    watched_store store{16};
    store.fill();
    static_cast<void>(store.sizes.explain(10s));
    for (std::uint64_t request = 0; request < 32'000; ++request)
        store.hit(request % 16);
    auto const told = store.sizes.explain(40s);
    CHECK(told.points[told.present].seconds_saved == doctest::Approx(64'000e-6));
    CHECK(told.points.front().seconds_saved == 0);
    CHECK(told.requests == 32'000);
    auto const at_once = store.sizes.explain(40s);
    CHECK(at_once.points[told.present].seconds_saved == doctest::Approx(64'000e-6));
}

TEST_CASE("size_watch: where hits are not counted it knows the curve, and no rate") {
    watched_store store{16, false};
    store.fill();
    static_cast<void>(store.sizes.explain(0s));
    for (std::uint64_t request = 0; request < 32'000; ++request)
        store.hit(request % 16);
    auto const told = store.sizes.explain(30s);
    CHECK(told.points[told.present].hit_ratio == doctest::Approx(1));
    CHECK(told.points[told.present - 1].hit_ratio == 0);
    CHECK(told.points[told.present].seconds_saved == 0);
}

TEST_CASE("size_watch: a store that grew is asked anew") {
    watched_store store{1'000};
    for (std::uint64_t key = 0; key < 16; ++key) {
        static_cast<void>(store.held.reserve(1, 0));
        store.miss(key);
    }
    static_cast<void>(store.sizes.explain(0s));
    for (std::uint64_t request = 0; request < 4'000; ++request)
        store.hit(request % 16);
    store.fill();
    for (std::uint64_t request = 0; request < 40'000; ++request)
        store.hit(request % 500);
    auto const told = store.sizes.explain(1s);
    CHECK(told.points[told.present].entries == 1'000);
    CHECK(told.points[told.present - 1].hit_ratio > 0.97);
    CHECK(told.points[told.present - 2].hit_ratio < 0.03);
}

TEST_CASE("size_watch: after millions of requests it is three points at most from what LRU hits, at the sizes around") {
    for (auto const capacity : {16U, 100U, 1'000U, 10'000U})
        points_off(skewed(1'500'000, 20.0 * capacity), "skewed", capacity);
}

TEST_CASE("size_watch: over the reference traces it is three points at most from what LRU hits, at the sizes around") {
    auto const traces = traces_beside();
    if (traces.empty() || std::system("zstd --version > /dev/null 2>&1") != 0) {
        MESSAGE("skipped: needs shared/traces beside the checkout, and zstd");
        return;
    }
    std::string loaded;
    trace requests;
    std::size_t told = 0;
    double furthest = 0;
    for (auto const& row : expected_ratios(traces / "expected.csv", {"LRU"})) {
        auto const& name = row.first.first;
        if (!is_replayed(traces, name))
            continue;
        if (name != loaded)
            requests = read_trace(file_of(traces, name));
        loaded = name;
        auto const off = points_off(requests, name, row.first.second);
        told += off >= 0 ? 1 : 0;
        furthest = std::max(furthest, off);
    }
    CHECK(told >= 15);
    if (std::getenv("MEMO_TRACES") != nullptr)
        MESSAGE(told << " curves, at most " << furthest << " points off");
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("size_watch: threads read, store and ask at once, and what is told stays between nothing and all") {
    watched_store store{64};
    store.fill();
    static_cast<void>(store.sizes.explain(0s));
    std::vector<std::thread> crew;
    for (std::uint64_t thread = 0; thread < 4; ++thread)
        crew.emplace_back([&store, thread] {
            for (std::uint64_t request = 0; request < 30'000; ++request) {
                store.hit((request * (thread + 1)) % 48);
                if (request % 16 == 0)
                    store.miss(request);
                if (request % 64 == 0)
                    store.sizes.beat();
            }
        });
    for (int asked = 0; asked < 20; ++asked) {
        auto const told = store.sizes.explain(asked * 1s);
        for (auto const& at : told.points) {
            CHECK(at.hit_ratio >= 0);
            CHECK(at.hit_ratio <= 1);
        }
    }
    for (auto& one : crew)
        one.join();
    CHECK(store.sizes.validate());
    CHECK(store.sizes.spent() <= size_watch::lent + 130'000 / size_watch::requests_for_one);
    CHECK(store.sizes.spent() > 0);
}

TEST_SUITE_END();
