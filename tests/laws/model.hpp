#pragma once

#include "axes.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/explanation.hpp>
#include <memo/testing/manual_clock.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace laws {

/// What the wrapped function throws.
struct failure {};
/// What the executor throws.
struct refusal {};

/// A cache in one thread, by its contract: what it would hold if nothing had to leave for want of room, what each verb may then
/// answer, and what its account must say. The wrapped function and the executor are part of it, so it sees each run.
class model {
public:
    /// Makes a call of the wrapper, and returns its result.
    using caller = std::function<long()>;
    /// Which keys.
    using choice = std::function<bool(int key)>;

    /// `roomy`: nothing has to leave. `at_once`: background work is done where it is asked for, else when `work` says so.
    model(axes::configuration how, bool roomy, bool at_once) : how_{how}, roomy_{roomy}, at_once_{at_once} {}

    memo::manual_clock time;

    void demand(bool holds, char const* what);
    /// The first demand that did not hold; empty when there is none.
    std::string const& problem() const { return problem_; }
    std::uint64_t runs() const { return account_.runs; }

    /// The wrapped function, each run of which gives another number; `inner` makes the calls that a run makes.
    long run(int key, std::function<void()> const& inner);
    /// The next run, of any key, does this too.
    void meanwhile(std::function<void(int key)> act) { meanwhile_ = std::move(act); }
    /// So many runs from now on throw.
    void fail(int runs) { failing_ = runs; }

    /// The executor.
    void execute(std::function<void()> task);
    /// It does not take what comes next, so many tasks.
    void refuse(int tasks) { refusing_ = tasks; }
    /// It does what is first in the queue. Returns: whether there was something.
    bool work();
    /// It loses what is first in the queue.
    void lose();

    /// A call of the wrapper. Throws: what `fn` throws.
    long call(int key, caller const& fn);
    void refresh(int key, caller const& fn);
    void uncached(int key, caller const& fn);
    /// A result was looked for without a run.
    void found(int key, bool there);
    void seen(int key, std::optional<long> result);
    void remains(int key, std::optional<memo::duration> left);
    void explained(int key, memo::explanation const& told);
    /// A result that was made elsewhere: it outdates what is held and who refreshes it, also where it is not stored.
    void put(int key, long value);
    void touch(int key, memo::duration ttl, bool there);
    /// `count` is how many entries the cache says went.
    void forget(std::size_t count, choice const& chosen);
    /// Whether this many entries may be held, and each counter is right.
    void audit(std::size_t size, memo::stats const& told);

private:
    enum class state { gone, fresh, revalidated, on_error };
    enum class answer { no, perhaps, yes };

    struct kept {
        long value;
        memo::duration made;
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
        memo::duration until{};     ///< it may answer so long
    };
    /// A run of the function. Its result is stored if nothing that was done meanwhile outdates it.
    struct record {
        int key;
        memo::duration begun;
        std::optional<long> result;
        bool stands;
    };
    /// What is being done, for which key, and whether it is a task of the queue.
    struct frame {
        int key = 0;
        int task = 0;
        bool counts = true;
        int requests = 0;
        std::optional<record> run{};
    };
    struct outcome {
        std::optional<long> result;
        int requests;
        std::optional<record> run;
    };
    struct queued {
        int key;
        int number;
        std::function<void()> work;
    };

    memo::duration now() const { return time.now().time_since_epoch(); }
    static bool lives_forever(kept const& one) { return one.fresh_until == memo::duration::max(); }
    memo::duration lifetime_of(long value) const;
    view view_of(int key) const;

    outcome within(frame doing, caller const& fn);
    bool leave(std::function<void(queued const&)> const& fn);
    /// A call had no run of its own.
    void answered(view const& before, outcome const& made);
    void ran(record const& run, view const& before, outcome const& made);
    /// The innermost run ended, of a call or of a task.
    void ended();
    /// Returns: whether the run has a result that is stored.
    bool keep(record const& run);
    /// Returns: whether the result may be stored.
    bool store(int key, long value, memo::duration made);
    /// What is held was not renewed.
    void postpone(int key);
    /// What runs in flight for these keys find is not stored.
    void outdate(choice const& chosen);

    axes::configuration how_;
    bool roomy_;
    bool at_once_;
    std::map<int, kept> held_;
    std::map<int, int> refreshing_;  ///< the task whose result would be stored
    std::deque<queued> queue_;
    std::vector<record> running_;  ///< innermost last
    record last_{};
    std::function<void(int)> meanwhile_;
    frame frame_;
    memo::stats account_;
    int tasks_ = 0;
    int failing_ = 0;
    int refusing_ = 0;
    long serial_ = 0;
    std::string problem_;
};

}  // namespace laws
