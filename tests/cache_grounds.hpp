#pragma once

#include "folder.hpp"

#include <memo/cache.hpp>
#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/store/prefixed.hpp>
#include <memo/store/tiered.hpp>
#include <memo/testing/manual_clock.hpp>
#if MEMO_HAS_REDIS
#include "live/redis_server.hpp"
#endif
#if MEMO_HAS_SQLITE
#include <memo/store/sqlite.hpp>
#endif

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

/// What a cache may stand on: what its contract says holds on each.
struct ground {
    std::string name;
    std::function<memo::shared_store(memo::manual_clock const& time)> store;  ///< a fresh one each time
};

inline std::vector<ground> const& grounds() {
    static int number = 0;
    static std::vector<ground> const all = [] {
        std::vector<ground> found{
            {"memory", [](auto const&) { return memo::memory_bytes_store{}; }},
            {"prefixed", [](auto const&) { return memo::prefixed(memo::memory_bytes_store{}, "shop:"); }},
            {"tiered", [](auto const& time) {
                 return memo::tiered(memo::memory_bytes_store{}, memo::memory_bytes_store{}, {.near_ttl = memo::forever, .clock = time});
             }}};
#if MEMO_HAS_SQLITE
        static folder const files;
        found.push_back({"sqlite", [](auto const&) {
                             return memo::sqlite_store{files / (std::to_string(++number) + ".db"), {.timeout = std::chrono::seconds{10}}};
                         }});
#endif
#if MEMO_HAS_REDIS
        static live::redis_server const server;
        found.push_back({"redis", [](auto const&) {
                             auto options = server.over_unix();
                             options.prefix = "cache" + std::to_string(++number) + ":";
                             return memo::redis_store{options};
                         }});
#endif
        return found;
    }();
    return all;
}

/// A cache in a manager of its own, on each of the grounds, with time that passes when the test says so.
struct stand {
    explicit stand(ground const& on) : store{on.store(time)} {}

    memo::manual_clock time{};
    memo::shared_store store;
    memo::manager m{};
    memo::cache c{store, memo::in(m), memo::clock(time)};
};

template <class Fn>
void on_each(Fn const& fn) {
    for (auto const& where : grounds()) {
        INFO("on ", where.name);
        stand on{where};
        fn(on);
    }
}
