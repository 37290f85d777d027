#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>
#include <memo/call/flight_memory.hpp>
#include <memo/call/ledger.hpp>
#include <memo/store/concept.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace memo::detail {

/// What a thread is waiting for; flights know their leader by it.
struct flight_crew;

/// How long a call waits for another's run where nothing else is said.
inline constexpr duration patience = std::chrono::seconds{30};

/// How waiting for a run ended.
enum class arrival { landed, timed_out };

/// Who leads a run: the thread that made it, or whoever claims it first.
enum class departure { at_once, when_claimed };

/// A run in flight, which equal calls may join: the lease to its result, and the waiters. Whoever leads it runs the function
/// and lands it once, with a result, with an exception, or with nothing, upon which its waiters ask again.
///
/// Threads: any. A call that would wait for itself, on its own thread or through a circle of threads, throws.
class flight_base : public lease {
public:
    /// `whose` names the key in messages; null for what has no key.
    flight_base(departure when, ledger const* whose, key_view const& key, std::vector<std::string> tags);
    ~flight_base() override;

    /// Returns: whether the caller leads; false when somebody else does already.
    bool claim();
    /// The same for a caller that will not run, but give up.
    bool take() noexcept;
    bool survive_fork() noexcept override;
    /// Whether it is of the process that this one was forked from.
    bool inherited() const noexcept { return born_ != fork_generation(); }

    void fail(std::exception_ptr error) noexcept;
    void give_up() noexcept { fail(nullptr); }

    /// Waits at most so long, in real time.
    /// Throws: recursion_error.
    arrival wait(duration longest);
    /// What the run threw; null when it landed with a result, or with nothing. Requires: it has landed.
    std::exception_ptr const& error() const noexcept { return error_; }

    /// Of its entry in a row, before this run.
    unsigned failures = 0;

protected:
    /// Whoever leads lands it, so that no two threads do.
    template <class Fn>
    void land(Fn set_result) noexcept {
        settle();
        if (landed_.load(std::memory_order_relaxed))
            return;
        set_result();
        landed_ = true;
        if (awaited_)
            call_waiters();
    }

private:
    /// A fork may have left lock and waiters of threads that are no more.
    void settle() noexcept;
    void call_waiters() noexcept;
    void join_crew();
    static void leave_crew() noexcept;
    void be_led_by(flight_crew& crew) noexcept;
    bool is_led_by(flight_crew const& crew) const noexcept;
    std::string name() const;
    /// The names of the flights from this one to the one that `last` leads, and of this one again.
    std::string circle(flight_crew const& last) const;

    ledger const* ledger_;
    atomic<bool> claimed_;
    flight_crew* leader_ = nullptr;  // once it is claimed
    std::uint64_t hiring_ = 0;       // of the leader, which is another's when it was hired again
    mutex mutex_;
    condition landing_;
    atomic<bool> landed_{false};
    atomic<bool> awaited_{false};  // before `landed_` is looked at
    std::uint64_t born_ = fork_generation();
    std::exception_ptr error_;
};

template <class Held>
class flight final : public flight_base {
public:
    using flight_base::flight_base;
    /// In the block of one that ended before, where there is one.
    static std::shared_ptr<flight> made(departure when, ledger const* whose, key_view const& key, std::vector<std::string> tags) {
        return std::allocate_shared<flight>(flight_memory<flight>{}, when, whose, key, std::move(tags));
    }

    void succeed(Held const& result) noexcept {
        land([&] { result_ = result; });
    }

    /// Requires: it has landed. Returns: the result, or nothing when the run failed or gave up.
    std::optional<Held> const& result() const noexcept { return result_; }

private:
    std::optional<Held> result_;
};

}  // namespace memo::detail
