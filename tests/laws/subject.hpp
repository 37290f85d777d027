#pragma once

#include "axes.hpp"
#include "laws/keys.hpp"
#include "laws/machine.hpp"
#include "laws/model.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/explanation.hpp>
#include <memo/cached.hpp>
#include <memo/cached_property.hpp>
#include <memo/manager.hpp>
#include <memo/recursive.hpp>
#include <memo/store/memory_bytes.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace laws {

struct host {
    model* of;
    int number;
    long work(int key, int) const {
        return of->run(key, [] {});
    }
};

/// The store in which results live that live in bytes: an empty one for each trial.
inline std::function<memo::shared_store()> bytes_of_trial = [] { return memo::shared_store{memo::memory_bytes_store{}}; };

template <axes::configuration C>
auto home_of(std::size_t capacity) {
    if constexpr (C.lives_in == axes::home::typed)
        return std::tuple{memo::max_size(capacity), axes::policy_of<C>()};
    else if constexpr (C.lives_in == axes::home::bytes)
        return std::tuple{memo::store(bytes_of_trial()), memo::name("laws")};
    else
        return std::tuple{memo::store(bytes_of_trial()), memo::name("laws"),
                          memo::near(memo::max_size(capacity), axes::policy_of<C>())};
}

template <axes::configuration C>
auto make(model& of, memo::manager& space, std::size_t capacity) {
    auto const executor = [&] {
        if constexpr (axes::in_background(C.ages))
            return std::tuple{memo::executor(of)};
        else
            return std::tuple{};
    }();
    auto const with = [&](auto const& build) {
        return std::apply(
            [&](auto const&... more) {
                return build(memo::clock(of.time), memo::in(space), memo::key<"k:{0}">, memo::tags<"g:{1}", "all">, more...);
            },
            std::tuple_cat(executor, home_of<C>(capacity), axes::options_of<C>()));
    };
    if constexpr (C.wrapper == axes::kind::method)
        return with([](auto... options) {
            return memo::cached_method(&host::work, memo::instance_key(&host::number), std::move(options)...);
        });
    else if constexpr (C.wrapper == axes::kind::recursive)
        return with([&](auto... options) {
            return memo::recursive<long(int, int)>(
                [&of](auto& self, int key, int) -> long {
                    return of.run(key, [&] {
                        if (int const inner = key / 2; key != 0)
                            of.call(inner, [&] { return self(inner, group_of(inner)); });
                    });
                },
                std::move(options)...);
        });
    else
        return with([&](auto... options) {
            return memo::cached([&of](int key, int) { return of.run(key, [] {}); }, std::move(options)...);
        });
}

/// The wrapper of a configuration.
template <axes::configuration C>
class subject_of : public subject {
public:
    subject_of(model& of, memo::manager& space, std::size_t capacity) : object_{&of, 7}, g_{make<C>(of, space, capacity)} {}

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
    memo::explanation explain(int key) override {
        return on([&](auto&&... all) { return g_.explain(all...); }, key);
    }
    void set(long value, int key) override {
        on([&](auto&&... all) { g_.set(value, all...); }, key);
    }
    long refresh(int key) override {
        return on([&](auto&&... all) { return number(g_.refresh(all...)); }, key);
    }
    long uncached(int key) override {
        return on([&](auto&&... all) { return number(g_.uncached(all...)); }, key);
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
    decltype(make<C>(std::declval<model&>(), std::declval<memo::manager&>(), std::size_t{})) g_;
};

template <class Subject>
std::unique_ptr<subject> make_subject(model& of, memo::manager& space, std::size_t capacity) {
    return std::make_unique<Subject>(of, space, capacity);
}

}  // namespace laws
