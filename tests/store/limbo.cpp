#include "store/mortal.hpp"

#include <memo/base/epoch.hpp>
#include <memo/store/limbo.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <thread>

using memo::detail::epochs;
using memo::detail::grace;
using memo::detail::limbo;
using memo::detail::pin;
using haste = memo::detail::limbo::haste;

TEST_CASE("limbo: what is in haste ends before take returns, when nobody reads") {
    std::size_t ended = 0;
    limbo readers{&mortal::end, {64, 65'536}};
    readers.take(new mortal{1, ended}, haste::now);
    CHECK(ended == 1);
}

TEST_CASE("limbo: what somebody may read stays until the reader is gone, and then ends with the next") {
    std::size_t ended = 0;
    limbo readers{&mortal::end, {64, 65'536}};
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
    limbo readers{&mortal::end, {64, 65'536}};
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
    limbo readers{&mortal::end, {64, 65'536}};
    pin const outer;
    { pin const inner; }
    readers.take(new mortal{1, ended}, haste::now);
    CHECK(ended == 0);
}

TEST_CASE("limbo: those who may wait do so for a company, and one more, and then one ends with each that comes") {
    std::size_t ended = 0;
    limbo readers{&mortal::end, {64, 65'536}};
    auto const take = [&](int many) {
        for (int taken = 0; taken != many; ++taken) readers.take(new mortal{1, ended}, haste::may_wait);
    };
    take(127);
    CHECK(ended == 0);
    take(1);
    CHECK(ended == 1);
    take(63);
    CHECK(ended == 64);
    take(64);
    CHECK(ended == 128);
}

TEST_CASE("limbo: the grace that one began serves all who announced before") {
    std::size_t ended = 0;
    limbo first{&mortal::end, {64, 65'536}};
    limbo second{&mortal::end, {64, 65'536}};
    auto const take = [&](limbo& by, int many) {
        for (int taken = 0; taken != many; ++taken) by.take(new mortal{1, ended}, haste::may_wait);
    };
    take(first, 64);
    take(second, 64);
    auto const before = epochs::now.load();
    take(first, 64);
    CHECK(ended == 1);
    CHECK(epochs::now.load() == before + 1);
    take(second, 64);
    CHECK(ended == 2);
    CHECK(epochs::now.load() == before + 1);

    // and for those who announced since, it does not
    take(second, 64);
    CHECK(epochs::now.load() == before + 2);
}

TEST_CASE("limbo: a grace that somebody began before is none for what left since") {
    std::size_t ended = 0;
    limbo readers{&mortal::end, {64, 65'536}};
    pin const reading;
    for (int taken = 0; taken != 64; ++taken) readers.take(new mortal{1, ended}, haste::may_wait);
    static_cast<void>(grace::begin());
    for (int taken = 0; taken != 640; ++taken) readers.take(new mortal{1, ended}, haste::may_wait);
    CHECK(ended == 0);
}

TEST_CASE("limbo: no more bytes wait than may, and what is heavy waits for nobody") {
    std::size_t ended = 0;
    limbo readers{&mortal::end, {64, 1'000}};
    for (int taken = 0; taken != 9; ++taken) {
        auto* const light = new mortal{1, ended};
        light->bytes = 100;
        readers.take(light, haste::may_wait);
    }
    CHECK(ended == 0);
    auto* const heavy = new mortal{1, ended};
    heavy->bytes = 1'000;
    readers.take(heavy, haste::may_wait);
    CHECK(ended == 10);
}

TEST_CASE("limbo: those who waited for a reader that stayed long all end soon after it") {
    std::size_t ended = 0;
    limbo readers{&mortal::end, {64, 65'536}};
    {
        pin const reading;
        for (int taken = 0; taken != 640; ++taken) readers.take(new mortal{1, ended}, haste::may_wait);
        CHECK(ended == 0);
    }
    for (int taken = 0; taken != 128; ++taken) readers.take(new mortal{1, ended}, haste::may_wait);
    CHECK(ended >= 640);
}

TEST_CASE("limbo: nothing more need come for those who wait to end") {
    std::size_t ended = 0;
    limbo readers{&mortal::end, {64, 65'536}};
    readers.take(nullptr, haste::now);
    readers.take(new mortal{1, ended}, haste::may_wait);
    readers.take(nullptr, haste::now);
    CHECK(ended == 1);
}

TEST_CASE("limbo: with its end, all ends") {
    std::size_t ended = 0;
    {
        limbo readers{&mortal::end, {64, 65'536}};
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
    limbo readers{&mortal::end, {64, 65'536}};
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
