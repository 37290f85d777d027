#include <memo/store/eviction_fence.hpp>

#include "process.hpp"

#include <memo/base/key_view.hpp>
#include <memo/store/lease.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using memo::detail::eviction_fence;
using memo::detail::fences;
using memo::detail::raised_fence;

namespace {

struct run : memo::detail::lease {
    explicit run(fences const& in_the_way) : lease{memo::detail::key_view{}, {}} { in_the_way.stop(*this); }
    bool stopped() const { return stopped_at != 0; }
};

/// The fences of a wrapper, of its manager and of its store.
struct ground {
    eviction_fence space;
    eviction_fence store;
    fences all{space, &store};
};

}  // namespace

TEST_CASE("eviction_fence: a run is stopped where it begins while any fence in its way is raised, by however many") {
    ground at;
    for (auto* const fence : {&at.all.own, &at.space, &at.store}) {
        CHECK_FALSE(run{at.all}.stopped());
        raised_fence const first{*fence};
        CHECK(run{at.all}.stopped());
        fence->raised_for([&] {
            CHECK(run{at.all}.stopped());
            return 0;
        });
        CHECK(run{at.all}.stopped());
    }
    CHECK_FALSE(run{at.all}.stopped());
}

TEST_CASE("eviction_fence: what was stopped is outdated once an eviction has ended, and what was not never is") {
    ground at;
    run const before{at.all};
    std::optional<raised_fence> first{at.space};
    std::optional<raised_fence> second{at.store};
    run const between{at.all};
    CHECK_FALSE(at.all.outdates(between));
    second.reset();
    CHECK(at.all.outdates(between));
    run const later{at.all};
    CHECK_FALSE(at.all.outdates(later));
    first.reset();
    CHECK(at.all.outdates(later));
    CHECK(at.all.outdates(between));
    CHECK_FALSE(at.all.outdates(before));
    CHECK_FALSE(at.all.outdates(run{at.all}));
}

TEST_CASE("eviction_fence: all that an eviction has raised are lowered before the first owner is let go of") {
    ground at;
    bool stopped_at_the_end = true;
    {
        memo::detail::raised_fences all;
        at.all.raise_into(all, std::shared_ptr<int>{new int, [&](int* owner) {
                                                        stopped_at_the_end = run{at.all}.stopped();
                                                        delete owner;
                                                    }});
        auto const moved = std::move(all);
        CHECK(run{at.all}.stopped());
        CHECK(at.store.is_raised());
    }
    CHECK_FALSE(stopped_at_the_end);
    CHECK_FALSE(at.store.is_raised());
}

TEST_CASE("F35 eviction_fence: in the child of a fork those are gone who raised it") {
    ground at;
    auto const stops_as_it_should = [&] {
        if (run{at.all}.stopped())
            return false;
        run const before{at.all};
        bool const stops = at.all.own.raised_for([&] { return run{at.all}.stopped() && !at.all.outdates(before); });
        return stops && !run{at.all}.stopped();
    };
    std::optional<raised_fence> raised{at.all.own};
    CHECK(process::holds_in_child(stops_as_it_should));
    CHECK(process::holds_in_child([&] {
        raised.reset();
        return stops_as_it_should();
    }));
    CHECK(process::holds_in_child([&] {
        raised_fence const own{at.all.own};
        raised.reset();
        return run{at.all}.stopped();
    }));
    CHECK(run{at.all}.stopped());
}

TEST_SUITE("concurrent") {
    TEST_CASE("eviction_fence: raised and lowered by many at once, it stands as long as one has it raised, and not longer") {
        ground at;
        std::atomic<int> down = 0;
        std::vector<std::jthread> all;
        for (int thread = 0; thread != 4; ++thread)
            all.emplace_back([&] {
                for (int time = 0; time != 10'000; ++time) at.all.own.raised_for([&] { return down += !run{at.all}.stopped(); });
            });
        all.clear();
        CHECK(down == 0);
        CHECK_FALSE(run{at.all}.stopped());
    }
}
