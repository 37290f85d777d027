#include "schedules/stage.hpp"

#include "schedules/turn.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace schedules {
namespace {

constexpr std::size_t too_long = 100'000;  // steps of a scenario that does not end
constexpr std::size_t spinning = 500;      // steps of one thread while others could go

/// What says whose turn it is. Nobody spins for it.
class baton {
public:
    void hand_over() noexcept {
        handed_.store(1, std::memory_order_release);
        syscall(SYS_futex, &handed_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    }
    void take() noexcept {
        while (handed_.exchange(0, std::memory_order_acquire) == 0)
            syscall(SYS_futex, &handed_, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
    }

private:
    std::atomic<int> handed_{0};
};

class player;

/// Players, and whose turn it is. Only who has the baton touches any of it.
class stage {
public:
    void perform(std::span<std::function<void()> const> bodies, chooser& order, performance& result);

    // what players do when it is their turn
    void about_to(player& who, move next) noexcept;
    void fall_asleep(player& who, thing& condition, thing& lock, bool may_time_out) noexcept;
    void wake_all(thing& condition) noexcept;
    void leave(player& who) noexcept;
    void end_of_what_was_asked(player& who) noexcept;
    stamp now() const noexcept { return time_; }

private:
    /// Who goes next; null when it is over.
    player* next_player() noexcept;
    std::size_t next_of(crowd ready) noexcept;
    crowd who_is_ready() const noexcept;
    void leave_them(char const* why);

    std::vector<std::unique_ptr<player>> players_;
    std::array<move, most_actors> next_;
    crowd asleep_ = 0;  // until notified
    crowd dead_ = 0;    // at their ends
    stamp time_ = 0;
    std::size_t count_ = 0;
    std::size_t current_ = most_actors;
    std::size_t in_a_row_ = 0;
    baton director_;
    chooser* order_ = nullptr;
    performance* result_ = nullptr;
};

class player final : public actor {
public:
    player(stage& plays_on, std::size_t as) : number{as}, stage_{plays_on} {
        std::thread{[this] { play(); }}.detach();
    }

    void pass(move next) noexcept override {
        next.invokes = due != nullptr;
        stage_.about_to(*this, next);
        if (due != nullptr)
            *std::exchange(due, nullptr) = stage_.now();
    }
    bool await(thing& condition, thing& lock, bool may_time_out) noexcept override {
        pass({deed::sleep, &condition, &lock});
        lock.held = false;
        notified = false;
        stage_.fall_asleep(*this, condition, lock, may_time_out);
        if (!notified)
            pass({deed::lock, &lock});
        lock.held = true;
        return notified;
    }
    void notify(thing& condition) noexcept override {
        pass({deed::notify, &condition});
        stage_.wake_all(condition);
    }
    stamp respond() noexcept {
        stage_.end_of_what_was_asked(*this);
        return stage_.now();
    }

    std::size_t const number;
    baton turn;
    std::function<void()> const* body = nullptr;
    stamp* due = nullptr;
    bool notified = false;

private:
    [[noreturn]] void play() {
        for (;;) {
            turn.take();
            self = this;
            (*body)();
            self = nullptr;
            stage_.leave(*this);
        }
    }

    stage& stage_;
};

void stage::perform(std::span<std::function<void()> const> bodies, chooser& order, performance& result) {
    while (players_.size() < bodies.size())
        players_.push_back(std::make_unique<player>(*this, players_.size()));
    result.steps.clear();
    result.stuck.clear();
    order_ = &order;
    result_ = &result;
    time_ = 0;
    count_ = bodies.size();
    current_ = most_actors;
    in_a_row_ = 0;
    asleep_ = dead_ = 0;
    for (std::size_t number = 0; number != count_; ++number) {
        next_[number] = {};
        players_[number]->body = &bodies[number];
        players_[number]->due = nullptr;
    }
    if (auto* const first = next_player()) {
        first->turn.hand_over();
        director_.take();
    }
}

void stage::about_to(player& who, move next) noexcept {
    next_[who.number] = next;
    auto* const to = next_player();
    if (to == &who)
        return;
    (to == nullptr ? director_ : to->turn).hand_over();
    who.turn.take();
}

void stage::fall_asleep(player& who, thing& condition, thing& lock, bool may_time_out) noexcept {
    if (!may_time_out)
        asleep_ |= only(who.number);
    about_to(who, {deed::time_out, &condition, &lock});
}

void stage::wake_all(thing& condition) noexcept {
    for (std::size_t number = 0; number != count_; ++number) {
        auto const waits = next_[number];
        if (waits.what != deed::time_out || waits.on != &condition || holds(dead_, number))
            continue;
        asleep_ &= ~only(number);
        next_[number] = {deed::lock, waits.lock};
        players_[number]->notified = true;
    }
}

void stage::leave(player& who) noexcept {
    dead_ |= only(who.number);
    auto* const to = next_player();
    (to == nullptr ? director_ : to->turn).hand_over();
}

void stage::end_of_what_was_asked(player& who) noexcept {
    result_->steps.push_back({who.number, only(who.number), {deed::respond}});
    ++time_;
}

player* stage::next_player() noexcept {
    for (std::size_t number = 0; number != count_; ++number)
        if (next_[number].what == deed::start && !holds(dead_, number)) {  // each comes to its first move before anyone makes it
            next_[number].what = deed::give_way;
            return players_[number].get();
        }
    auto const ready = who_is_ready();
    if (ready == 0 && dead_ == only(count_) - 1)
        return nullptr;
    if (ready == 0 || result_->steps.size() >= too_long) {
        leave_them(ready == 0 ? "nobody can go on:" : "it does not end:");
        return nullptr;
    }
    auto const who = next_of(ready);
    in_a_row_ = who == current_ ? in_a_row_ + 1 : 0;
    current_ = who;
    ++time_;
    return players_[who].get();
}

std::size_t stage::next_of(crowd ready) noexcept {
    auto const others = current_ == most_actors ? ready : ready & ~only(current_);
    bool const waits_in_vain =
        others != 0 && others != ready && (next_[current_].what == deed::give_way || in_a_row_ >= spinning);
    auto const eligible = waits_in_vain ? others : ready;
    auto const who = order_->choose({result_->steps, {next_.data(), count_}, eligible, current_});
    result_->steps.push_back({who, eligible, next_[who]});
    return who;
}

crowd stage::who_is_ready() const noexcept {
    crowd ready = 0;
    for (std::size_t number = 0; number != count_; ++number)
        if (!holds(dead_ | asleep_, number) && !(next_[number].what == deed::lock && next_[number].on->held))
            ready |= only(number);
    return ready;
}

/// Other players take their places next time.
void stage::leave_them(char const* why) {
    result_->stuck = why;
    for (std::size_t number = 0; number != count_; ++number)
        if (!holds(dead_, number))
            result_->stuck += " thread " + std::to_string(number) + " is about to " + to_string(next_[number].what) + ";";
    for (auto& one : players_)
        static_cast<void>(one.release());
    players_.clear();
}

/// One for the process, and never destroyed: its players wait for their turn until the end.
stage& the_stage() {
    static auto& only_one = *new stage;
    return only_one;
}

}  // namespace

void perform(std::span<std::function<void()> const> bodies, chooser& order, performance& result) {
    the_stage().perform(bodies, order, result);
}

void invoke(stamp& at) noexcept {
    auto& me = static_cast<player&>(*self);
    me.due = &at;
}

stamp respond() noexcept {
    return static_cast<player&>(*self).respond();
}

std::string to_string(deed what) {
    constexpr std::array words{"start", "load", "store",  "lock",    "try_lock", "unlock",
                               "sleep", "wake", "notify", "respond", "give_way"};
    return words[static_cast<std::size_t>(what)];
}

}  // namespace schedules

/// What the compiler's own code and the C library would wait with, these take the place of: a thread that yields, and one that
/// finds that another one is at work on a static variable, lets others go first.
extern "C" {

int sched_yield() noexcept {
    if (schedules::self != nullptr)
        schedules::self->pass({schedules::deed::give_way});
    else
        syscall(SYS_sched_yield);
    return 0;
}

int __cxa_guard_acquire(long long* guard) {
    auto* const bytes = reinterpret_cast<char*>(guard);
    while (std::atomic_ref{bytes[0]}.load() == 0) {
        if (std::atomic_ref{bytes[1]}.exchange(1) == 0) {
            if (std::atomic_ref{bytes[0]}.load() == 0)
                return 1;
            std::atomic_ref{bytes[1]}.store(0);
        }
        sched_yield();
    }
    return 0;
}

void __cxa_guard_release(long long* guard) {
    auto* const bytes = reinterpret_cast<char*>(guard);
    std::atomic_ref{bytes[0]}.store(1);
    std::atomic_ref{bytes[1]}.store(0);
}

void __cxa_guard_abort(long long* guard) {
    std::atomic_ref{reinterpret_cast<char*>(guard)[1]}.store(0);
}

}  // extern "C"
