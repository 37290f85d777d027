#include "folder.hpp"

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/sqlite.hpp>
#include <memo/testing/byte_store_laws.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace {

void check_laws(memo::sqlite_mode mode) {
    folder const place{folder::in_memory()};
    memo::manual_clock clock;
    int made = 0;
    auto const make = [&] {
        return memo::sqlite_store{place / std::to_string(++made) + ".db",
                                  {.mode = mode, .timeout = std::chrono::seconds{10}, .clock = clock}};
    };
    auto const pass = [&](memo::duration span) { clock.advance(span); };
    auto const again = [&](memo::shared_store const& store) -> memo::shared_store {
        return memo::sqlite_store{store->info()["address"], {.mode = mode, .timeout = std::chrono::seconds{10}, .clock = clock}};
    };
    CHECK_NOTHROW(memo::testing::byte_store_laws(make, pass, again));
}

}  // namespace

TEST_SUITE("concurrent") {
    TEST_CASE("sqlite_store: a file keeps the laws of stores of bytes, fast") { check_laws(memo::sqlite_mode::fast); }
    TEST_CASE("sqlite_store: a file keeps the laws of stores of bytes, durable") { check_laws(memo::sqlite_mode::durable); }
}
