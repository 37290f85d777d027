#include "axes.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/stats.hpp>
#include <memo/cached.hpp>
#include <memo/cached_property.hpp>
#include <memo/manager.hpp>
#include <memo/recursive.hpp>
#include <memo/testing/manual_clock.hpp>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr int keys = 16;
constexpr int group_of(int key) { return key % 3; }

/// What a cache of this configuration would hold if nothing had to leave for want of room, and the function itself: every
/// run of it gives another number.
class napkin {
public:
    napkin(axes::lifetime lives, bool roomy) : lives_{lives}, roomy_{roomy} {}

    memo::manual_clock time;

    /// The wrapped function.
    long run(int key) { return newest_[key] = ++serial_; }

    void demand(bool holds, char const* what) {
        if (!holds && problem_.empty())
            problem_ = what;
    }
    std::string const& problem() const { return problem_; }
    std::uint64_t runs() const { return static_cast<std::uint64_t>(serial_); }
    std::uint64_t calls() const { return calls_; }

    bool fresh(int key) const {
        auto const at = held_.find(key);
        return at != held_.end() && now() < at->second.end;
    }
    memo::duration left(int key) const {
        auto const end = held_.at(key).end;
        return end == memo::duration::max() ? end : end - now();
    }
    std::size_t most() const { return held_.size(); }
    bool roomy() const { return roomy_; }

    /// A call that may run: a hit gives what is held, and with room for all only what is not fresh runs.
    template <class Call>
    long called(int key, Call const& call) {
        ++calls_;
        bool const was_fresh = fresh(key);
        auto const before = newest_[key];
        auto const result = call();
        if (newest_[key] == before) {
            demand(was_fresh && result == held_.at(key).value, "a hit gave another value than the one last stored");
        } else {
            demand(!was_fresh || !roomy_, "a call ran although its result was stored and fresh");
            demand(result == newest_[key], "a call that ran gave another result than the run");
            store(key, result);
        }
        return result;
    }

    /// Something was found without a run, or nothing was.
    void seen(int key, std::optional<long> found) {
        demand(!found || (fresh(key) && *found == held_.at(key).value), "what was found is not what was last stored");
        demand(found || !fresh(key) || !roomy_, "what is stored and fresh was not found");
    }

    void store(int key, long value) {
        auto const ttl = lives_ == axes::lifetime::none          ? memo::duration::max()
                         : lives_ == axes::lifetime::ten_seconds ? memo::duration{10s}
                                                                 : memo::duration{axes::lifetime_of(value)};
        if (ttl > 0s)
            held_[key] = {value, memo::detail::later(now(), ttl)};
    }
    void touch(int key, memo::duration ttl) { held_.at(key).end = now() + ttl; }

    /// Forgets what `chosen` wants; `count` is how many the cache says went.
    template <class Pred>
    void forget(std::size_t count, Pred const& chosen) {
        std::size_t sure = 0;
        for (auto const& [key, one] : held_)
            sure += chosen(key) && fresh(key);
        auto const possible = std::erase_if(held_, [&](auto const& one) { return chosen(one.first); });
        demand(count <= possible, "more entries went than there were");
        demand(count >= sure || !roomy_, "an eviction did not count an entry that it met");
    }

private:
    struct kept {
        long value;
        memo::duration end;
    };

    memo::duration now() const { return time.now().time_since_epoch(); }

    axes::lifetime lives_;
    bool roomy_;
    std::map<int, kept> held_;
    std::map<int, long> newest_;
    long serial_ = 0;
    std::uint64_t calls_ = 0;
    std::string problem_;
};

struct host {
    napkin* model;
    int number;
    long work(int key, int) const { return model->run(key); }
};

template <axes::configuration C>
auto make(napkin& model, memo::manager& space, std::size_t capacity) {
    auto const with = [&](auto const& build) {
        return std::apply(
            [&](auto const&... more) {
                return build(memo::max_size(capacity), memo::clock(model.time), memo::in(space), memo::key<"k:{0}">,
                             memo::tags<"g:{1}", "all">, more...);
            },
            axes::options_of<C>());
    };
    if constexpr (C.wrapper == axes::kind::method)
        return with([](auto... options) {
            return memo::cached_method(&host::work, memo::instance_key(&host::number), std::move(options)...);
        });
    else if constexpr (C.wrapper == axes::kind::recursive)
        return with([&](auto... options) {
            return memo::recursive<long(int, int)>(
                [&model](auto& self, int key, int) -> long {
                    if (key != 0)
                        model.called(key / 2, [&] { return self(key / 2, group_of(key / 2)); });
                    return model.run(key);
                },
                std::move(options)...);
        });
    else
        return with([&](auto... options) {
            return memo::cached([&model](int key, int) { return model.run(key); }, std::move(options)...);
        });
}

template <class Result>
std::optional<long> found(Result const& result) {
    if (!result)
        return std::nullopt;
    return *result;
}

template <class Result>
long number(Result const& result) {
    if constexpr (std::is_integral_v<Result>)
        return result;
    else
        return *result;
}

enum class verb { call, peek, contains, ttl, set, refresh, uncached, evict, evict_tag, evict_key, evict_pattern, clear, touch, advance };
constexpr std::array verbs{"call",  "peek",      "contains",  "ttl",           "set",   "refresh", "uncached",
                           "evict", "evict_tag", "evict_key", "evict_pattern", "clear", "touch",   "advance"};
/// How often each comes, of 100.
constexpr std::array weights{40.0, 6.0, 4.0, 5.0, 10.0, 4.0, 2.0, 5.0, 3.0, 2.0, 2.0, 1.0, 6.0, 10.0};
static_assert(verbs.size() == weights.size());

struct command {
    verb what;
    int key;
    int seconds;
};

template <axes::configuration C>
class trial {
public:
    explicit trial(std::size_t capacity)
        : model_{C.lives, capacity == axes::full}, capacity_{capacity}, g_{make<C>(model_, space_, capacity)} {}

    std::string const& carry_out(command one) {
        on_object([&](auto const&... object) { apply(one, object...); });
        model_.demand(g_.inside()->validate(), "the store is not sound");
        model_.demand(g_.size() <= capacity_ && g_.size() <= model_.most(), "more entries are held than may be");
        return model_.problem();
    }

    std::string const& check_account() {
        auto const told = g_.stats();
        model_.demand(told.runs + uncached_ == model_.runs(), "a run was not counted");
        model_.demand(told.hits + told.misses == model_.calls(), "a call is neither a hit nor a miss");
        model_.demand(told.runs == told.misses + told.refreshes, "a run is neither a miss nor a refresh");
        model_.demand(told.stores + told.skips == told.runs + sets_, "a result was neither stored nor skipped");
        model_.demand(told.stores - told.evictions - told.expirations == told.items, "entries came and went uncounted");
        model_.demand(told.items == g_.size() && told.errors == 0 && told.joins == 0, "the account is wrong");
        return model_.problem();
    }

private:
    template <class Fn>
    void on_object(Fn const& fn) {
        if constexpr (C.wrapper == axes::kind::method)
            fn(object_);
        else
            fn();
    }

    template <class... Object>
    void apply(command one, Object const&... object) {
        auto const key = one.key;
        auto const group = group_of(key);
        auto const text = (C.wrapper == axes::kind::method ? "7:k:" : "k:") + std::to_string(key);
        switch (one.what) {
            case verb::call:
                model_.called(key, [&] { return number(g_(object..., key, group)); });
                break;
            case verb::peek:
                model_.seen(key, found(g_.peek(object..., key, group)));
                break;
            case verb::contains: {
                bool const there = g_.contains(object..., key, group);
                model_.demand(there ? model_.fresh(key) : !model_.fresh(key) || !model_.roomy(), "contains is wrong");
                break;
            }
            case verb::ttl: {
                auto const left = g_.ttl(object..., key, group);
                model_.demand(left ? model_.fresh(key) && *left == model_.left(key) : !model_.fresh(key) || !model_.roomy(),
                              "ttl is wrong");
                break;
            }
            case verb::set: {
                auto const value = 1'000'000L + one.seconds;
                g_.set(value, object..., key, group);
                model_.store(key, value);
                ++sets_;
                break;
            }
            case verb::refresh:
                refresh(key, [&] { return number(g_.refresh(object..., key, group)); });
                break;
            case verb::uncached:
                if constexpr (C.wrapper != axes::kind::recursive) {
                    g_.uncached(object..., key, group);
                    ++uncached_;
                }
                break;
            case verb::evict:
                model_.forget(g_.evict(object..., key, group).count(), [&](int other) { return other == key; });
                break;
            case verb::evict_tag:
                model_.forget(space_.evict_tag("g:" + std::to_string(group)).count(),
                              [&](int other) { return group_of(other) == group; });
                break;
            case verb::evict_key:
                model_.forget(space_.evict_key(text).count(), [&](int other) { return other == key; });
                break;
            case verb::evict_pattern:
                model_.forget(space_.evict_pattern(text + "*").count(),
                              [&](int other) { return std::to_string(other).starts_with(std::to_string(key)); });
                break;
            case verb::clear:
                model_.forget(g_.clear().count(), [](int) { return true; });
                break;
            case verb::touch: {
                memo::duration const ttl = std::chrono::seconds{one.seconds};
                bool const there = g_.touch(ttl, object..., key, group);
                model_.demand(there ? model_.fresh(key) : !model_.fresh(key) || !model_.roomy(), "touch is wrong");
                if (there)
                    model_.touch(key, ttl);
                break;
            }
            case verb::advance:
                model_.time.advance(std::chrono::seconds{one.seconds});
                break;
        }
    }

    template <class Refresh>
    void refresh(int key, Refresh const& refresh) {
        auto const before = model_.runs();
        auto const result = refresh();
        model_.demand(model_.runs() > before && result == static_cast<long>(model_.runs()), "refresh did not run");
        model_.store(key, result);
    }

    napkin model_;
    memo::manager space_;
    std::size_t capacity_;
    host object_{&model_, 7};
    std::uint64_t uncached_ = 0;
    std::uint64_t sets_ = 0;
    decltype(make<C>(std::declval<napkin&>(), std::declval<memo::manager&>(), std::size_t{})) g_;
};

template <axes::configuration C>
void sweep_configuration() {
    constexpr unsigned programs = 12;
    constexpr int length = 120;
    for (auto const capacity : axes::capacities)
        for (unsigned seed = 0; seed != programs; ++seed) {
            std::mt19937 chance{seed};
            std::discrete_distribution<int> verb_of(weights.begin(), weights.end());
            std::uniform_int_distribution<int> key_of{0, keys - 1};
            std::uniform_int_distribution<int> seconds_of{0, 12};
            trial<C> one{capacity};
            std::string told;
            for (int at = 0; at != length; ++at) {
                command const next{static_cast<verb>(verb_of(chance)), key_of(chance), seconds_of(chance)};
                auto const& problem = one.carry_out(next);
                if (problem.empty())
                    continue;
                std::ostringstream out;
                out << problem << " after command " << at << ", " << verbs[static_cast<std::size_t>(next.what)] << ' ' << next.key
                    << ' ' << next.seconds;
                told = out.str();
                break;
            }
            if (told.empty())
                told = one.check_account();
            INFO(C << ", capacity " << capacity << ", seed " << seed);
            CHECK(told == "");
        }
}

template <axes::kind Kind>
void sweep_kind() {
    axes::each_configuration<Kind>([]<axes::configuration C>() { sweep_configuration<C>(); });
}

}  // namespace

TEST_CASE("sweep: functions agree with the napkin under every configuration") { sweep_kind<axes::kind::function>(); }
TEST_CASE("sweep: methods agree with the napkin under every configuration") { sweep_kind<axes::kind::method>(); }
TEST_CASE("sweep: recursive functions agree with the napkin under every configuration") { sweep_kind<axes::kind::recursive>(); }
TEST_CASE("sweep: shared results agree with the napkin under every configuration") { sweep_kind<axes::kind::shared>(); }
