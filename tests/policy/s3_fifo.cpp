#include "against.hpp"
#include "beside.hpp"
#include "replay.hpp"

#include <memo/policy/s3_fifo.hpp>
#include <memo/testing/policy_laws.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <vector>

namespace {

/// The paper's algorithm over numbers, with the size at an eviction for the capacity.
struct naive_s3_fifo {
    std::deque<int> small, main, ghost;  // the oldest first
    std::map<int, int> reads;
    int chosen = -1;

    void admit(int entry) {
        chosen = -1;
        reads[entry] = 0;
        bool const remembered = std::erase(ghost, entry) > 0;
        (remembered ? main : small).push_back(entry);
    }
    void touch(int entry) { reads[entry] = std::min(3, reads[entry] + 1); }
    void forget(int entry) {
        if (entry == chosen && std::count(small.begin(), small.end(), entry) > 0) {
            while (!ghost.empty() && ghost.size() >= most_main()) ghost.pop_front();
            if (most_main() > 0) ghost.push_back(entry);
        }
        chosen = -1;
        std::erase(small, entry);
        std::erase(main, entry);
    }
    int victim() {
        while (chosen < 0 && small.size() + main.size() > 0) {
            if (main.size() > most_main() || small.empty())
                choose_from_main();
            else if (small.size() >= most_small() || main.empty())
                choose_from_small();
            else
                choose_from_main();
        }
        return chosen;
    }

    std::size_t most_small() const { return std::max<std::size_t>(1, (small.size() + main.size()) / 10); }
    std::size_t most_main() const { return small.size() + main.size() - most_small(); }
    void choose_from_small() {
        while (chosen < 0 && !small.empty()) {
            int const oldest = small.front();
            if (reads[oldest] < 2) {
                chosen = oldest;
                return;
            }
            reads[oldest] = 0;
            small.pop_front();
            main.push_back(oldest);
            if (main.size() > most_main()) choose_from_main();
        }
    }
    void choose_from_main() {
        while (reads[main.front()] > 0) {
            --reads[main.front()];
            main.push_back(main.front());
            main.pop_front();
        }
        chosen = main.front();
    }
};

/// What a full cache does on a miss.
struct full_cache {
    using hook = memo::s3_fifo_order::hook;

    explicit full_cache(std::size_t entries) : hooks(100) {
        for (std::size_t i = 0; i < entries; ++i) admit(i);
    }
    void admit(std::size_t key) {
        memo::detail::introduce(hooks[key], fixed_place(key), 1, 1);
        order.admit(hooks[key]);
    }
    std::size_t miss(std::size_t key) {
        auto* const victim = order.victim();
        order.forget(*victim);
        admit(key);
        return static_cast<std::size_t>(victim - hooks.data());
    }

    std::vector<hook> hooks;
    memo::s3_fifo_order order;
};

}  // namespace

TEST_CASE("s3_fifo: what was read twice stays, what was read once goes") {
    full_cache cache{20};
    cache.order.touch(cache.hooks[0]);
    cache.order.touch(cache.hooks[0]);
    cache.order.touch(cache.hooks[1]);
    CHECK(cache.miss(50) == 1);
    CHECK(cache.miss(51) == 2);
}

TEST_CASE("s3_fifo: what comes back soon after it went is not pushed out by what comes once") {
    full_cache cache{20};
    REQUIRE(cache.miss(50) == 0);
    REQUIRE(cache.miss(0) == 1);
    std::vector<std::size_t> gone;
    for (std::size_t key = 51; key < 75; ++key) gone.push_back(cache.miss(key));
    CHECK(std::count(gone.begin(), gone.end(), 0) == 0);
}

TEST_CASE("s3_fifo: what a user removed is not remembered") {
    full_cache cache{20};
    cache.order.forget(cache.hooks[0]);
    cache.admit(0);
    std::vector<std::size_t> gone;
    for (std::size_t key = 51; key < 75; ++key) gone.push_back(cache.miss(key));
    CHECK(std::count(gone.begin(), gone.end(), 0) == 1);
}

TEST_CASE("s3_fifo: a new result stands where the old one stood, with its reads and one more") {
    full_cache cache{20};
    auto& fresh = cache.hooks[60];
    cache.order.touch(cache.hooks[0]);
    cache.order.replace(cache.hooks[0], fresh);
    CHECK(cache.order.validate());
    CHECK(cache.miss(50) == 1);
    CHECK(fresh.reads.get() == 0);
    std::vector<std::size_t> gone;
    for (std::size_t key = 61; key < 75; ++key) gone.push_back(cache.miss(key));
    CHECK(std::count(gone.begin(), gone.end(), 60) == 0);
}

TEST_CASE("s3_fifo: it names the same victims as a naive model") {
    CHECK(same_victims<memo::s3_fifo_order, naive_s3_fifo>());
}

TEST_CASE("s3_fifo: it keeps the laws of every policy") {
    CHECK_NOTHROW(memo::testing::policy_laws<memo::s3_fifo_order>());
    CHECK_NOTHROW(memo::testing::policy_laws<memo::s3_fifo_order>({.seed = 2, .hooks = 3}));
}

TEST_CASE("s3_fifo: its hits over the reference traces are the expected ones but for 0.06 points") {
    check_against_traces<memo::s3_fifo_order>({"S3FIFO"}, 0.06);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("s3_fifo: reads without a lock leave the order whole") { touch_beside_the_other_verbs<memo::s3_fifo_order>(); }

TEST_SUITE_END();
