#include "axes.hpp"
#include "napkin.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/stats.hpp>
#include <memo/cached.hpp>
#include <memo/cached_property.hpp>
#include <memo/manager.hpp>
#include <memo/recursive.hpp>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace {

using sweep::napkin;

constexpr int keys = 16;
constexpr int group_of(int key) { return key % 3; }

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

/// A wrapper of any configuration, for programs that are compiled once.
class subject {
public:
    virtual ~subject() = default;
    virtual long call(int key) = 0;
    virtual std::optional<long> peek(int key) = 0;
    virtual bool contains(int key) = 0;
    virtual std::optional<memo::duration> ttl(int key) = 0;
    virtual void set(long value, int key) = 0;
    virtual long refresh(int key) = 0;
    virtual void uncached(int key) = 0;
    virtual std::size_t evict(int key) = 0;
    virtual std::size_t clear() = 0;
    virtual bool touch(memo::duration ttl, int key) = 0;
    virtual memo::stats stats() = 0;
    virtual std::size_t size() = 0;
    virtual bool validate() = 0;
};

template <axes::configuration C>
class subject_of final : public subject {
public:
    subject_of(napkin& model, memo::manager& space, std::size_t capacity)
        : object_{&model, 7}, g_{make<C>(model, space, capacity)} {}

    long call(int key) override { return number(on(g_, key)); }
    std::optional<long> peek(int key) override {
        auto const found = on([&](auto&&... all) { return g_.peek(all...); }, key);
        return found ? std::optional<long>{*found} : std::nullopt;
    }
    bool contains(int key) override {
        return on([&](auto&&... all) { return g_.contains(all...); }, key);
    }
    std::optional<memo::duration> ttl(int key) override {
        return on([&](auto&&... all) { return g_.ttl(all...); }, key);
    }
    void set(long value, int key) override {
        on([&](auto&&... all) { g_.set(value, all...); }, key);
    }
    long refresh(int key) override {
        return on([&](auto&&... all) { return number(g_.refresh(all...)); }, key);
    }
    void uncached(int key) override {
        on([&](auto&&... all) { g_.uncached(all...); }, key);
    }
    std::size_t evict(int key) override {
        return on([&](auto&&... all) { return g_.evict(all...); }, key).count();
    }
    std::size_t clear() override { return g_.clear().count(); }
    bool touch(memo::duration ttl, int key) override {
        return on([&](auto&&... all) { return g_.touch(ttl, all...); }, key);
    }
    memo::stats stats() override { return g_.stats(); }
    std::size_t size() override { return g_.size(); }
    bool validate() override { return g_.inside()->validate(); }

private:
    template <class Fn>
    decltype(auto) on(Fn const& fn, int key) {
        if constexpr (C.wrapper == axes::kind::method)
            return fn(object_, key, group_of(key));
        else
            return fn(key, group_of(key));
    }

    template <class Result>
    static long number(Result const& result) {
        if constexpr (std::is_integral_v<Result>)
            return result;
        else
            return *result;
    }

    host const object_;
    decltype(make<C>(std::declval<napkin&>(), std::declval<memo::manager&>(), std::size_t{})) g_;
};

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

class trial {
public:
    using maker = std::unique_ptr<subject> (*)(napkin&, memo::manager&, std::size_t);

    trial(axes::configuration how, maker make_subject, std::size_t capacity)
        : how_{how}, capacity_{capacity}, model_{how.lives, capacity == axes::full},
          g_{make_subject(model_, space_, capacity)} {}

    std::string const& carry_out(command one) {
        apply(one);
        model_.demand(g_->validate(), "the store is not sound");
        model_.demand(g_->size() <= capacity_ && g_->size() <= model_.most(), "more entries are held than may be");
        return model_.problem();
    }

    std::string check_account() {
        auto const told = g_->stats();
        model_.demand(told.hits + told.misses == model_.calls(), "a call is neither a hit nor a miss");
        model_.demand(told.runs + uncached_ == model_.runs(), "a run was not counted");
        model_.demand(told.runs == told.misses + told.refreshes, "a run is neither a miss nor a refresh");
        model_.demand(told.stores + told.skips == told.runs + sets_, "a result was neither stored nor skipped");
        model_.demand(told.stores - told.evictions - told.expirations == told.items, "entries came and went uncounted");
        model_.demand(told.items == g_->size() && told.errors == 0 && told.joins == 0, "the account is wrong");
        return model_.problem();
    }

private:
    void apply(command one) {
        auto const key = one.key;
        auto const group = group_of(key);
        auto const text = (how_.wrapper == axes::kind::method ? "7:k:" : "k:") + std::to_string(key);
        switch (one.what) {
            case verb::call:
                model_.called(key, [&] { return g_->call(key); });
                break;
            case verb::peek:
                model_.seen(key, g_->peek(key));
                break;
            case verb::contains:
                model_.found(key, g_->contains(key));
                break;
            case verb::ttl: {
                auto const left = g_->ttl(key);
                model_.found(key, left.has_value());
                model_.demand(!left || *left == model_.left(key), "ttl is not what remains");
                break;
            }
            case verb::set: {
                auto const value = 1'000'000L + one.seconds;
                g_->set(value, key);
                model_.put(key, value);
                ++sets_;
                break;
            }
            case verb::refresh: {
                auto const before = model_.runs();
                auto const result = g_->refresh(key);
                model_.demand(model_.runs() > before && result == static_cast<long>(model_.runs()), "refresh did not run");
                model_.store(key, result);
                break;
            }
            case verb::uncached:
                if (how_.wrapper != axes::kind::recursive) {
                    g_->uncached(key);
                    ++uncached_;
                }
                break;
            case verb::evict:
                model_.forget(g_->evict(key), [&](int other) { return other == key; });
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
                model_.forget(g_->clear(), [](int) { return true; });
                break;
            case verb::touch: {
                memo::duration const ttl = std::chrono::seconds{one.seconds};
                bool const there = g_->touch(ttl, key);
                model_.found(key, there);
                if (there)
                    model_.touch(key, ttl);
                break;
            }
            case verb::advance:
                model_.time.advance(std::chrono::seconds{one.seconds});
                break;
        }
    }

    axes::configuration how_;
    std::size_t capacity_;
    napkin model_;
    memo::manager space_;
    std::unique_ptr<subject> g_;
    std::uint64_t uncached_ = 0;
    std::uint64_t sets_ = 0;
};

/// Returns: what went wrong first, empty when nothing did.
std::string trouble_in(trial&& one, std::mt19937 chance) {
    constexpr int length = 120;
    std::discrete_distribution<int> verb_of(weights.begin(), weights.end());
    std::uniform_int_distribution<int> key_of{0, keys - 1};
    std::uniform_int_distribution<int> seconds_of{0, 12};
    for (int at = 0; at != length; ++at) {
        command const next{static_cast<verb>(verb_of(chance)), key_of(chance), seconds_of(chance)};
        if (auto const& problem = one.carry_out(next); !problem.empty()) {
            std::ostringstream out;
            out << problem << ": command " << at << ", " << verbs[static_cast<std::size_t>(next.what)] << ' ' << next.key << ' '
                << next.seconds;
            return out.str();
        }
    }
    return one.check_account();
}

void sweep_capacities(axes::configuration how, trial::maker make_subject) {
    constexpr unsigned programs = 12;
    for (auto const capacity : axes::capacities)
        for (unsigned seed = 0; seed != programs; ++seed) {
            INFO(how << ", capacity " << capacity << ", seed " << seed);
            CHECK(trouble_in({how, make_subject, capacity}, std::mt19937{seed}) == "");
        }
}

template <axes::order Order>
void sweep_order() {
    axes::each_configuration<Order>([]<axes::configuration C>() {
        sweep_capacities(C, [](napkin& model, memo::manager& space, std::size_t capacity) -> std::unique_ptr<subject> {
            return std::make_unique<subject_of<C>>(model, space, capacity);
        });
    });
}

}  // namespace

TEST_CASE("sweep: with lru every wrapper agrees with the napkin") { sweep_order<axes::order::lru>(); }
TEST_CASE("sweep: with lfu every wrapper agrees with the napkin") { sweep_order<axes::order::lfu>(); }
TEST_CASE("sweep: with fifo every wrapper agrees with the napkin") { sweep_order<axes::order::fifo>(); }
