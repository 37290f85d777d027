#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stripes.hpp>
#include <memo/call/disabled.hpp>
#include <memo/call/flight.hpp>
#include <memo/call/holding.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace memo::detail {

/// One value that is computed once: single flight and fence for a place that has no key.
///
/// Threads: any; no lock is held while the value is computed, copied out or destroyed.
template <class Value>
class once {
    using results = holding<Value, false>;
    using held = typename results::held;

public:
    once(duration ttl, duration idle, time_source clock)
        : ttl_{std::max(ttl, duration::zero())}, idle_{std::max(idle, duration::zero())}, clock_{std::move(clock)} {}

    /// Carries the value along, not a run in flight.
    once(once const& other) : ttl_{other.ttl_}, idle_{other.idle_}, clock_{other.clock_} {
        std::lock_guard const lock{stripe_of(&other)};
        copy_value(other);
    }
    /// Leaves the other empty.
    once(once&& other) : ttl_{other.ttl_}, idle_{other.idle_}, clock_{other.clock_} {
        std::lock_guard const lock{stripe_of(&other)};
        copy_value(other);
        other.forget();
    }
    once& operator=(once const& other) {
        if (this != &other)
            take(once{other});
        return *this;
    }
    once& operator=(once&& other) {
        if (this != &other)
            take(once{std::move(other)});
        return *this;
    }
    ~once() = default;

    /// The value, or one run of `compute`. What it throws passes through; nothing else does, but recursion_error.
    template <class Fn>
    Value get(Fn const& compute) {
        for (;;) {
            access found = look();
            if (found.mine != nullptr)
                return lead(*found.mine, compute);
            if (found.joined != nullptr) {
                if (found.joined->wait(patience) == arrival::timed_out)
                    return compute();
                if (auto const& thrown = found.joined->error())
                    std::rethrow_exception(thrown);
                found.kept = found.joined->result();
                if (!found.kept)
                    continue;
            }
            if (found.kept) {
                try {
                    return results::give(*found.kept);
                } catch (...) {  // it cannot be copied now
                }
            }
            return compute();
        }
    }

    std::optional<Value> peek() const {
        auto const now = timed() ? clock_.now() : duration{};
        std::unique_lock lock{stripe_of(this)};
        if (disabled() || !fresh(now))
            return std::nullopt;
        auto const kept = *value_;
        lock.unlock();
        return results::give(kept);
    }

    void set(Value value) {
        if (disabled())
            return;
        store(results::hold(std::move(value)), clock_.now(), nullptr);
    }

    /// Forgets the value, and what is being computed will not be kept.
    void reset() {
        std::optional<held> dead;
        std::lock_guard const lock{stripe_of(this)};
        dead = forget();
    }

private:
    bool timed() const noexcept { return ttl_ != duration::max() || idle_ != duration::max(); }
    bool fresh(duration now) const { return value_ && now < expires_at_ && now < idle_at_; }

    /// What asking came to; with nothing set, the call just computes.
    struct access {
        std::optional<held> kept;
        std::shared_ptr<flight<held>> mine;    ///< the call leads
        std::shared_ptr<flight<held>> joined;  ///< the call waits
    };

    access look() noexcept {
        if (disabled())
            return {};
        try {
            auto const now = timed() ? clock_.now() : duration{};
            std::optional<held> dead;
            std::lock_guard const lock{stripe_of(this)};
            if (fresh(now)) {
                idle_at_ = later(now, idle_);
                return {value_, nullptr, nullptr};
            }
            dead = std::exchange(value_, std::nullopt);
            if (in_flight_ != nullptr && !in_flight_->inherited())
                return {std::nullopt, nullptr, in_flight_};
            in_flight_ = std::make_shared<flight<held>>(departure::at_once, nullptr, key_view{}, std::vector<std::string>{});
            return {std::nullopt, in_flight_, nullptr};
        } catch (...) {
            return {};
        }
    }

    template <class Fn>
    Value lead(flight<held>& mine, Fn const& compute) {
        struct landing {
            once& of;
            flight<held>& mine;
            ~landing() {
                of.drop(mine);
                mine.give_up();
            }
        } const end{*this, mine};
        auto const created = started();
        auto const computed = [&]() -> Value {
            try {
                return compute();
            } catch (...) {
                drop(mine);
                mine.fail(std::current_exception());
                throw;
            }
        };
        Value value = computed();
        try {
            auto const kept = results::hold(std::as_const(value));
            if (created)
                store(kept, *created, &mine);
            mine.succeed(kept);
        } catch (...) {  // it cannot be copied: who waits asks again
        }
        return value;
    }

    std::optional<duration> started() const noexcept {
        try {
            return clock_.now();
        } catch (...) {
            return std::nullopt;
        }
    }

    void drop(flight<held> const& ended) noexcept {
        std::lock_guard const lock{stripe_of(this)};
        if (in_flight_.get() == &ended)
            in_flight_ = nullptr;
    }

    /// `mine` is the run that made it, which must still be the one in flight; null for a value that was set.
    void store(held kept, duration created, flight<held> const* mine) {
        std::optional<held> dead{std::move(kept)};
        std::lock_guard const lock{stripe_of(this)};
        if (mine != nullptr && in_flight_.get() != mine)
            return;
        in_flight_ = nullptr;
        std::swap(value_, dead);
        expires_at_ = later(created, ttl_);
        idle_at_ = later(created, idle_);
    }

    std::optional<held> forget() {
        in_flight_ = nullptr;
        return std::exchange(value_, std::nullopt);
    }

    void copy_value(once const& other) {
        value_ = other.value_;
        expires_at_ = other.expires_at_;
        idle_at_ = other.idle_at_;
    }

    void take(once&& other) {
        std::optional<held> dead;
        std::lock_guard const lock{stripe_of(this)};
        dead = forget();
        copy_value(other);
        ttl_ = other.ttl_;
        idle_ = other.idle_;
        std::swap(clock_, other.clock_);
    }

    duration ttl_;
    duration idle_;
    time_source clock_;
    std::optional<held> value_;
    duration expires_at_{};
    duration idle_at_{};
    std::shared_ptr<flight<held>> in_flight_;
};

}  // namespace memo::detail
