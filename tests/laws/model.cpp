#include "laws/model.hpp"

#include "axes.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/explanation.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace laws {

void model::demand(bool holds, char const* what) {
    if (!holds && problem_.empty())
        problem_ = what;
}

long model::run(int key, std::function<void()> const& inner) {
    account_.runs += frame_.counts;
    running_.push_back({key, now(), std::nullopt, true});
    try {
        inner();
        if (meanwhile_)
            std::exchange(meanwhile_, nullptr)(key);
        if (failing_ != 0) {
            --failing_;
            throw failure{};
        }
    } catch (failure const&) {
        ended();
        throw;
    }
    running_.back().result = ++serial_;
    ended();
    return *last_.result;
}

void model::execute(std::function<void()> task) {
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

bool model::work() {
    return leave([&](queued const& first) { within({first.key, first.number}, [&] { return first.work(), 0L; }); });
}

void model::lose() {
    leave([](queued const&) {});
}

long model::call(int key, caller const& fn) {
    auto const before = view_of(key);
    if (before.is == state::gone)
        held_.erase(key);
    auto const made = within({key}, fn);
    if (made.run)
        ran(*made.run, before, made);
    else
        answered(before, made);
    return made.result ? *made.result : throw failure{};
}

void model::refresh(int key, caller const& fn) {
    auto const made = within({key}, fn);
    demand(made.run && made.result == made.run->result, "refresh did not run, or hid its result");
    ++account_.refreshes;
    if (made.run && !keep(*made.run) && made.run->stands)
        postpone(key);
}

void model::uncached(int key, caller const& fn) {
    auto const made = within({key, 0, false}, fn);
    demand(made.run && made.result == made.run->result, "uncached did not run, or hid its result");
}

void model::found(int key, bool there) {
    bool const fresh = view_of(key).is == state::fresh;
    demand(!there || fresh, "something was found that is not fresh");
    demand(there || !fresh || !roomy_, "what is stored and fresh was not found");
}

void model::seen(int key, std::optional<long> result) {
    found(key, result.has_value());
    demand(!result || result == view_of(key).value, "what was found is not what was last stored");
}

void model::remains(int key, std::optional<memo::duration> left) {
    found(key, left.has_value());
    auto const at = held_.find(key);
    demand(!left || at == held_.end() || *left == (lives_forever(at->second) ? *left : at->second.fresh_until - now()),
           "ttl is not what remains");
}

void model::explained(int key, memo::explanation const& told) {
    auto const is = view_of(key).is;
    bool const there = !told.tier.empty();
    demand(there ? is != state::gone : is == state::gone || !roomy_, "explain tells of what is gone, or not of what is there");
    demand(told.hit == (there && is == state::fresh), "explain does not know what is fresh");
    if (!there || is == state::gone)
        return;
    auto const& one = held_.at(key);
    demand(told.age == now() - one.made, "explain gives another age");
    demand(lives_forever(one) || told.remaining == one.fresh_until - now(), "explain gives another remaining life");
    demand(told.failures == static_cast<unsigned>(one.failures), "explain gives another number of failures");
}

void model::put(int key, long value) {
    held_.erase(key);
    outdate([&](int other) { return other == key; });
    store(key, value, now());
}

void model::touch(int key, memo::duration ttl, bool there) {
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

void model::forget(std::size_t count, choice const& chosen) {
    std::size_t sure = 0;
    for (auto const& one : held_)
        sure += chosen(one.first) && view_of(one.first).is != state::gone;
    auto const possible = std::erase_if(held_, [&](auto const& one) { return chosen(one.first); });
    outdate(chosen);
    demand(count <= possible, "more entries went than there were");
    demand(count >= sure || !roomy_, "an eviction did not count an entry that it met");
}

void model::audit(std::size_t size, memo::stats const& told) {
    std::size_t sure = 0;
    for (auto const& one : held_) sure += view_of(one.first).is != state::gone;
    demand(size <= held_.size() && (size >= sure || !roomy_), "more or less is held than may be");
    demand(told.items == size || (how_.lives_in != axes::home::typed && told.items == 0), "the entries are miscounted");
    demand(how_.lives_in != axes::home::typed || told.stores - told.evictions - told.expirations == size,
           "entries came and went uncounted");
    demand(told.hits == account_.hits, "hits are miscounted");
    demand(told.misses == account_.misses, "misses are miscounted");
    demand(told.stale == account_.stale, "stale answers are miscounted");
    demand(told.runs == account_.runs, "runs are miscounted");
    demand(told.refreshes == account_.refreshes, "refreshes are miscounted");
    demand(told.stores == account_.stores && told.skips == account_.skips, "what was stored and skipped is miscounted");
    demand(told.errors == account_.errors && told.joins == 0, "errors or joins are miscounted");
}

bool model::leave(std::function<void(queued const&)> const& fn) {
    if (queue_.empty())
        return false;
    auto const first = std::move(queue_.front());
    queue_.pop_front();
    fn(first);
    if (auto const at = refreshing_.find(first.key); at != refreshing_.end() && at->second == first.number)
        refreshing_.erase(at);
    return true;
}

model::outcome model::within(frame doing, caller const& fn) {
    auto const outer = std::exchange(frame_, doing);
    std::optional<long> result;
    try {
        result = fn();
    } catch (failure const&) {
    }
    auto const inner = std::exchange(frame_, outer);
    return {result, inner.requests, inner.run};
}

memo::duration model::lifetime_of(long value) const {
    switch (how_.lives) {
        case axes::lifetime::none: return memo::duration::max();
        case axes::lifetime::ten_seconds: return std::chrono::seconds{10};
        default: return axes::lifetime_of(value);
    }
}

model::view model::view_of(int key) const {
    using memo::detail::later;
    auto const at = held_.find(key);
    if (at == held_.end())
        return {};
    auto const& one = at->second;
    view seen{state::gone, one.value, answer::no, false, later(one.fresh_until, axes::on_error_for)};
    if (now() < one.rests_at_most)
        seen.rests = now() < one.rests_at_least ? answer::yes : answer::perhaps;
    if (now() < one.fresh_until) {
        seen.is = state::fresh;
        seen.due = how_.ages == axes::freshness::ahead && one.fresh_until - now() <= (1 - axes::ahead_after) * one.ttl;
    } else if (axes::revalidates(how_.ages) && now() < later(one.fresh_until, axes::revalidated_for)) {
        seen.is = state::revalidated;
        seen.due = true;
    } else if (axes::outlasts_errors(how_.ages) && now() < seen.until) {
        seen.is = state::on_error;
    }
    seen.due = seen.due && !refreshing_.contains(key);
    return seen;
}

void model::answered(view const& before, outcome const& made) {
    demand(before.is != state::gone && made.result == before.value, "an answer is not what was last stored, and still good");
    demand(before.is != state::on_error || before.rests != answer::no, "a call answered with an old value without a run");
    ++(before.is == state::fresh ? account_.hits : account_.stale);
    demand(made.requests <= (before.due && before.rests != answer::yes), "a refresh began that is not due");
    demand(made.requests == 1 || !before.due || before.rests != answer::no, "a refresh is due, and did not begin");
}

void model::ran(record const& run, view const& before, outcome const& made) {
    bool const renews = before.is == state::on_error && before.rests != answer::yes;
    demand(before.is == state::gone || renews || !roomy_, "a call ran although its result was stored and good");
    demand(made.requests == 0, "a call ran, and began a refresh");
    ++account_.misses;
    if (how_.equal_calls == axes::flights::coalesce)
        refreshing_.erase(run.key);  // what waits to run need not, the call took its place
    if (run.result) {
        demand(made.result == run.result, "a call that ran gave another result than the run");
    } else if (made.result) {
        bool const old = renews && now() < before.until && made.result == before.value;
        demand(old, "a run failed, and the answer is not the old value");
        ++account_.stale;
    } else {
        demand(!renews || now() >= before.until || !roomy_, "a run failed although an old value could stand in");
    }
    if (!keep(run) && renews && run.stands)
        postpone(run.key);
}

void model::ended() {
    last_ = running_.back();
    running_.pop_back();
    if (frame_.task == 0) {
        frame_.run = last_;
        return;
    }
    ++account_.refreshes;
    auto const at = refreshing_.find(last_.key);
    last_.stands = at != refreshing_.end() && at->second == frame_.task;
    if (!keep(last_) && last_.stands)
        postpone(last_.key);
    if (last_.stands)
        refreshing_.erase(last_.key);
}

bool model::keep(record const& run) {
    if (run.result && run.stands)
        return store(run.key, *run.result, run.begun);
    ++(run.result ? account_.skips : account_.errors);
    return false;
}

bool model::store(int key, long value, memo::duration made) {
    auto const ttl = lifetime_of(value);
    if (ttl <= memo::duration{}) {
        ++account_.skips;
        return false;
    }
    ++account_.stores;
    held_[key] = {value, made, ttl, memo::detail::later(made, ttl)};
    refreshing_.erase(key);
    return true;
}

void model::postpone(int key) {
    auto const at = held_.find(key);
    if (at == held_.end())
        return;
    auto const doublings = std::min(at->second.failures++, 15);
    memo::duration const longest = std::chrono::milliseconds{std::min(100 << doublings, 60'000)};
    at->second.rests_at_most = now() + longest;
    at->second.rests_at_least = now() + longest / 2;
}

void model::outdate(choice const& chosen) {
    std::erase_if(refreshing_, [&](auto const& one) { return chosen(one.first); });
    for (auto& one : running_) one.stands = one.stands && !chosen(one.key);
}

}  // namespace laws
