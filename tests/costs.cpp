#include "store/sample.hpp"

#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <random>

using namespace std::chrono_literals;
using memo::detail::memory_store;
using sample::key;
using sample::tagged;

namespace {

using numbers = memory_store<std::int64_t, memo::lru_order>;

constexpr auto now = 1000ns;

/// Seconds of this process's work, so that a busy machine changes nothing.
template <class Act>
double seconds(Act act) {
    auto const begun = std::clock();
    act();
    return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("memory_engine: a tag of ten times as many entries goes in about ten times the time") {
    auto const evict = [](std::uint64_t entries) {
        numbers store{sample::unbounded};
        for (std::uint64_t number = 0; number != entries; ++number) store.set(key{number}, 1, tagged({"a"}), 0);
        return seconds([&] { CHECK(store.erase_tag("a").count() == entries); });
    };
    evict(1'000);
    CHECK(evict(100'000) < 40 * evict(10'000) + 0.05);
}

TEST_CASE("memory_engine: with lfu a read among ten times as many entries costs about as much") {
    auto const read = [](std::uint64_t entries) {
        memory_store<std::int64_t, memo::lfu_order> store{sample::unbounded};
        for (std::uint64_t number = 0; number != entries; ++number) store.set(key{number}, 1, {}, 0);
        std::minstd_rand chance{1};
        return seconds([&] {
            for (int reads = 0; reads != 100'000; ++reads) store.get(key{chance() % entries}, now);
        });
    };
    read(1'000);
    CHECK(read(100'000) < 8 * read(10'000) + 0.05);
}
