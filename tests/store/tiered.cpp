#include "store/byte_model.hpp"
#include "store/simple_bytes.hpp"
#include "store/watched_bytes.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/codec/record.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/store/prefixed.hpp>
#include <memo/store/tiered.hpp>
#include <memo/testing/byte_store_laws.hpp>
#include <memo/testing/manual_clock.hpp>
#include <memo/testing/recording_store.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr memo::entry_name user{"c", "user:1"};
constexpr memo::entry_name other{"c", "user:2"};

memo::duration now_of(memo::manual_clock const& clock) { return clock.now().time_since_epoch(); }

memo::shared_store memory(memo::manual_clock const& clock) { return memo::memory_bytes_store{{.clock = clock}}; }

memo::shared_store two_tiers(memo::manual_clock const& clock, memo::shared_store far, memo::duration near_ttl = 1h) {
    return memo::tiered(memory(clock), std::move(far), {.near_ttl = near_ttl, .clock = clock});
}

std::string record(memo::detail::record_times const& times, std::string_view payload, std::vector<std::string_view> tags = {}) {
    memo::detail::record one;
    one.times = times;
    one.tags = std::move(tags);
    one.payload = payload;
    return memo::detail::write_record(one);
}

std::string text_of(std::optional<std::string> const& bytes) {
    memo::detail::record one;
    if (!bytes || memo::detail::read_record(*bytes, one) != memo::detail::flaw::none) return "none";
    return std::string{one.payload};
}

}  // namespace

TEST_CASE("tiered: says what a model says, over one tier, two, and behind prefixes") {
    byte_model::check([](memo::manual_clock const& clock) { return two_tiers(clock, memory(clock)); });
    byte_model::check([](memo::manual_clock const& clock) { return two_tiers(clock, two_tiers(clock, memory(clock))); });
    byte_model::check([](memo::manual_clock const& clock) {
        return memo::prefixed(two_tiers(clock, memo::prefixed(memory(clock), "far:")), "all:");
    });
    byte_model::check([](memo::manual_clock const& clock) { return two_tiers(clock, memory(clock), 2ms); });
}

TEST_CASE("tiered: what was read once is read near from then on, one by one and together") {
    memo::manual_clock const clock;
    auto const far = std::make_shared<watched_bytes>(memory(clock));
    auto const store = two_tiers(clock, far);
    for (auto const at : {user, other}) store->set(at, {record({}, at.name)});
    for (int time = 0; time != 3; ++time) CHECK(text_of(store->get(user)) == "user:1");
    CHECK(far->reads == 1);
    memo::entry_name const both[]{other, user, {"c", "nobody"}};
    for (int time = 0; time != 2; ++time) {
        auto const found = store->get_many(both);
        CHECK(text_of(found[0]) == "user:2");
        CHECK(text_of(found[1]) == "user:1");
        CHECK_FALSE(found[2]);
    }
    CHECK(far->reads == 3);
    CHECK(text_of(store->get(other)) == "user:2");
    CHECK(far->reads == 3);
}

TEST_CASE("F40 tiered: through three tiers a record is of its true age, and no copy outlives it") {
    memo::manual_clock clock;
    auto const far = memory(clock);
    auto const middle = two_tiers(clock, far);
    auto const store = two_tiers(clock, middle);
    auto const begun = now_of(clock);
    memo::detail::record_times const times{
        .created = begun, .ttl = 6s, .grace = 4s, .touched = begun, .read = begun, .cost = 3ms, .failures = 2};
    store->set(user, {.record = record(times, "seven"), .lifetime = 10s});
    for (int second = 0; second != 10; ++second) {
        for (auto const& tier : {store, middle, far}) {
            auto const bytes = tier->get(user);
            memo::detail::record found;
            REQUIRE(bytes);
            REQUIRE(memo::detail::read_record(*bytes, found) == memo::detail::flaw::none);
            CHECK(found.times == times);
            CHECK(now_of(clock) - found.times.created == std::chrono::seconds{second});
        }
        clock.advance(1s);
    }
    for (auto const& tier : {store, middle, far}) CHECK_FALSE(tier->get(user));
}

TEST_CASE("F40 tiered: a copy lives no longer than what is left of its record, whenever it is made") {
    for (auto const read_at : {0s, 1s, 5s, 9s}) {
        memo::manual_clock clock;
        auto const far = std::make_shared<watched_bytes>(memory(clock));
        auto const store = two_tiers(clock, far);
        auto const begun = now_of(clock);
        store->set(user, {.record = record({.created = begun, .ttl = 6s, .grace = 4s, .touched = begun, .read = begun}, "seven"),
                          .lifetime = 10s});
        clock.advance(read_at);
        CHECK(store->get(user));
        far->down = true;
        clock.advance(10s - read_at - 1ms);
        CHECK(store->get(user));
        clock.advance(1ms);
        CHECK_THROWS_AS(store->get(user), memo::connection_error);
    }
}

TEST_CASE("F40 tiered: a record that nobody reads for its idle time is gone near, too") {
    memo::manual_clock clock;
    auto const far = std::make_shared<watched_bytes>(memory(clock));
    auto const store = two_tiers(clock, far);
    auto const begun = now_of(clock);
    store->set(user,
               {.record = record({.created = begun, .idle = 2s, .touched = begun, .read = begun}, "seven"), .lifetime = 2s});
    CHECK(store->get(user));
    far->down = true;
    clock.advance(2s - 1ms);
    CHECK(store->get(user));
    clock.advance(1ms);
    CHECK_THROWS_AS(store->get(user), memo::connection_error);
}

TEST_CASE("F40 tiered: a clock that went back makes no copy live longer than a whole life") {
    memo::manual_clock clock;
    auto const far = std::make_shared<watched_bytes>(memory(clock));
    auto const near_clock = memo::manual_clock{};
    auto const store = memo::tiered(memory(near_clock), far, {.near_ttl = 1h, .clock = clock});
    auto const begun = now_of(clock);
    store->set(user, {record({.created = begun, .ttl = 10s, .touched = begun, .read = begun}, "seven")});
    clock.advance(-100s);
    CHECK(store->get(user));
    far->down = true;
    memo::manual_clock{near_clock}.advance(10s);
    CHECK_THROWS_AS(store->get(user), memo::connection_error);
}

TEST_CASE("tiered: a copy lives for near_ttl at most, and then what others evicted is gone here, too") {
    memo::manual_clock clock;
    auto const far = memory(clock);
    auto const store = two_tiers(clock, far, 5s);
    store->set(user, {record({}, "seven")});
    CHECK(store->get(user));
    far->erase_all({});
    clock.advance(5s - 1ms);
    CHECK(store->get(user));
    clock.advance(1ms);
    CHECK_FALSE(store->get(user));
}

TEST_CASE("tiered: what no record says the life of is not copied") {
    memo::manual_clock const clock;
    auto const far = std::make_shared<watched_bytes>(memory(clock));
    auto const store = two_tiers(clock, far);
    store->set(user, {"no record"});
    for (int time = 0; time != 2; ++time) CHECK(store->get(user) == "no record");
    CHECK(far->reads == 2);
}

TEST_CASE("tiered: whatever evicts or writes while a copy is on its way, the copy does not come") {
    std::vector<std::string> const group{"org:7", "group"};
    auto const old = record({}, "old", {"org:7", "group"});
    auto const fresh = record({}, "fresh");
    std::vector<std::function<void(memo::byte_store&)>> const acts{
        [](memo::byte_store& on) {
            on.erase(std::span{&user, 1});
        },
        [](memo::byte_store& on) { on.erase_text({}, "user:1"); },
        [](memo::byte_store& on) { on.erase_pattern("c", "user:*"); },
        [](memo::byte_store& on) { on.erase_tag("group"); },
        [](memo::byte_store& on) { on.erase_all({}); },
        [&](memo::byte_store& on) { on.set(user, {fresh}); },
        [&](memo::byte_store& on) { on.add(user, {fresh}, memo::seal_of(old)); },
        [&](memo::byte_store& on) { on.amend(user, {fresh}, memo::seal_of(old)); },
        [&](memo::byte_store& on) { on.discard(user, memo::seal_of(old)); },
        [&](memo::byte_store& on) { on.commit(user, on.lead(user, {}), {fresh}); },
        [&](memo::byte_store& on) {
            on.set_many(std::vector<std::pair<memo::entry_name, memo::stored_bytes>>{{user, {fresh}}});
        },
        [&](memo::byte_store& on) { on.transact(std::vector<memo::change>{{user}}); },
    };
    for (bool const behind : {false, true})
        for (auto const& act : acts) {
            memo::manual_clock const clock;
            auto const far = std::make_shared<watched_bytes>(memory(clock));
            auto const both = two_tiers(clock, far);
            auto const store = behind ? memo::prefixed(both, "p:") : both;
            store->set(user, {old, group});
            far->after_read = [&] { act(*store); };
            CHECK(store->get(user) == old);
            CHECK(store->get(user) != old);
            store->erase_all({});
            store->set(user, {old, group});
            far->before_change = [&] { CHECK(store->get(user) == old); };
            act(*store);
            CHECK(store->get(user) != old);
        }
}

TEST_CASE("tiered: near copies answer while the far store is down, and an eviction takes them, though it failed") {
    memo::manual_clock const clock;
    auto const far = std::make_shared<watched_bytes>(memory(clock));
    auto const store = two_tiers(clock, far);
    auto const held = record({}, "seven", {"group"});
    std::vector<std::string> const group{"group"};
    auto const evictions = {
        +[](memo::byte_store& from) {
            return from.erase(std::span{&user, 1});
        },
        +[](memo::byte_store& from) { return from.erase_text("c", "user:1"); },
        +[](memo::byte_store& from) { return from.erase_pattern({}, "user:*"); },
        +[](memo::byte_store& from) { return from.erase_tag("group"); },
        +[](memo::byte_store& from) { return from.erase_all("c"); },
    };
    for (auto* const evict : evictions) {
        far->down = false;
        store->set(user, {held, group});
        CHECK(store->get(user) == held);
        far->down = true;
        CHECK(store->get(user) == held);
        CHECK(evict(*store).failed());
        CHECK_THROWS_AS(store->get(user), memo::connection_error);
    }
}

TEST_CASE("tiered: a write that failed takes the near copy along, for it may have been carried out") {
    memo::manual_clock const clock;
    auto const far = std::make_shared<watched_bytes>(memory(clock));
    auto const store = two_tiers(clock, far);
    auto const old = record({}, "old");
    auto const fresh = record({}, "fresh");
    std::pair<memo::entry_name, memo::stored_bytes> const many[]{{user, {fresh}}};
    memo::change const changes[]{{user, memo::stored_bytes{fresh}}};
    std::vector<std::function<void()>> const writes{
        [&] { store->set(user, {fresh}); },
        [&] { store->set_many(many); },
        [&] { store->add(user, {fresh}, memo::seal_of(old)); },
        [&] { store->amend(user, {fresh}, memo::seal_of(old)); },
        [&] { store->discard(user, memo::seal_of(old)); },
        [&] { store->commit(user, 1, {fresh}); },
        [&] { store->transact(changes); },
    };
    for (auto const& write : writes) {
        far->down = false;
        store->set(user, {old});
        CHECK(store->get(user) == old);
        far->down = true;
        CHECK_THROWS_AS(write(), memo::connection_error);
        CHECK_THROWS_AS(store->get(user), memo::connection_error);
    }
}

TEST_CASE("tiered: a miss that finds the far record newer than the near copy drops the copy") {
    memo::manual_clock const clock;
    auto const far = memory(clock);
    auto const store = two_tiers(clock, far);
    auto const old = record({}, "old");
    auto const fresh = record({}, "fresh");
    store->set(user, {old});
    CHECK(store->get(user) == old);
    far->set(user, {fresh});
    CHECK(store->open(user, {}, memo::seal_of(old), 0).record == fresh);
    CHECK(store->get(user) == fresh);
}

TEST_CASE("tiered: a miss leaves no ticket behind near, found or not, or when the far store fails") {
    memo::manual_clock const clock;
    memo::recording_store const near{memory(clock)};
    auto const far = std::make_shared<watched_bytes>(memory(clock));
    auto const store = memo::tiered(near, far, {.clock = clock});
    store->set(user, {record({}, "seven")});
    store->get(user);
    store->get(other);
    far->down = true;
    CHECK_THROWS_AS(store->get(other), memo::connection_error);
    CHECK(near.count(memo::byte_operation::lead) == 3);
    CHECK(near.count(memo::byte_operation::abandon) == 3);
}

TEST_CASE("tiered: a near store that cannot evict by tag or pattern, and copies that live for nothing, are refused") {
    memo::manual_clock const clock;
    CHECK_THROWS_AS(memo::tiered(memory(clock), memory(clock), {.near_ttl = 0s}), memo::config_error);
    auto const plain = std::make_shared<watched_bytes>(memory(clock));
    plain->able = {.tags = false};
    CHECK_THROWS_AS(memo::tiered(plain, memory(clock)), memo::config_error);
    plain->able = {.patterns = false};
    CHECK_THROWS_AS(memo::tiered(plain, memory(clock)), memo::config_error);
    CHECK_NOTHROW(memo::tiered(memory(clock), memory(clock), {.near_ttl = memo::forever}));
}

TEST_SUITE_BEGIN("concurrent");

TEST_CASE("tiered: keeps the laws of byte stores, with everything that is read copied near") {
    memo::manual_clock clock;
    auto const make = [&] {
        auto const far = std::make_shared<simple::bytes>(memo::detail::time_source{clock});
        auto const read = [far](memo::entry_name at, std::string_view) -> std::optional<memo::detail::copy_terms> {
            if (auto found = far->terms(at)) return memo::detail::copy_terms{std::move(found->first), found->second};
            return std::nullopt;
        };
        return memo::detail::tiered_by(read, memory(clock), far, memo::duration::max());
    };
    CHECK_NOTHROW(memo::testing::byte_store_laws(
        make, [&](memo::duration span) { clock.advance(span); }, [](memo::shared_store const& store) { return store; }));
}

TEST_CASE("tiered: a copy on its way never puts back what was evicted, or overwritten, meanwhile") {
    memo::manual_clock const clock;
    auto const store = two_tiers(clock, memory(clock));
    std::vector<std::string> const group{"group"};
    std::atomic<int> source{0};
    std::atomic<bool> done{false};
    std::atomic<int> stale{0};
    auto const write = [&](int round) {
        auto const bytes = record({}, std::to_string(round), {"group"});
        switch (round % 8) {
            case 0:
                store->set(user, {bytes, group});
                break;
            case 1:
                store->erase(std::span{&user, 1});
                break;
            case 2:
                store->erase_tag("group");
                break;
            case 3:
                store->erase_pattern({}, "user:*");
                break;
            case 4:
                store->transact(std::vector<memo::change>{{user, memo::stored_bytes{bytes, group}}});
                break;
            case 5:
                store->erase_text("c", "user:1");
                break;
            case 6:
                store->erase_all({});
                break;
            default:
                store->commit(user, store->lead(user, group), {bytes, group});
        }
    };
    auto const read = [&] {
        auto const least = source.load();
        auto const text = text_of(store->get(user));
        if (text != "none" && std::stoi(text) < least) ++stale;
    };
    {
        std::vector<std::jthread> readers;
        for (int thread = 0; thread != 3; ++thread)
            readers.emplace_back([&] {
                while (!done) read();
            });
        auto const until = memo::detail::real_time() + 300ms;
        for (int round = 1; round < 500 || memo::detail::real_time() < until; ++round) {
            write(round);
            // what was there before this round is gone: evicted, or overwritten
            source = round;
            read();
            std::this_thread::yield();
        }
        done = true;
    }
    CHECK(stale == 0);
}

TEST_SUITE_END();
