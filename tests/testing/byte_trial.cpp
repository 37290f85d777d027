#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/testing/byte_trial.hpp>
#include <memo/testing/law_broken.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace {

struct trial : memo::detail::byte_trial {
    using byte_trial::byte_trial;

    void records_differ() {
        std::set<std::string> seals;
        for (int number = 0; number != 1000; ++number) {
            auto const bytes = record(number, 100);
            CHECK(bytes.size() == 100);
            CHECK(memo::seal_of(bytes) == seal(number));
            seals.insert(seal(number));
        }
        CHECK(seals.size() == 1000);
    }

    void each_law_has_a_store() {
        for (int time = 0; time != 2; ++time)
            law("fresh", [this](memo::byte_store& store) {
                expect(!store.get(user), "the store of another law was used");
                put(store, user, 1);
            });
    }

    void says_which() {
        law("of gravity", [this](memo::byte_store&) { expect(false, "it fell up; fall down"); });
    }
};

memo::detail::byte_workshop workshop() {
    return {[] { return memo::memory_bytes_store{}; }, [](memo::duration) {}, {}};
}

}  // namespace

TEST_CASE("byte_trial: records of different numbers differ in their seals, which end them") {
    auto const all = workshop();
    trial{all}.records_differ();
}

TEST_CASE("byte_trial: each law has a store of its own") {
    auto const all = workshop();
    CHECK_NOTHROW(trial{all}.each_law_has_a_store());
}

TEST_CASE("byte_trial: a law that is broken tells its name and what is wrong") {
    auto const all = workshop();
    CHECK_THROWS_WITH_AS(trial{all}.says_which(), "byte_store_laws(of gravity): it fell up; fall down",
                         memo::testing::law_broken);
}
