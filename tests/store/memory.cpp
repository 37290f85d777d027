#include "store/duel.hpp"
#include "store/sample.hpp"
#include "store/scarce.hpp"

#include <memo/base/stats.hpp>
#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/policy/sieve.hpp>
#include <memo/store/memory.hpp>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

thread_local std::size_t until_failure = 0;

void* allocate(std::size_t size, std::size_t alignment) {
    if (until_failure != 0 && --until_failure == 0) throw std::bad_alloc{};
    auto const whole = (size + alignment - 1) / alignment * alignment;
    if (auto* const block = std::aligned_alloc(alignment, whole == 0 ? alignment : whole)) return block;
    throw std::bad_alloc{};
}

}  // namespace

scarce::memory::memory(std::size_t nth) noexcept { until_failure = nth; }
scarce::memory::~memory() { until_failure = 0; }
bool scarce::ran_out() noexcept { return until_failure == 0; }

void* operator new(std::size_t size) { return allocate(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__); }
void* operator new(std::size_t size, std::align_val_t at) { return allocate(size, static_cast<std::size_t>(at)); }
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
    try {
        return operator new(size);
    } catch (std::bad_alloc const&) {
        return nullptr;
    }
}
void* operator new(std::size_t size, std::align_val_t at, std::nothrow_t const&) noexcept {
    try {
        return operator new(size, at);
    } catch (std::bad_alloc const&) {
        return nullptr;
    }
}
// inlined, gcc would take them for a mismatch
[[gnu::noinline]] void operator delete(void* block) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::nothrow_t const&) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::align_val_t) noexcept { std::free(block); }
[[gnu::noinline]] void operator delete(void* block, std::size_t, std::align_val_t) noexcept { std::free(block); }

using namespace std::chrono_literals;
using memo::detail::memory_limits;
using memo::detail::memory_store;
using sample::key;
using sample::many;
using sample::tagged;

namespace {

template <class Held, class Order>
void play_against_the_model(napkin::leaving policy) {
    for (std::size_t const entries : {std::size_t{1}, std::size_t{2}, std::size_t{10}, many}) {
        CHECK(rc::check([&](bool all_meet, bool exact_order) {
            auto const weight = *rc::gen::element(many, many, std::size_t{12}, std::size_t{4});
            duel::match<Held, Order> one{policy, {entries, weight, exact_order, 10ns}, all_meet};
            for (auto const& command : *duel::commands()) one.play(command);
        }));
    }
}

struct attentive_order : memo::sieve_order {
    static inline int heard = 0;
    static bool watches(std::uint64_t place) noexcept { return place == 1; }
    static void watch(std::uint64_t) noexcept { ++heard; }
};

}  // namespace

TEST_CASE("memory_store: an order hears of each read at a place that it watches, and of no other") {
    memory_store<int, attentive_order> store{sample::unbounded};
    key const heard{1, 1}, unheard{2, 2};
    for (auto const& one : {heard, unheard}) store.set(one, 7, {}, 0);
    for (int read = 0; read != 20; ++read) CHECK(store.look((read % 2 == 0 ? heard : unheard).view(), 0s));
    CHECK(attentive_order::heard == 10);
}

TEST_CASE("memory: with fifo it does in every detail what the model does") {
    play_against_the_model<std::int64_t, memo::fifo_order>(napkin::leaving::fifo);
}

TEST_CASE("memory: with lru it does in every detail what the model does") {
    play_against_the_model<std::int64_t, memo::lru_order>(napkin::leaving::lru);
}

TEST_CASE("memory: with lfu it does in every detail what the model does") {
    play_against_the_model<std::int64_t, memo::lfu_order>(napkin::leaving::lfu);
}

TEST_CASE("memory: results behind a pointer are held as those in place are") {
    play_against_the_model<sample::text_ptr, memo::fifo_order>(napkin::leaving::fifo);
    play_against_the_model<sample::text_ptr, memo::lru_order>(napkin::leaving::lru);
    play_against_the_model<sample::text_ptr, memo::lfu_order>(napkin::leaving::lfu);
}

TEST_CASE("F28 memory: weights of nothing, one and half of all numbers add up to what is held, whatever ends it") {
    constexpr std::size_t weights[]{0, 1, std::size_t{1} << 63, many};
    for (std::size_t const bound : {std::size_t{1}, std::size_t{1} << 63, many}) {
        memory_store<std::int64_t, memo::lru_order> store{{3, bound, true, 60s}};
        std::uint64_t step = 0;
        for (auto const weight : weights)
            for (auto const next : weights)
                for (std::uint64_t number = 0; number != 5; ++number, ++step) {
                    auto kept = sample::weighing(step % 2 == 0 ? weight : next);
                    kept.ttl = 1s;
                    auto const outcome = store.set(key{number}, 1, kept, 0);
                    REQUIRE((outcome == memo::detail::store_outcome::stored) == (kept.weight <= bound));
                    if (step % 3 == 0) store.erase(key{number});
                    if (step % 7 == 0) store.get(key{number}, 1s);
                    REQUIRE(store.size() <= 3);
                    REQUIRE(store.validate());
                }
        store.erase_all();
        CHECK(store.size() == 0);
        CHECK(store.set(key{1}, 1, sample::weighing(bound), 0) == memo::detail::store_outcome::stored);
        CHECK(store.validate());
    }
}

namespace {

/// Runs `act`. Returns: whether it ran to its end, and not out of memory.
template <class Act>
bool attempt(Act act) {
    try {
        act();
        return true;
    } catch (std::bad_alloc const&) {
        return false;
    }
}

/// One life of a store in which the nth allocation fails. Returns: whether it came to that.
template <class Held, class Order, memo::detail::copies Copies>
bool live_with_scarce_memory(std::size_t nth, memory_limits limits) {
    memory_store<Held, Order, Copies> store{limits};
    auto const make_run = [&](std::uint64_t number) {
        return sample::lease_for(key{number}, {"x" + std::to_string(number)});
    };
    std::vector<std::shared_ptr<memo::detail::lease>> runs;
    runs.reserve(40);
    bool sound = true, failed = false;
    auto const step = [&](auto act) {
        bool const survived = attempt(act);
        failed = failed || !survived;
        sound = sound && store.validate() && store.size() <= limits.entries;
        return survived;
    };
    {
        scarce::memory const little{nth};
        for (std::uint64_t number = 0; number != 20; ++number) {
            step([&] {
                auto const group = "group " + std::to_string(number) + " whose name needs memory";
                store.set(key{number}, sample::result<Held>(1), tagged({group, group, "all", group + "!"}), 8);
            });
            step([&] { runs.push_back(make_run(number + 10)), store.open(runs.back(), true); });
        }
        for (auto const& mine : runs)
            if (!step([&] { store.commit(*mine, sample::result<Held>(2), tagged(mine->tags()), 8); }))
                store.abandon(*mine);
        for (std::uint64_t number = 0; number != 30; ++number)
            step([&] { store.get(key{number}, 0ns), store.touch(key{number}, 5s, 0ns); });
        step([&] { store.facts(key{12}, 0ns); });
        step([&] { store.erase_tag("all"), store.erase(key{12}); });
        failed = failed || scarce::ran_out();
    }
    for (auto const& mine : runs) sound = sound && !mine->standing();
    for (std::uint64_t number = 0; number != 30; ++number)
        store.set(key{number}, sample::result<Held>(3), tagged({"later"}), 0);
    CHECK(sound);
    CHECK(store.validate());
    CHECK(store.peek(key{29}, 0ns).has_value());
    CHECK(store.erase_tag("later").count() == std::min<std::size_t>(30, limits.entries));
    return failed;
}

template <class Held, class Order, memo::detail::copies Copies = memo::detail::copies::none>
void live_with_every_failure(memory_limits limits) {
    std::size_t nth = 1;
    while (live_with_scarce_memory<Held, Order, Copies>(nth, limits)) ++nth;
    CHECK(nth > 100);
}

}  // namespace

TEST_CASE("memory: F23 whichever allocation fails, the store stays whole and goes on") {
    live_with_every_failure<std::int64_t, memo::lru_order>({many, many, true, 60s});
    live_with_every_failure<std::int64_t, memo::sieve_order, memo::detail::copies::beside_keys>({many, many, true, 60s});
    live_with_every_failure<std::int64_t, memo::lfu_order>({7, many, true, 60s});
    live_with_every_failure<sample::text_ptr, memo::lfu_order>({many, many, false, 60s});
    live_with_every_failure<sample::text_ptr, memo::fifo_order>({7, many, false, 60s});
}

namespace {

/// Calls `on_end` when it ends, unless that is what ends it.
struct probe {
    ~probe() {
        ++ended;
        if (std::exchange(inside, true)) return;
        on_end();
        inside = false;
    }
    static inline std::function<void()> on_end;
    static inline std::size_t ended = 0;
    static inline bool inside = false;
};

using probe_ptr = std::shared_ptr<probe const>;
using probes = memory_store<probe_ptr, memo::lru_order>;

/// Every verb there is, at the places that are in use.
void call_everything(probes& store) {
    auto const old = sample::living(0ns, 1ns);
    for (std::uint64_t number = 0; number != 3; ++number) {
        key const at{number};
        store.get(at, 0ns);
        store.peek(at, 0ns);
        store.facts(at, 0ns);
        store.touch(at, 5s, 0ns);
        store.set(at, nullptr, old, 0);
        auto const mine = sample::lease_for(at);
        store.open(mine, true);
        store.begin(sample::lease_for(at), 2ns, true);
        store.commit(*mine, nullptr, old, 0);
        store.abandon(*mine);
        store.erase_text(at.place, at.text);
        store.erase(at);
    }
    store.erase_tag("a");
    store.erase_if(memo::evict_cause::pattern, [](auto const&) { return false; });
    store.sweep(100s);
    memo::stats sum;
    store.count_into(sum);
    CHECK(store.validate());
}

struct ending {
    char const* name;
    std::function<void(probes&)> act;
};

/// What ends the result of key 1, which is tagged and lives for 10 ns, in a store for two entries and 100 of weight.
std::vector<ending> ends() {
    return {
        {"set", [](probes& store) { store.set(key{1}, nullptr, {}, 0); }},
        {"set of what is too heavy", [](probes& store) { store.set(key{1}, nullptr, sample::weighing(101), 0); }},
        {"set of others", [](probes& store) { store.set(key{2}, nullptr, {}, 0), store.set(key{3}, nullptr, {}, 0); }},
        {"erase", [](probes& store) { store.erase(key{1}); }},
        {"erase_text", [](probes& store) { store.erase_text(key{1}.place, "k:1"); }},
        {"erase_tag", [](probes& store) { store.erase_tag("a"); }},
        {"erase_if",
         [](probes& store) { store.erase_if(memo::evict_cause::cleared, [](auto const&) { return true; }); }},
        {"erase_all", [](probes& store) { store.erase_all(); }},
        {"get", [](probes& store) { store.get(key{1}, 20ns); }},
        {"begin",
         [](probes& store) {
             auto const mine = sample::lease_for(key{1});
             store.begin(mine, 20ns, true);
             store.abandon(*mine);
         }},
        {"touch", [](probes& store) { store.touch(key{1}, 0ns, 0ns); }},
        {"sweep", [](probes& store) { store.sweep(100s); }},
        {"commit",
         [](probes& store) {
             auto const mine = sample::lease_for(key{1});
             store.open(mine, true);
             store.commit(*mine, nullptr, {}, 0);
         }},
        {"commit that is fenced",
         [](probes& store) {
             auto const mine = sample::lease_for(key{1});
             store.open(mine, true);
             store.erase(key{1});
             store.commit(*mine, std::make_shared<probe const>(), {}, 0);
         }},
    };
}

}  // namespace

TEST_CASE("memory: F25 whatever ends a result, the result may call every verb of the store as it goes") {
    for (bool const exact_order : {true, false})
        for (auto const& one : ends()) {
            CAPTURE(one.name);
            probes store{{2, 100, exact_order, 60s}};
            auto kept = sample::living(0ns, 10ns);
            kept.tags = {"a"};
            store.set(key{1}, std::make_shared<probe const>(), kept, 0);
            probe::ended = 0;
            probe::on_end = [&] { call_everything(store); };
            one.act(store);
            store.set(key{8}, nullptr, {}, 0);
            store.erase_all();  // with what goes at once, all goes that may wait
            CHECK(probe::ended > 0);
            CHECK(store.validate());
            probe::on_end = [] {};
        }
}

TEST_CASE("memory: F25 who hears of removals may call every verb of the store") {
    struct caller final : memo::detail::store_watcher {
        void removed(memo::detail::key_view const&, memo::evict_cause) noexcept override {
            ++heard;
            if (store == nullptr) return;
            call_everything(*std::exchange(store, nullptr));
        }
        probes* store = nullptr;
        std::size_t heard = 0;
    };
    probe::on_end = [] {};
    for (bool const exact_order : {true, false})
        for (auto const& one : ends()) {
            CAPTURE(one.name);
            caller hears;
            probes store{{2, 100, exact_order, 60s}, &hears};
            auto kept = sample::living(0ns, 10ns);
            kept.tags = {"a"};
            store.set(key{1}, nullptr, kept, 0);
            hears.store = &store;
            one.act(store);
            CHECK(hears.heard > 0);
            CHECK(store.validate());
        }
}

TEST_CASE("memory: F25 a sweep holds nothing while what it found ends") {
    probes store{sample::unbounded};
    for (std::uint64_t number = 0; number != 5'000; ++number)
        store.set(key{number}, std::make_shared<probe const>(), sample::living(0ns, 1s), 0);
    probe::on_end = [&] { store.sweep(100s); };
    store.sweep(100s);
    CHECK(store.size() == 0);
    probe::on_end = [] {};
}

TEST_CASE("memory: F32 a result that was read survives whatever becomes of its entry") {
    memory_store<sample::text_ptr, memo::lru_order> store{sample::unbounded};
    store.set(key{1}, sample::result<sample::text_ptr>(1), {}, 0);
    auto const read = store.get(key{1}, 0ns);
    store.set(key{1}, sample::result<sample::text_ptr>(2), {}, 0);
    store.erase(key{1});
    REQUIRE(read.has_value());
    CHECK(**read == *sample::result<sample::text_ptr>(1));
}

namespace {

/// Knows whether it or any that it was copied of ever stood where it must not.
struct alignas(64) line {
    line() = default;
    line(line const& other) noexcept : misplaced{other.misplaced || !stands()} {}
    line& operator=(line const&) = default;
    bool stands() const noexcept { return reinterpret_cast<std::uintptr_t>(this) % alignof(line) == 0; }
    bool misplaced = false;
};

}  // namespace

TEST_CASE("memory: a result that wants a cache line of its own gets it, whatever the length of its key") {
    memory_store<line, memo::lru_order> store{{40, many, true, 60s}};
    for (std::uint64_t number = 0; number != 80; ++number) {
        key of{number};
        of.identity.resize(number, 'x');
        store.set(of, line{}, {}, 0);
        auto const found = store.get(of, 0ns);
        REQUIRE(found.has_value());
        CHECK_FALSE(found->misplaced);
    }
    CHECK(store.size() == 40);
}
