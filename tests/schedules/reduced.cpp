#include "schedules/reduced.hpp"

#include "schedules/stage.hpp"
#include "schedules/turn.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace schedules {

struct past {
    std::array<std::size_t, most_actors> seen{};

    bool knows(std::size_t at, std::size_t who) const noexcept { return seen[who] > at; }
    void learn(past const& other) noexcept {
        for (std::size_t who = 0; who != most_actors; ++who)
            seen[who] = std::max(seen[who], other.seen[who]);
    }
};

namespace {

/// Whether the order of two moves of different threads cannot matter, but for who asked and who answered.
bool commute(move const& one, move const& other) noexcept {
    auto const same = [](thing const* its, thing const* others) { return its != nullptr && its == others; };
    if (same(one.on, other.on)) {
        auto const both = [&](deed what) { return one.what == what && other.what == what; };
        return both(deed::load) || both(deed::sleep) || both(deed::notify) || both(deed::time_out);
    }
    return !(one.what == deed::sleep && same(one.lock, other.on)) && !(other.what == deed::sleep && same(other.lock, one.on));
}

bool ask_and_answer(move const& one, bool one_answers, move const& other, bool other_answers) noexcept {
    return (one.invokes && other_answers) || (one_answers && other.invokes);
}

/// Whether two moves that do not commute can both be the next; what lets go of a lock comes after what took it.
bool both_possible(move const& earlier, move const& later) noexcept {
    auto const lets_go = [](move const& one) { return one.what == deed::unlock || one.what == deed::sleep; };
    auto const takes = [](move const& one) { return one.what == deed::lock; };
    auto const unlocks = [](move const& one) { return one.what == deed::unlock; };
    if (earlier.on == later.on && earlier.what != deed::sleep && later.what != deed::sleep)
        return !(lets_go(earlier) && (takes(later) || unlocks(later))) && !(unlocks(later) && takes(earlier));
    if (earlier.on != later.on)  // one of them sleeps, and lets go of what the other one is done to
        return earlier.what == deed::try_lock || later.what == deed::try_lock;
    return true;
}

/// Whether the move ended with an answer: the stage lets nobody come between.
bool answers(std::span<step const> performed, std::size_t at) noexcept {
    return at + 1 < performed.size() && performed[at + 1].made.what == deed::respond;
}

/// What happens before what, as a schedule goes by.
class causality {
public:
    /// What happens before whatever `who` does next.
    past const& of(std::size_t who) const noexcept { return threads_[who]; }

    void follow(std::size_t at, step const& made, bool answer) {
        auto& mine = threads_[made.who];
        auto& done_to = things_[made.made.on];
        auto& let_go = things_[made.made.what == deed::sleep ? made.made.lock : nullptr];
        bool const loads = made.made.what == deed::load;
        if (made.made.on != nullptr)
            mine.learn(loads ? done_to.stores : done_to.all);
        if (made.made.what == deed::sleep)
            mine.learn(let_go.all);
        if (made.made.invokes)
            mine.learn(answered_);
        if (answer)
            mine.learn(invoked_);
        mine.seen[made.who] = at + 1;
        done_to.all.learn(mine);
        if (!loads)
            done_to.stores.learn(mine);
        let_go.all.learn(mine);
        if (made.made.invokes)
            invoked_.learn(mine);
        if (answer)
            answered_.learn(mine);
        if (made.made.what == deed::notify)
            for (std::size_t who = 0; who != most_actors; ++who)
                if (sleeps_on_[who] == made.made.on)
                    threads_[who].learn(mine);
        sleeps_on_[made.who] = made.made.what == deed::sleep ? made.made.on : nullptr;
    }

private:
    struct account {
        past stores;
        past all;
    };

    std::array<past, most_actors> threads_{};
    std::array<thing const*, most_actors> sleeps_on_{};
    std::unordered_map<thing const*, account> things_;
    past invoked_;
    past answered_;
};

}  // namespace

std::size_t reduced::choose(crossing const& at) {
    if (!repeats_ && !strays_ && at_ == path_.size()) {
        auto next = fresh(at);
        auto const open = next.ready & ~next.asleep;
        repeats_ = open == 0;
        if (!repeats_) {
            next.chosen = at.current != most_actors && holds(open, at.current) ? at.current
                                                                              : static_cast<std::size_t>(std::countr_zero(open));
            next.wanted = next.tried = only(next.chosen);
            path_.push_back(next);
        }
    }
    strays_ = strays_ || (!repeats_ && path_[at_].ready != at.ready);
    if (repeats_ || strays_)
        return at.goes_on() ? at.current : static_cast<std::size_t>(std::countr_zero(at.ready));
    path_[at_].step = at.so_far.size();
    return path_[at_++].chosen;
}

reduced::fork reduced::fresh(crossing const& at) const {
    fork next{most_actors, at.ready, 0, 0, 0, 0, 0};
    for (std::size_t who = 0; who != at.next.size(); ++who)
        next.impatient |= at.next[who].what == deed::time_out ? at.ready & only(who) : 0;
    if (path_.empty())
        return next;
    auto const& before = path_.back();
    auto const& made = at.so_far[before.step].made;
    bool const answered = answers(at.so_far, before.step);
    for (std::size_t who = 0; who != at.next.size(); ++who) {
        bool const answering = holds(before.answering, who);
        if (who != before.chosen && holds(before.asleep | before.tried, who) && commute(at.next[who], made) &&
            !ask_and_answer(at.next[who], answering, made, answered)) {
            next.asleep |= only(who);
            next.answering |= answering ? only(who) : 0;
        }
    }
    return next;
}

/// A move that was made, among those at which there was a choice.
struct reduced::deed_done {
    step const* made;
    bool answers;
    std::size_t at;  ///< its step
    past after{};    ///< what happens before, itself included

    bool follows(deed_done const& earlier) const noexcept { return after.knows(earlier.at, earlier.made->who); }
    bool meets(deed_done const& other) const noexcept {
        return !commute(made->made, other.made->made) || ask_and_answer(made->made, answers, other.made->made, other.answers);
    }
    /// Requires: it meets the earlier one.
    bool could_precede(deed_done const& earlier) const noexcept {
        return commute(made->made, earlier.made->made) || both_possible(earlier.made->made, made->made);
    }
};

/// Each pair of moves of two threads that meet, with nothing between them that follows from one and leads to the other, was
/// performed in one order; from where the earlier one was made, a thread is wanted that leads to the other order.
void reduced::find_races(std::span<step const> performed) {
    causality order;
    std::vector<deed_done> done;
    for (auto const& one : path_) {
        deed_done later{&performed[one.step], answers(performed, one.step), one.step};
        if (later.made->made.what == deed::notify)
            path_[done.size()].wanted |= one.impatient;
        auto known = order.of(later.made->who);
        for (auto earlier = done.size(); earlier-- != 0;) {
            auto const& other = done[earlier];
            if (other.made->who == later.made->who || known.knows(other.at, other.made->who) || !later.meets(other) ||
                !later.could_precede(other))
                continue;
            reverse(earlier, later, done, order.of(later.made->who));
            known.learn(other.after);
        }
        order.follow(later.at, *later.made, later.answers);
        later.after = order.of(later.made->who);
        done.push_back(later);
    }
}

/// Of what came after the earlier move without following from it, and of the later move, what could come first?
void reduced::reverse(std::size_t earlier, deed_done const& later, std::span<deed_done const> done, past const& before_later) {
    std::vector<deed_done const*> rest;
    crowd first = 0;
    for (auto at = earlier + 1; at != done.size(); ++at) {
        if (done[at].follows(done[earlier]))
            continue;
        if (std::ranges::none_of(rest, [&](deed_done const* one) { return done[at].follows(*one); }))
            first |= only(done[at].made->who);
        rest.push_back(&done[at]);
    }
    if (std::ranges::none_of(rest, [&](deed_done const* one) {
            return before_later.knows(one->at, one->made->who) || later.meets(*one);
        }))
        first |= only(later.made->who);
    auto& from = path_[earlier];
    if ((first & (from.wanted | from.asleep)) != 0)
        return;
    auto const possible = first & from.ready;
    from.wanted |= possible != 0 ? possible & (~possible + 1) : from.ready;
}

bool reduced::advance(std::span<step const> performed) {
    if (std::exchange(strays_, false)) {
        path_.clear();
        at_ = 0;
        repeats_ = false;
        return true;
    }
    repeated_ += repeats_ ? 1 : 0;
    repeats_ = false;
    find_races(performed);
    for (at_ = 0; !path_.empty(); path_.pop_back()) {
        auto& last = path_.back();
        last.answering |= answers(performed, last.step) ? only(last.chosen) : 0;
        auto const open = last.wanted & ~last.tried & ~last.asleep;
        if (open == 0)
            continue;
        last.chosen = static_cast<std::size_t>(std::countr_zero(open));
        last.tried |= only(last.chosen);
        return true;
    }
    return false;
}

}  // namespace schedules
