#include "live/redis_server.hpp"
#include "store/byte_model.hpp"

#include <memo/base/clock.hpp>
#include <memo/store/redis.hpp>
#include <memo/testing/byte_store_laws.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using memo::duration;
using memo::redis_store;
using memo::shared_store;
using namespace std::chrono_literals;

namespace {

using live::server;

/// The server's clock is the system's: instead of it, every lifetime there moves.
void pass(duration span) {
    auto const milliseconds = std::to_string(std::chrono::ceil<std::chrono::milliseconds>(span).count());
    server().command({"EVAL", R"lua(
        for _, key in ipairs(redis.call('KEYS', '*')) do
            local left = redis.call('PTTL', key)
            if left >= 0 and left <= tonumber(ARGV[1]) then redis.call('DEL', key) end
            if left > tonumber(ARGV[1]) then redis.call('PEXPIRE', key, left - ARGV[1]) end
        end)lua",
                      "0", milliseconds});
}

/// Stores with a prefix are alone behind it; one without has the whole database, which was emptied.
struct workshop {
    bool over_unix;
    bool prefixed;

    shared_store operator()() const {
        static int stores = 0;
        auto options = over_unix ? server().over_unix() : server().over_tcp();
        options.timeout = 20s;
        if (prefixed)
            options.prefix = "app[" + std::to_string(++stores) + "*]:";
        server().command({"FLUSHALL"});
        return redis_store{options};
    }
};

void obeys_laws(workshop make) {
    memo::testing::byte_store_laws(
        make, pass, [make](shared_store const& store) -> shared_store {
            auto options = make.over_unix ? server().over_unix() : server().over_tcp();
            options.timeout = 20s;
            options.prefix = store->prefix();
            return redis_store{options};
        });
}

}  // namespace

TEST_SUITE("redis_store keeps the laws of stores of bytes") {
    TEST_CASE("redis_store: over TCP") { obeys_laws({.over_unix = false, .prefixed = false}); }
    TEST_CASE("redis_store: over a unix socket") { obeys_laws({.over_unix = true, .prefixed = false}); }
    TEST_CASE("redis_store: behind a prefix, over TCP") { obeys_laws({.over_unix = false, .prefixed = true}); }
    TEST_CASE("redis_store: does on any commands what a plain model of a store does") {
        workshop const make{.over_unix = true, .prefixed = true};
        byte_model::check([&](memo::manual_clock const&) { return make(); }, byte_model::match::time::far_away);
    }
    TEST_CASE("redis_store: behind a prefix, over a unix socket") { obeys_laws({.over_unix = true, .prefixed = true}); }
}
