#include "linearizable.hpp"
#include "one_key.hpp"
#include "schedules/explained.hpp"
#include "schedules/explore.hpp"
#include "schedules/program.hpp"
#include "schedules/stage.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/stats.hpp>
#include <memo/cached.hpp>
#include <memo/call/once.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/policy/lru.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace schedules {
namespace {

using one_key::number;
using observed = linearizable::span_of<one_key::operation>;

constexpr number first_run = 32;  // numbers below are of results that were set

/// What a run throws.
struct broken {
    number run;
};

/// A result that says whose it is.
template <class Result>
Result make(int key, number which) {
    if constexpr (std::is_same_v<Result, std::string>)
        return std::to_string(1000 * key + which) + " and more than fits into a small string";
    else
        return 1000 * key + which;
}

template <class Result>
int read(Result const& made) {
    if constexpr (std::is_same_v<Result, std::string>)
        return std::stoi(made);
    else
        return made;
}

/// A request while it is carried out.
struct frame {
    frame* outer = nullptr;
    number run = 0;  ///< its own, if it runs
    bool fails = false;
    stamp asked = 0;
    stamp started = 0;
    stamp ended = 0;
};

thread_local frame* current = nullptr;

/// One performance of a program: the wrapper, and what everybody saw.
class play {
public:
    explicit play(program const& of) : program_{of} {
        for (auto const& thread : program_.threads)
            bodies_.emplace_back([this, &thread] {
                for (auto const& one : thread)
                    carry_out(one);
            });
    }
    virtual ~play() = default;
    play(play const&) = delete;
    play& operator=(play const&) = delete;

    std::string perform(chooser& order, performance& result) {
        schedules::perform(bodies_, order, result);
        if (!result.stuck.empty())
            return result.stuck;
        judge();
        return std::move(wrong_);
    }

    bool refuses(int result) const {
        return program_.over == subject::refusing && result % 1000 >= first_run && (result % 1000 - first_run) % 2 == 0;
    }

    /// The function: it runs in the request that is current.
    number run(int key) {
        auto& mine = *current;
        if (mine.run != 0)
            blame("a call ran twice");
        mine.run = static_cast<number>(first_run + runs_++);
        mine.started = respond();
        if (key == 1 && program_.over >= subject::chain)
            carry_out({verb::call, 2}, true);
        if (key == 2 && program_.over == subject::cycle)
            carry_out({verb::call, 1}, true);
        invoke(mine.ended);
        bool const breaks = program_.over == subject::breaking || program_.over == subject::remembering;
        mine.fails = breaks && (mine.run - first_run) % 2 == 0;
        if (mine.fails)
            throw broken{mine.run};
        return mine.run;
    }

protected:
    memo::manager manager_;

    virtual int call(int key) = 0;
    virtual int refresh(int key) = 0;
    virtual void set(int key, number result) = 0;
    virtual void evict(int key) = 0;
    virtual void clear() = 0;
    virtual int peek(int key) = 0;  // 0 is none
    virtual bool touch(int key) = 0;
    virtual std::optional<memo::stats> account() = 0;
    virtual bool validate() = 0;

private:
    using word = one_key::deed;

    void blame(std::string what) {
        if (wrong_.empty())
            wrong_ = std::move(what);
    }

    void see(int key, word what, int result, stamp from, stamp to) {
        histories_[static_cast<std::size_t>(key - 1)].push_back({{what, static_cast<number>(result)}, from, to});
    }

    /// An eviction of what may be many.
    void see_fence(std::initializer_list<int> keys, stamp from, stamp to) {
        for (int const key : keys)
            see(key, word::drop, 0, from, to);
        fences_.emplace_back(from, to);
    }

    void carry_out(request one, bool nested = false) {
        if (program_.over == subject::property)
            one.key = 1;
        frame mine{current};
        current = &mine;
        invoke(mine.asked);
        try {
            ask(one, mine);
            current = mine.outer;
        } catch (...) {
            current = mine.outer;
            if (nested)
                throw;
        }
    }

    void ask(request one, frame& mine) {
        switch (one.what) {
            case verb::call:
            case verb::refresh: return run_or_find(one, mine);
            case verb::set: {
                auto const fresh = ++sets_;
                set(one.key, fresh);
                return see(one.key, word::put, fresh, mine.asked, respond());
            }
            case verb::evict: evict(one.key); return see(one.key, word::drop, 0, mine.asked, respond());
            case verb::evict_key:
                if (program_.over == subject::property)
                    return ask({verb::evict, 1}, mine);
                manager_.evict_key("k:" + std::to_string(one.key));
                return see_fence({one.key}, mine.asked, respond());
            case verb::evict_tag:
                if (program_.over == subject::property)
                    return ask({verb::evict, 1}, mine);
                manager_.evict_tag("t:" + std::to_string(one.key));
                return see_fence({one.key}, mine.asked, respond());
            case verb::clear: clear(); return see_fence({1, 2}, mine.asked, respond());
            case verb::peek: {
                auto const found = peek(one.key);
                auto const now = respond();
                return see(one.key, word::look, found == 0 ? 0 : checked(one.key, found), mine.asked, now);
            }
            case verb::touch: {
                bool const found = touch(one.key);
                return see(one.key, word::have, found ? 1 : 0, mine.asked, respond());
            }
        }
    }

    void run_or_find(request one, frame& mine) {
        bool const calls = one.what == verb::call || program_.over == subject::property;
        ++(calls ? calls_ : refreshes_);
        int found = 0;
        std::exception_ptr error;
        try {
            found = calls ? call(one.key) : refresh(one.key);
        } catch (broken const& thrown) {
            found = 1000 * one.key + thrown.run;
            error = std::current_exception();
        } catch (memo::recursion_error const&) {
            ++circles_;
            error = std::current_exception();
        }
        auto const now = respond();
        auto const result = found == 0 ? 0 : checked(one.key, found);
        if (mine.run == 0 && result != 0)
            see(one.key, word::get, result, mine.asked, now);
        if (mine.run != 0) {
            if (result != 0 && result != mine.run)
                blame("a call that ran gave another run's result");
            see(one.key, calls ? word::begin : word::open, mine.run, mine.asked, mine.started);
            bool const remembered = mine.fails && calls && program_.over == subject::remembering;
            auto const end = remembered                                ? word::fail
                             : error == nullptr && !refuses(found) ? word::commit
                                                                   : word::abandon;
            see(one.key, end, mine.run, mine.ended, now);
            failures_ += error != nullptr ? 1U : 0U;
        }
        if (error != nullptr)
            std::rethrow_exception(error);
    }

    number checked(int key, int result) {
        if (result / 1000 != key)
            blame("a result of another key");
        return static_cast<number>(result % 1000);
    }

    one_key::sharing shared_runs() const {
        return program_.over == subject::apart   ? one_key::sharing::never
               : program_.over == subject::hasty ? one_key::sharing::sometimes
                                                 : one_key::sharing::always;
    }

    void judge() {
        for (int key = 1; key <= 2; ++key) {
            auto const last = peek(key);
            constexpr stamp at_the_end = 1'000'000'000;
            see(key, word::look, last % 1000, at_the_end, at_the_end + 1);
            auto const& history = histories_[static_cast<std::size_t>(key - 1)];
            if (!explained(one_key::model{shared_runs()}, history, fences_)) {
                std::ostringstream told;
                told << "no order explains what happened to key " << key << ":";
                for (auto const& one : history)
                    told << "\n    [" << one.from << ", " << one.to << "] " << one.what;
                blame(told.str());
            }
        }
        if (auto const sum = account())
            check(*sum);
        if (!validate())
            blame("validate() does not hold");
        bool const finds = std::ranges::any_of(program_.threads, [](auto const& thread) {
            return std::ranges::any_of(thread, [](request one) { return one.what == verb::set; });
        });
        if (program_.over != subject::cycle)
            agree("no circles", 0, circles_);
        else if (!finds)
            agree("circles", runs_, failures_);
    }

    void agree(char const* what, std::uint64_t counted, std::uint64_t happened) {
        if (counted != happened)
            blame("the account says " + std::string{what} + " " + std::to_string(counted) + ", and there were " +
                  std::to_string(happened));
    }

    void check(memo::stats const& sum) {
        if (program_.over != subject::hasty)
            agree("hits + misses", sum.hits + sum.misses, calls_);
        agree("misses - joins + refreshes", sum.misses - sum.joins + sum.refreshes, runs_);
        agree("refreshes", sum.refreshes, refreshes_);
        agree("runs", sum.runs, runs_);
        agree("errors", sum.errors, failures_);
        if (program_.over != subject::remembering)
            agree("stores + skips", sum.stores + sum.skips, runs_ - failures_ + sets_);
    }

    program const& program_;
    std::vector<std::function<void()>> bodies_;
    std::array<std::vector<observed>, 2> histories_;
    std::vector<std::pair<stamp, stamp>> fences_;
    unsigned runs_ = 0;
    number sets_ = 0;
    unsigned calls_ = 0;
    unsigned refreshes_ = 0;
    unsigned failures_ = 0;
    unsigned circles_ = 0;
    std::string wrong_;
};

/// What is wrapped: it runs in the play.
template <class Result>
struct callee {
    play* in;
    Result operator()(int key) const { return make<Result>(key, in->run(key)); }
};

template <class Result, class... Options>
auto wrap(play& in, memo::manager& manager, Options... options) {
    // under the lock, so that there are fewer moments to choose at; looks without it have cases of their own, over the engine
    return memo::cached(callee<Result>{&in}, memo::in(manager), memo::policy(memo::lru), memo::max_size(100), memo::key<"k:{0}">, memo::tags<"t:{0}">,
                        memo::unless([&in](Result const& made) { return in.refuses(read(made)); }), std::move(options)...);
}

template <class Result, class... Options>
class play_on final : public play {
public:
    explicit play_on(program const& of, Options... options)
        : play{of}, wrapper_{wrap<Result>(*this, manager_, std::move(options)...)} {}

private:
    int call(int key) override { return read(wrapper_(key)); }
    int refresh(int key) override { return read(wrapper_.refresh(key)); }
    void set(int key, number result) override { wrapper_.set(make<Result>(key, result), key); }
    void evict(int key) override { wrapper_.evict(key); }
    void clear() override { wrapper_.clear(); }
    int peek(int key) override {
        auto const found = wrapper_.peek(key);
        return found ? read(*found) : 0;
    }
    bool touch(int key) override { return wrapper_.touch(std::chrono::hours{1}, key); }
    std::optional<memo::stats> account() override { return wrapper_.stats(); }
    bool validate() override { return wrapper_.inside()->validate(); }

    decltype(wrap<Result>(std::declval<play&>(), std::declval<memo::manager&>(), std::declval<Options>()...)) wrapper_;
};

class play_on_property final : public play {
public:
    explicit play_on_property(program const& of)
        : play{of}, value_{memo::duration::max(), memo::duration::max(), memo::detail::time_source{}} {}

private:
    int call(int key) override {
        return value_.get([&] { return make<int>(key, run(key)); });
    }
    int refresh(int key) override { return call(key); }
    void set(int key, number result) override { value_.set(make<int>(key, result)); }
    void evict(int) override { value_.reset(); }
    void clear() override { value_.reset(); }
    int peek(int key) override { return key == 1 ? value_.peek().value_or(0) : 0; }
    bool touch(int) override { return value_.peek().has_value(); }
    std::optional<memo::stats> account() override { return std::nullopt; }
    bool validate() override { return true; }

    memo::detail::once<int> value_;
};

std::unique_ptr<play> play_of(program const& one) {
    switch (one.over) {
        case subject::apart: return std::make_unique<play_on<int, decltype(memo::no_coalesce)>>(one, memo::no_coalesce);
        case subject::hasty: {
            auto const limit = memo::wait_timeout(std::chrono::milliseconds{1});
            return std::make_unique<play_on<int, decltype(limit)>>(one, limit);
        }
        case subject::remembering: {
            auto const errors = memo::cache_errors<broken>(std::chrono::hours{1});
            return std::make_unique<play_on<int, decltype(errors)>>(one, errors);
        }
        case subject::property: return std::make_unique<play_on_property>(one);
        case subject::text: return std::make_unique<play_on<std::string>>(one);
        default: return std::make_unique<play_on<int>>(one);
    }
}

}  // namespace

staging staging_of(program const& played) {
    return [played](chooser& order, performance& result) {
        auto one = play_of(played);
        auto wrong = one->perform(order, result);
        if (!result.stuck.empty())
            static_cast<void>(one.release());  // its threads stand in it
        return wrong;
    };
}

}  // namespace schedules
