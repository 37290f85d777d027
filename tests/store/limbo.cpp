#include "store/mortal.hpp"

#include <memo/base/epoch.hpp>
#include <memo/store/limbo.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <thread>

using memo::detail::limbo;
using memo::detail::pin;
using haste = memo::detail::limbo::haste;

TEST_CASE("limbo: what is in haste ends before take returns, when nobody reads") {
    std::size_t ended = 0;
    limbo readers{&mortal::end};
    readers.take(new mortal{1, ended}, haste::now);
    CHECK(ended == 1);
}

TEST_CASE("limbo: what somebody may read stays until the reader is gone, and then ends with the next") {
    std::size_t ended = 0;
    limbo readers{&mortal::end};
    {
        pin const reading;
        REQUIRE(reading.stands());
        readers.take(new mortal{1, ended}, haste::now);
        CHECK(ended == 0);
    }
    readers.take(new mortal{1, ended}, haste::now);
    CHECK(ended == 2);
}

TEST_CASE("limbo: a reader that came later keeps nothing that went before") {
    std::size_t ended = 0;
    limbo readers{&mortal::end};
    {
        pin const reading;
        readers.take(new mortal{1, ended}, haste::now);
    }
    pin const later;
    readers.take(new mortal{1, ended}, haste::now);
    CHECK(ended == 1);
}

TEST_CASE("limbo: a pin within a pin ends nothing early") {
    std::size_t ended = 0;
    limbo readers{&mortal::end};
    pin const outer;
    { pin const inner; }
    readers.take(new mortal{1, ended}, haste::now);
    CHECK(ended == 0);
}

TEST_CASE("limbo: those who may wait end 64 at a time, or by their bytes") {
    std::size_t ended = 0;
    limbo readers{&mortal::end};
    for (int waiting = 0; waiting != 63; ++waiting) readers.take(new mortal{1, ended}, haste::may_wait);
    CHECK(ended == 0);
    readers.take(new mortal{1, ended}, haste::may_wait);
    CHECK(ended == 64);
    auto* const heavy = new mortal{1, ended};
    heavy->bytes = 65'536;
    readers.take(heavy, haste::may_wait);
    CHECK(ended == 65);
}

TEST_CASE("limbo: with its end, all ends") {
    std::size_t ended = 0;
    {
        limbo readers{&mortal::end};
        readers.take(new mortal{1, ended}, haste::may_wait);
        pin const reading;
        readers.take(new mortal{1, ended}, haste::now);
        CHECK(ended == 0);
    }
    CHECK(ended == 2);
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("limbo: the pin of another thread counts as much") {
    std::size_t ended = 0;
    limbo readers{&mortal::end};
    std::atomic<int> step{0};
    auto const wait_for = [&](int next) {
        for (int seen = step; seen != next; seen = step) step.wait(seen);
    };
    auto const go_to = [&](int next) {
        step = next;
        step.notify_all();
    };
    std::thread reader{[&] {
        pin const reading;
        go_to(1);
        wait_for(2);
    }};
    wait_for(1);
    readers.take(new mortal{1, ended}, haste::now);
    CHECK(ended == 0);
    go_to(2);
    reader.join();
    readers.take(new mortal{1, ended}, haste::now);
    CHECK(ended == 2);
}

TEST_SUITE_END();
