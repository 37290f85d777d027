#include <memo/call/background.hpp>

#include <memo/testing/inline_executor.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <latch>
#include <thread>

using namespace std::chrono_literals;
using memo::detail::background;

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("F34 background: its end waits for a shift that runs, and none begins after it") {
    background behind{memo::inline_executor{}, 1h};
    std::latch begun{1};
    std::latch go_on{1};
    bool over = false;
    std::jthread const worker{[&] {
        background::shift const mine{behind};
        CHECK(mine.begun());
        begun.count_down();
        go_on.wait();
        over = true;
    }};
    begun.wait();
    std::jthread const other{[&] { go_on.count_down(); }};
    behind.close();
    CHECK(over);
    CHECK(behind.closed());
    CHECK_FALSE(background::shift{behind}.begun());
}

TEST_CASE("F34 background: its end does not wait for a shift of its own thread, nor longer than its patience") {
    background behind{memo::inline_executor{}, 1us};
    background::shift const mine{behind};
    background::shift const within{behind};
    behind.close();
    CHECK(behind.closed());

    background other{memo::inline_executor{}, 1us};
    std::latch begun{1};
    std::latch closed{1};
    std::jthread const hangs{[&] {
        background::shift const never_ending{other};
        begun.count_down();
        closed.wait();
    }};
    begun.wait();
    other.close();
    closed.count_down();
}

TEST_SUITE_END();
