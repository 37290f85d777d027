#include <memo/policy/reuse.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>

using memo::detail::reuse;

namespace {

/// What was used `uses` times is counted once at every age up to `oldest`.
void count(reuse& learnt, std::uint8_t uses, std::uint8_t kind, std::uint32_t oldest) {
    for (std::uint32_t age = 0; age < oldest; ++age) learnt.is_waiting(uses, kind, age);
}

}  // namespace

TEST_CASE("reuse: before anything is known, the younger and the more used is worth more, of every kind the same") {
    reuse const learnt;
    for (std::size_t uses = 0; uses < reuse::classes; ++uses) {
        for (std::uint32_t age = 1; age < 1U << 15; age *= 2) {
            CHECK(learnt.worth(uses, 0, age) > learnt.worth(uses, 0, 2 * age));
            CHECK(learnt.worth(uses, 0, age) == learnt.worth(uses, 7, age));
            if (uses > 0) CHECK(learnt.worth(uses, 0, age) > learnt.worth(uses - 1, 0, age));
        }
    }
}

TEST_CASE("reuse: what comes back is worth more than what waits, by uses and by kind") {
    reuse learnt;
    for (int i = 0; i < 1'000; ++i) {
        learnt.came_back(1, 2, 4);
        learnt.came_back(2, 5, 4);
    }
    count(learnt, 1, 3, 1'000);
    count(learnt, 2, 2, 1'000);
    for (std::size_t uses = 0; uses < reuse::classes; ++uses) learnt.learn(uses);
    CHECK(learnt.worth(0, 2, 4) > 10 * learnt.worth(0, 3, 4));
    CHECK(learnt.worth(1, 5, 4) > 10 * learnt.worth(1, 2, 4));
}

TEST_CASE("reuse: what comes back at one age only is worth most just before it, and nearly nothing behind it") {
    reuse learnt;
    for (int i = 0; i < 10'000; ++i) {
        learnt.came_back(1, 0, 100);
        learnt.is_waiting(1, 0, 5'000);
    }
    learnt.learn(0);
    CHECK(learnt.worth(0, 0, 70) > 2 * learnt.worth(0, 0, 20));
    CHECK(learnt.worth(0, 0, 20) > learnt.worth(0, 0, 3));
    CHECK(learnt.worth(0, 0, 70) > 100 * learnt.worth(0, 0, 200));
}

TEST_CASE("reuse: a kind that nothing is known of is as the others of its uses") {
    reuse learnt;
    for (int i = 0; i < 10'000; ++i) learnt.came_back(1, 0, 4);
    learnt.learn(0);
    reuse const fresh;
    CHECK(learnt.worth(0, 6, 4) > 2 * fresh.worth(0, 6, 4));
    CHECK(learnt.worth(1, 6, 4) == fresh.worth(1, 6, 4));
}

TEST_CASE("reuse: what no longer comes back is forgotten in time") {
    reuse learnt;
    for (int i = 0; i < 10'000; ++i) learnt.came_back(1, 0, 4);
    learnt.learn(0);
    auto const before = learnt.worth(0, 0, 4);
    for (int i = 0; i < 200; ++i) {
        count(learnt, 1, 0, 1'000);
        learnt.learn(0);
    }
    CHECK(learnt.worth(0, 0, 4) < before / 10);
}

TEST_CASE("reuse: uses fall into classes that are exact for few and coarse for many") {
    CHECK(reuse::class_of(1) == 0);
    CHECK(reuse::class_of(3) == 2);
    CHECK(reuse::class_of(4) == reuse::class_of(5));
    CHECK(reuse::class_of(5) != reuse::class_of(6));
    CHECK(reuse::class_of(255) == reuse::classes - 1);
}
