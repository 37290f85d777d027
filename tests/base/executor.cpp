#include <memo/base/executor.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using memo::detail::worker;

namespace {

struct ledger_of_work {
    std::vector<std::function<void()>> taken;
    void execute(std::function<void()> work) { taken.push_back(std::move(work)); }
};

struct counting {
    std::shared_ptr<int> runs = std::make_shared<int>(0);
    void execute(std::function<void()> const& work) const {
        ++*runs;
        work();
    }
};

struct anything {
    template <class Work>
    void execute(Work&& work) {
        work();
    }
};

struct refusing {
    void execute(std::function<void()>) { throw std::runtime_error{"no more"}; }
};

struct wants_a_name {
    void execute(std::function<void()>, char const*);
};

template <class Executor>
struct option_like {
    Executor value;
};

}  // namespace

static_assert(memo::detail::work_taker<ledger_of_work>);
static_assert(memo::detail::work_taker<ledger_of_work&>);
static_assert(!memo::detail::work_taker<ledger_of_work const&>);
static_assert(memo::detail::work_taker<counting const&>);
static_assert(memo::detail::work_taker<anything>);
static_assert(!memo::detail::work_taker<wants_a_name>);
static_assert(!memo::detail::work_taker<int>);
static_assert(memo::detail::carries_executor<option_like<counting>>);
static_assert(!memo::detail::carries_executor<option_like<int>>);
static_assert(!memo::detail::carries_executor<counting>);

TEST_SUITE("executor") {
    TEST_CASE("executor: an lvalue is kept by reference, and all copies use it") {
        ledger_of_work mine;
        worker const first{mine};
        worker const second = first;
        int runs = 0;
        first.execute([&] { ++runs; });
        second.execute([&] { ++runs; });
        CHECK(runs == 0);
        REQUIRE(mine.taken.size() == 2);
        for (auto const& work : mine.taken)
            work();
        CHECK(runs == 2);
    }

    TEST_CASE("executor: a temporary is kept by value and lives as long as the last copy") {
        std::weak_ptr<int> alive;
        {
            worker copy;
            {
                counting made;
                alive = made.runs;
                worker const original{std::move(made)};
                copy = original;
            }
            int runs = 0;
            copy.execute([&] { ++runs; });
            CHECK(runs == 1);
            REQUIRE_FALSE(alive.expired());
            CHECK(*alive.lock() == 1);
        }
        CHECK(alive.expired());
    }

    TEST_CASE("executor: an option is looked into, for a value and for a reference") {
        counting const mine;
        worker const by_reference{option_like<counting const&>{mine}};
        worker const by_value = option_like<counting>{mine};
        by_reference.execute([] {});
        by_value.execute([] {});
        CHECK(*mine.runs == 2);
    }

    TEST_CASE("executor: what the executor throws when it refuses comes through, and the work is gone") {
        worker const refuses{refusing{}};
        auto const token = std::make_shared<int>();
        CHECK_THROWS_WITH_AS(refuses.execute([token] {}), "no more", std::runtime_error);
        CHECK(token.use_count() == 1);
    }

    TEST_CASE("executor: without one the work is done in a thread of the process's pool") {
        std::promise<std::thread::id> told;
        worker{}.execute([&] { told.set_value(std::this_thread::get_id()); });
        CHECK(told.get_future().get() != std::this_thread::get_id());
    }
}
