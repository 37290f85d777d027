#pragma once

#include "axes.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/stats.hpp>
#include <memo/testing/manual_clock.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace laws {

/// What the wrapped function throws.
struct failure {};
/// What the executor throws.
struct refusal {};

/// A cache in one thread, by its contract: what it would hold if nothing had to leave for want of room, what each verb may then
/// answer, and what its account must say. The wrapped function and the executor are part of it, so it sees each run.
class model {
public:
    /// `roomy`: nothing has to leave. `at_once`: background work is done where it is asked for, else when `work` says so.
    model(axes::configuration how, bool roomy, bool at_once) : how_{how}, roomy_{roomy}, at_once_{at_once} {}

    memo::manual_clock time;

    void demand(bool holds, char const* what) {
        if (!holds && problem_.empty())
            problem_ = what;
    }
    std::string const& problem() const { return problem_; }
    std::uint64_t runs() const { return account_.runs; }

    /// The wrapped function, each run of which gives another number; `inner` makes the calls that a run makes.
    template <class Fn>
    long run(int key, Fn const& inner) {
        account_.runs += frame_.counts;
        try {
            inner();
            if (failing_ != 0) {
                --failing_;
                throw failure{};
            }
        } catch (failure const&) {
            ended(key, std::nullopt);
            throw;
        }
        ended(key, ++serial_);
        return serial_;
    }
    /// So many runs from now on throw.
    void fail(int runs) { failing_ = runs; }

    /// The executor.
    void execute(std::function<void()> task) {
        ++frame_.requests;
        if (refusing_ != 0) {
            --refusing_;
            ++account_.errors;
            throw refusal{};
        }
        refreshing_[frame_.key] = ++tasks_;
        queue_.push_back({frame_.key, tasks_, std::move(task)});
        if (at_once_)
            work();
    }
    /// It does not take what comes next, so many tasks.
    void refuse(int tasks) { refusing_ = tasks; }
    /// It does what is first in the queue. Returns: whether there was something.
    bool work() {
        return leave([&](queued const& first) { within({first.key, first.number}, [&] { return first.work(), 0L; }); });
    }
    /// It loses what is first in the queue.
    void lose() {
        leave([](queued const&) {});
    }

    /// A call of the wrapper, which passes on what `fn` throws.
    template <class Fn>
    long call(int key, Fn const& fn) {
        auto const before = view_of(key);
        auto const earlier = runs_[key].count;
        auto const made = within({key}, fn);
        if (runs_[key].count == earlier)
            answered(before, made);
        else
            ran(key, before, made);
        return made.result ? *made.result : throw failure{};
    }

    template <class Fn>
    void refresh(int key, Fn const& fn) {
        auto const earlier = runs_[key].count;
        auto const made = within({key}, fn);
        demand(runs_[key].count == earlier + 1 && made.result == runs_[key].result, "refresh did not run, or hid its result");
        ++account_.refreshes;
        if (made.result)
            store(key, *made.result);
        else
            ++account_.errors;
    }

    template <class Fn>
    void uncached(int key, Fn const& fn) {
        auto const earlier = runs_[key].count;
        auto const made = within({key, 0, false}, fn);
        demand(runs_[key].count == earlier + 1 && made.result == runs_[key].result, "uncached did not run, or hid its result");
    }

    /// A result was looked for without a run.
    void found(int key, bool there) {
        bool const fresh = view_of(key).is == state::fresh;
        demand(!there || fresh, "something was found that is not fresh");
        demand(there || !fresh || !roomy_, "what is stored and fresh was not found");
    }
    void seen(int key, std::optional<long> result) {
        found(key, result.has_value());
        demand(!result || result == view_of(key).value, "what was found is not what was last stored");
    }
    void remains(int key, std::optional<memo::duration> left) {
        found(key, left.has_value());
        auto const at = held_.find(key);
        demand(!left || at == held_.end() || *left == (lives_forever(at->second) ? *left : at->second.fresh_until - now()),
               "ttl is not what remains");
    }

    /// A result that was made elsewhere: it outdates what is held and who refreshes it, also where it is not stored.
    void put(int key, long value) {
        held_.erase(key);
        refreshing_.erase(key);
        store(key, value);
    }

    void touch(int key, memo::duration ttl, bool there) {
        found(key, there);
        if (!there)
            return;
        if (ttl <= memo::duration{}) {
            held_.erase(key);
            return;
        }
        held_[key].ttl = ttl;
        held_[key].fresh_until = now() + ttl;
    }

    /// Forgets what `chosen` wants; `count` is how many the cache says went.
    template <class Pred>
    void forget(std::size_t count, Pred const& chosen) {
        std::size_t sure = 0;
        for (auto const& one : held_)
            sure += chosen(one.first) && view_of(one.first).is != state::gone;
        auto const possible = std::erase_if(held_, [&](auto const& one) { return chosen(one.first); });
        std::erase_if(refreshing_, [&](auto const& one) { return chosen(one.first); });
        demand(count <= possible, "more entries went than there were");
        demand(count >= sure || !roomy_, "an eviction did not count an entry that it met");
    }

    /// Whether this many entries may be held, and each counter is right.
    void audit(std::size_t size, memo::stats const& told) {
        std::size_t sure = 0;
        for (auto const& one : held_) sure += view_of(one.first).is != state::gone;
        demand(size <= held_.size() && (size >= sure || !roomy_), "more or less is held than may be");
        demand(told.items == size && told.stores - told.evictions - told.expirations == size, "entries came and went uncounted");
        demand(told.hits == account_.hits, "hits are miscounted");
        demand(told.misses == account_.misses, "misses are miscounted");
        demand(told.stale == account_.stale, "stale answers are miscounted");
        demand(told.runs == account_.runs, "runs are miscounted");
        demand(told.refreshes == account_.refreshes, "refreshes are miscounted");
        demand(told.stores == account_.stores && told.skips == account_.skips, "what was stored and skipped is miscounted");
        demand(told.errors == account_.errors && told.joins == 0, "errors or joins are miscounted");
    }

private:
    enum class state { gone, fresh, revalidated, on_error };
    enum class answer { no, perhaps, yes };

    struct kept {
        long value;
        memo::duration ttl;
        memo::duration fresh_until;
        int failures = 0;
        memo::duration rests_at_least{};
        memo::duration rests_at_most{};
    };
    struct view {
        state is = state::gone;
        long value = 0;
        answer rests = answer::no;  ///< no attempt to renew it is made now
        bool due = false;           ///< a refresh should be in the background, or begin to
    };
    /// What is being done, for which key, and whether it is a task of the queue.
    struct frame {
        int key = 0;
        int task = 0;
        bool counts = true;
        int requests = 0;
    };
    struct outcome {
        std::optional<long> result;
        int requests;
    };
    struct record {
        int count = 0;
        std::optional<long> result;
    };
    struct queued {
        int key;
        int number;
        std::function<void()> work;
    };

    template <class Fn>
    bool leave(Fn const& fn) {
        if (queue_.empty())
            return false;
        auto const first = std::move(queue_.front());
        queue_.pop_front();
        fn(first);
        if (auto const at = refreshing_.find(first.key); at != refreshing_.end() && at->second == first.number)
            refreshing_.erase(at);
        return true;
    }

    memo::duration now() const { return time.now().time_since_epoch(); }
    static bool lives_forever(kept const& one) { return one.fresh_until == memo::duration::max(); }

    template <class Fn>
    outcome within(frame doing, Fn const& fn) {
        auto const outer = std::exchange(frame_, doing);
        std::optional<long> result;
        try {
            result = fn();
        } catch (failure const&) {
        }
        return {result, std::exchange(frame_, outer).requests};
    }

    view view_of(int key) const {
        using memo::detail::later;
        auto const at = held_.find(key);
        if (at == held_.end())
            return {};
        auto const& one = at->second;
        view seen{state::gone, one.value, answer::no, false};
        if (now() < one.rests_at_most)
            seen.rests = now() < one.rests_at_least ? answer::yes : answer::perhaps;
        if (now() < one.fresh_until) {
            seen.is = state::fresh;
            seen.due = how_.ages == axes::freshness::ahead && one.fresh_until - now() <= (1 - axes::ahead_after) * one.ttl;
        } else if (axes::revalidates(how_.ages) && now() < later(one.fresh_until, axes::revalidated_for)) {
            seen.is = state::revalidated;
            seen.due = true;
        } else if (axes::outlasts_errors(how_.ages) && now() < later(one.fresh_until, axes::on_error_for)) {
            seen.is = state::on_error;
        }
        seen.due = seen.due && !refreshing_.contains(key);
        return seen;
    }

    /// A call had no run of its own.
    void answered(view const& before, outcome const& made) {
        demand(before.is != state::gone && made.result == before.value, "an answer is not what was last stored, and still good");
        demand(before.is != state::on_error || before.rests != answer::no, "a call answered with an old value without a run");
        ++(before.is == state::fresh ? account_.hits : account_.stale);
        demand(made.requests <= (before.due && before.rests != answer::yes), "a refresh began that is not due");
        demand(made.requests == 1 || !before.due || before.rests != answer::no, "a refresh is due, and did not begin");
    }

    void ran(int key, view const& before, outcome const& made) {
        bool const stands_in = before.is == state::on_error && before.rests != answer::yes;
        demand(before.is == state::gone || stands_in || !roomy_, "a call ran although its result was stored and good");
        demand(made.requests == 0, "a call ran, and began a refresh");
        ++account_.misses;
        if (how_.equal_calls == axes::flights::coalesce)
            refreshing_.erase(key);  // what waits to run need not, the call took its place
        auto const result = runs_[key].result;
        if (result) {
            demand(made.result == result, "a call that ran gave another result than the run");
            if (!store(key, *result) && stands_in)
                postpone(key);
        } else if (made.result) {
            demand(stands_in && made.result == before.value, "a run failed, and the answer is not the old value");
            ++account_.errors;
            ++account_.stale;
            postpone(key);
        } else {
            demand(!stands_in || !roomy_, "a run failed although an old value could stand in");
            ++account_.errors;
            held_.erase(key);
        }
    }

    /// A run ended, of a call or of a task.
    void ended(int key, std::optional<long> result) {
        if (frame_.task == 0) {
            runs_[key] = {runs_[key].count + 1, result};
            return;
        }
        ++account_.refreshes;
        auto const at = refreshing_.find(key);
        bool const stands = at != refreshing_.end() && at->second == frame_.task;
        if (!result)
            ++account_.errors;
        else if (!stands)
            ++account_.skips;
        if (stands && !(result && store(key, *result)))
            postpone(key);
        if (stands)
            refreshing_.erase(key);
    }

    /// What is held was not renewed.
    void postpone(int key) {
        if (auto const at = held_.find(key); at != held_.end()) {
            auto const doublings = std::min(at->second.failures++, 15);
            memo::duration const longest = std::chrono::milliseconds{std::min(100 << doublings, 60'000)};
            at->second.rests_at_most = now() + longest;
            at->second.rests_at_least = now() + longest / 2;
        }
    }

    /// Returns: whether the result may be stored.
    bool store(int key, long value) {
        memo::duration const ttl = how_.lives == axes::lifetime::none          ? memo::duration::max()
                                   : how_.lives == axes::lifetime::ten_seconds ? memo::duration{std::chrono::seconds{10}}
                                                                               : memo::duration{axes::lifetime_of(value)};
        if (ttl <= memo::duration{}) {
            ++account_.skips;
            return false;
        }
        ++account_.stores;
        held_[key] = {value, ttl, memo::detail::later(now(), ttl)};
        refreshing_.erase(key);
        return true;
    }

    axes::configuration how_;
    bool roomy_;
    bool at_once_;
    std::map<int, kept> held_;
    std::map<int, int> refreshing_;  ///< the task whose result would be stored
    std::map<int, record> runs_;     ///< of calls
    std::deque<queued> queue_;
    frame frame_;
    memo::stats account_;
    int tasks_ = 0;
    int failing_ = 0;
    int refusing_ = 0;
    long serial_ = 0;
    std::string problem_;
};

}  // namespace laws
