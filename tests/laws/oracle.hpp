#pragma once

#include "laws/keys.hpp"
#include "laws/source.hpp"

#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/testing/manual_clock.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace laws {

/// How long to look.
struct campaign {
    unsigned threads = 3;
    unsigned first = 0;       ///< number of the first of them, among those of all processes
    unsigned of = 0;          ///< threads of all processes; 0: these are all
    std::uint64_t reads = 0;  ///< of all threads together
    std::chrono::nanoseconds at_most = std::chrono::hours{1'000};
};

struct findings {
    std::uint64_t reads = 0;
    std::uint64_t runs = 0;
    std::uint64_t changes = 0;
    std::uint64_t aged = 0;      ///< answers that were old by age, as they may be
    std::uint64_t outdated = 0;  ///< results older than an eviction that had returned before the call began
    std::uint64_t broken = 0;    ///< results of another key, or torn
    std::chrono::nanoseconds took{};
    std::chrono::nanoseconds first_after = std::chrono::nanoseconds::max();  ///< until the first outdated one

    findings& operator+=(findings const& more) {
        reads += more.reads;
        runs += more.runs;
        changes += more.changes;
        aged += more.aged;
        outdated += more.outdated;
        broken += more.broken;
        took += more.took;
        first_after = std::min(first_after, more.first_after);
        return *this;
    }
};

/// The freshness oracle: who changes the source makes go what was made of it, and then raises a floor; who reads samples the
/// floor before it asks, and no result may be below it. Each thread does both, for each key one of them the changing, so that
/// their proportion is the same however the threads are scheduled. `Asked` is a wrapper that reads from the source.
template <class Value, class Asked>
class oracle {
    using steady = std::chrono::steady_clock;

public:
    oracle(source& truth, memo::manager& space, memo::manual_clock& time, Asked g)
        : truth_{truth}, space_{space}, time_{time}, g_{std::move(g)} {}

    findings search(campaign const& how) {
        begun_ = steady::now();
        std::vector<std::thread> threads;
        for (unsigned number = 0; number != how.threads; ++number)
            threads.emplace_back([&, number] { work(how, static_cast<int>(how.first + number)); });
        for (auto& one : threads) one.join();
        found_.took = steady::now() - begun_;
        return found_;
    }

private:
    void work(campaign const& how, int number) {
        std::minstd_rand chance{static_cast<unsigned>(number) + 1};
        auto const threads = static_cast<int>(how.of == 0 ? how.threads : how.of);
        auto const quota = how.reads / how.threads;
        findings mine;
        while (mine.reads != quota && (mine.reads % 1024 != 0 || steady::now() - begun_ < how.at_most)) {
            read(chance, mine);
            if (chance() % 64 == 0) {
                change(chance, [&](int key) { return key % threads == number; });
                ++mine.changes;
            }
        }
        std::lock_guard const lock{adding_};
        found_ += mine;
    }

    void read(std::minstd_rand& chance, findings& mine) {
        auto const key = static_cast<int>(chance() % keys);
        auto const floor = truth_.floor(key);
        if (chance() % 16 != 0)
            check(g_(key, group_of(key)), key, floor, mine);
        else if (auto const kept = g_.peek(key, group_of(key)))
            check(*kept, key, floor, mine);
        ++mine.reads;
    }

    void check(Value const& given, int key, std::uint64_t floor, findings& mine) const {
        auto const told = slip::of(given);
        mine.broken += !told.whole() || told.key() != key;
        if (told.generation() < floor && mine.outdated++ == 0)
            mine.first_after = steady::now() - begun_;
    }

    template <class Pred>
    void change(std::minstd_rand& chance, Pred const& own) {
        int key = 0;
        do key = static_cast<int>(chance() % keys);
        while (!own(key));
        auto const group = group_of(key);
        auto const text = std::to_string(key);
        auto const outdate = [&](auto const& chosen, auto const& evict) {
            auto const each = [&](auto const& visit) {
                for (int other = 0; other != keys; ++other)
                    if (own(other) && chosen(other))
                        visit(other);
            };
            each([&](int other) { truth_.bump(other); });
            evict();
            each([&](int other) { truth_.promise(other, truth_.generation(other)); });
        };
        auto const one = [&](int other) { return other == key; };
        auto const all = [](int) { return true; };
        time_.advance(std::chrono::milliseconds{1});
        switch (chance() % 64) {
            case 0: return outdate(all, [&] { space_.clear(); });
            case 1: return outdate(all, [&] { g_.clear(); });
            case 2: return outdate(all, [&] { space_.evict_tag("all"); });
        }
        switch (chance() % 7) {
            case 0:
                return outdate([&](int other) { return group_of(other) == group; },
                               [&] { space_.evict_tag("g:" + std::to_string(group)); });
            case 1:
                return outdate([&](int other) { return std::to_string(other).starts_with(text); },
                               [&] { space_.evict_pattern("k:" + text + "*"); });
            case 2: return outdate(one, [&] { space_.evict_key("k:" + text); });
            case 3: return outdate(one, [&] { change_(key, group); });
            case 4: return outdate(one, [&] { fill_(key, group); });
            case 5: return outdate(one, [&] { g_.set(made_now(key), key, group); });
            default: return outdate(one, [&] { g_.evict(key, group); });
        }
    }

    Value made_now(int key) const { return slip{key, truth_.generation(key)}.template as<Value>(); }

    source& truth_;
    memo::manager& space_;
    memo::manual_clock& time_;
    Asked g_;
    std::function<void(int, int)> change_ =
        memo::cache_evict([this](int key, int) { truth_.bump(key); }, memo::entry(g_));
    std::function<void(int, int)> fill_ =
        memo::cache_put([this](int key, int) { return truth_.bump(key), made_now(key); }, memo::entry(g_));
    steady::time_point begun_;
    std::mutex adding_;
    findings found_;
};

/// Looks for outdated results of a wrapper with these options, which reads from this source.
template <class Value, class... Options>
findings search_in(source& truth, campaign const& how, Options... options) {
    memo::manager space;
    memo::manual_clock time;
    std::atomic<std::uint64_t> runs{0};
    auto const work = [&](int key, int) {
        auto const run = runs.fetch_add(1, std::memory_order_relaxed);
        slip const seen{key, truth.generation(key)};
        if (run % 16 == 0)
            std::this_thread::yield();
        return seen.template as<Value>();
    };
    auto const g = memo::cached(work, memo::in(space), memo::clock(time), memo::key<"k:{0}">, memo::tags<"g:{1}", "all">,
                                std::move(options)...);
    auto found = oracle<Value, std::remove_const_t<decltype(g)>>{truth, space, time, g}.search(how);
    found.runs = runs;
    found.aged = g.stats().stale;
    return found;
}

template <class Value, class... Options>
findings search(campaign const& how, Options... options) {
    source truth;
    return search_in<Value>(truth, how, std::move(options)...);
}

/// A kind of wrapper to search.
struct field {
    char const* name;
    findings (*search)(campaign const& how);
};

inline constexpr std::chrono::milliseconds short_life{4};
inline constexpr std::array fields{
    field{"room for all", [](campaign const& how) { return search<slip>(how); }},
    field{"text, room for all", [](campaign const& how) { return search<std::string>(how); }},
    field{"room for some", [](campaign const& how) { return search<slip>(how, memo::max_size(12)); }},
    field{"text, room for some, no_coalesce",
          [](campaign const& how) { return search<std::string>(how, memo::max_size(12), memo::no_coalesce); }},
    field{"stale_while_revalidate",
          [](campaign const& how) {
              return search<slip>(how, memo::ttl(short_life), memo::stale_while_revalidate(2 * short_life));
          }},
    field{"text, room for some, refresh_ahead and stale_while_revalidate",
          [](campaign const& how) {
              return search<std::string>(how, memo::max_size(12), memo::ttl(short_life), memo::refresh_ahead(0.5),
                                         memo::stale_while_revalidate(2 * short_life));
          }},
};

}  // namespace laws
