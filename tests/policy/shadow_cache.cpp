#include <memo/policy/shadow_cache.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <list>
#include <random>

using memo::detail::shadow_cache;

TEST_CASE("shadow_cache: a place that was accessed is held until others pushed it out") {
    shadow_cache cache{{1}, 3};
    CHECK_FALSE(cache.access(1));
    CHECK_FALSE(cache.access(2));
    CHECK_FALSE(cache.access(3));
    CHECK(cache.access(1));
    CHECK_FALSE(cache.access(4));
    CHECK(cache.access(1));
    CHECK_FALSE(cache.access(2));
    CHECK(cache.validate());
}

TEST_CASE("shadow_cache: with a window of everything it hits nearly as often as LRU") {
    shadow_cache cache{{1}, 200};
    std::list<std::uint32_t> recent;
    std::minstd_rand chance{1};
    int hits = 0;
    int expected = 0;
    for (int access = 0; access < 50'000; ++access) {
        auto const place = static_cast<std::uint32_t>(chance() % (1 + chance() % 2'000));
        hits += cache.access(place) ? 1 : 0;
        auto at = recent.begin();
        while (at != recent.end() && *at != place) ++at;
        if (at != recent.end()) {
            ++expected;
            recent.erase(at);
        } else if (recent.size() == 200) {
            recent.pop_back();
        }
        recent.push_front(place);
    }
    CHECK(cache.validate());
    CHECK(hits > expected - 250);
    CHECK(hits < expected + 250);
}
