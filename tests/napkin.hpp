#pragma once

#include "axes.hpp"

#include <memo/base/clock.hpp>
#include <memo/testing/manual_clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sweep {

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
        auto const at = held_.find(key);
        auto const end = at == held_.end() ? now() : at->second.end;
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

    /// A result was looked for without a run.
    void found(int key, bool there) {
        demand(!there || fresh(key), "something was found that is not fresh");
        demand(there || !fresh(key) || !roomy_, "what is stored and fresh was not found");
    }
    void seen(int key, std::optional<long> result) {
        found(key, result.has_value());
        demand(!result || (fresh(key) && *result == held_.at(key).value), "what was found is not what was last stored");
    }

    void store(int key, long value) {
        auto const ttl = lives_ == axes::lifetime::none          ? memo::duration::max()
                         : lives_ == axes::lifetime::ten_seconds ? memo::duration{std::chrono::seconds{10}}
                                                                 : memo::duration{axes::lifetime_of(value)};
        if (ttl > memo::duration{})
            held_[key] = {value, memo::detail::later(now(), ttl)};
    }
    /// A result that was made elsewhere: it outdates what is held, also where it is not stored.
    void put(int key, long value) {
        held_.erase(key);
        store(key, value);
    }
    void touch(int key, memo::duration ttl) { held_[key].end = now() + ttl; }

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

}  // namespace sweep
