#include <memo/call/eviction_fence.hpp>

#include "process.hpp"

#include <memo/base/key_view.hpp>
#include <memo/store/lease.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using memo::detail::eviction_fence;
using memo::detail::raised_fence;

namespace {

struct run : memo::detail::lease {
    run() : lease{memo::detail::key_view{}, {}} {}

    explicit run(eviction_fence const& fence) : run{} { fence.stop(*this); }
    bool stopped() const { return stopped_at != 0; }
};

}  // namespace

TEST_CASE("eviction fence: a run is stopped where it begins while the fence is raised, by however many") {
    eviction_fence fence;
    CHECK_FALSE(run{fence}.stopped());
    {
        raised_fence const first{fence};
        CHECK(run{fence}.stopped());
        {
            raised_fence const second{fence};
            CHECK(run{fence}.stopped());
        }
        CHECK(run{fence}.stopped());
    }
    CHECK_FALSE(run{fence}.stopped());
}

TEST_CASE("eviction fence: what was stopped is outdated once an eviction has ended, and what was not never is") {
    eviction_fence fence;
    run const before{fence};
    std::optional<raised_fence> first{fence};
    std::optional<raised_fence> second{fence};
    run const between{fence};
    CHECK_FALSE(fence.outdates(between));
    second.reset();
    CHECK(fence.outdates(between));
    run const later{fence};
    CHECK_FALSE(fence.outdates(later));
    first.reset();
    CHECK(fence.outdates(later));
    CHECK(fence.outdates(between));
    CHECK_FALSE(fence.outdates(before));
    CHECK_FALSE(fence.outdates(run{fence}));
}

TEST_CASE("eviction fence: it is lowered once when moved, and its owner lives as long") {
    struct owner {
        eviction_fence fence;
    };
    auto one = std::make_shared<owner>();
    std::weak_ptr<owner> const known = one;
    auto& fence = one->fence;
    {
        memo::detail::raised_fences all;
        all.emplace_back(fence, std::exchange(one, nullptr));
        auto moved = std::move(all.front());
        all.clear();
        CHECK(run{fence}.stopped());
        CHECK_FALSE(known.expired());
    }
    CHECK(known.expired());
}

TEST_CASE("F35 eviction fence: in the child of a fork those are gone who raised it, but for the thread that forked") {
    eviction_fence fence;
    auto const stops_as_it_should = [&] {
        if (run{fence}.stopped())
            return false;
        run before{fence};
        {
            raised_fence const own{fence};
            if (!run{fence}.stopped() || fence.outdates(before))
                return false;
        }
        return !run{fence}.stopped();
    };
    std::optional<raised_fence> raised{fence};
    CHECK(process::holds_in_child(stops_as_it_should));
    CHECK(process::holds_in_child([&] {
        raised.reset();
        return stops_as_it_should();
    }));
    CHECK(process::holds_in_child([&] {
        raised_fence const own{fence};
        raised.reset();
        return run{fence}.stopped();
    }));
    CHECK(run{fence}.stopped());
}

TEST_SUITE("concurrent") {
    TEST_CASE("eviction fence: raised and lowered by many at once, it stands as long as one has it raised, and not longer") {
        eviction_fence fence;
        std::vector<std::jthread> all;
        for (int thread = 0; thread != 4; ++thread)
            all.emplace_back([&fence] {
                for (int time = 0; time != 10'000; ++time) {
                    raised_fence const mine{fence};
                    if (!run{fence}.stopped())
                        FAIL_CHECK("it is down");
                }
            });
        all.clear();
        CHECK_FALSE(run{fence}.stopped());
    }
}
