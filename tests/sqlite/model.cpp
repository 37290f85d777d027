#include "folder.hpp"
#include "store/byte_model.hpp"

#include <memo/store/sqlite.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

TEST_CASE("sqlite_store: whatever is done to it, it says what a plain model says") {
    folder const place{folder::in_memory()};
    int made = 0;
    byte_model::check([&](memo::manual_clock const& clock) {
        return memo::sqlite_store{place / (std::to_string(++made) + ".db"), {.timeout = 10s, .clock = clock}};
    });
}
