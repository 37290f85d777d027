#include <memo/testing/inline_executor.hpp>

#include <memo/base/executor.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <thread>

using memo::inline_executor;

static_assert(memo::detail::work_taker<inline_executor>);
static_assert(memo::detail::work_taker<inline_executor const&>);

TEST_CASE("inline_executor: work is over when execute returns, and ran in the thread that called") {
    std::thread::id where;
    memo::detail::worker{inline_executor{}}.execute([&] { where = std::this_thread::get_id(); });
    CHECK(where == std::this_thread::get_id());
}

TEST_CASE("inline_executor: what the work throws comes through") {
    CHECK_THROWS_WITH_AS(inline_executor{}.execute([] { throw std::runtime_error{"mine"}; }), "mine", std::runtime_error);
}

TEST_CASE("inline_executor: work may execute more work, which runs within it") {
    inline_executor const now;
    int depth = 0;
    int deepest = 0;
    now.execute([&] {
        ++depth;
        now.execute([&] { deepest = ++depth; });
    });
    CHECK(deepest == 2);
}
