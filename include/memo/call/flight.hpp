#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/sync.hpp>
#include <memo/call/ledger.hpp>
#include <memo/store/concept.hpp>

#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace memo::detail {

/// What a thread is waiting for; flights know their leader by it.
struct flight_crew;

/// A run in flight, which equal calls may join: the lease to its result, and the waiters. It lands once, with a result,
/// with an exception, or with nothing, upon which its waiters ask again.
///
/// Threads: any. A call that would wait for itself, on its own thread or through a circle of threads, throws.
class flight_base : public lease {
public:
    /// `whose` names the key in messages; null for what has no key.
    flight_base(ledger const* whose, key_view const& key, std::vector<std::string> tags);
    ~flight_base() override;

    void fail(std::exception_ptr error) noexcept;
    void give_up() noexcept { fail(nullptr); }

protected:
    /// Throws: recursion_error; or what the run threw.
    void wait();
    template <class Fn>
    void land(Fn set_result) noexcept {
        {
            std::lock_guard const lock{mutex_};
            if (landed_)
                return;
            set_result();
            landed_ = true;
        }
        landing_.notify_all();
    }

private:
    bool landed() const;
    void join_crew();
    static void leave_crew() noexcept;
    std::string name() const;
    /// The names of the flights from this one to the one that `last` leads, and of this one again.
    std::string circle(flight_crew const& last) const;

    ledger const* ledger_;
    std::shared_ptr<flight_crew> leader_;
    mutable mutex mutex_;
    condition landing_;
    bool landed_ = false;
    std::exception_ptr error_;
};

template <class Held>
class flight final : public flight_base {
public:
    using flight_base::flight_base;

    void succeed(Held const& result) noexcept {
        land([&] { result_ = result; });
    }

    /// Waits. Returns: the result, or nothing when the run gave up.
    std::optional<Held> result() {
        wait();
        return result_;
    }

private:
    std::optional<Held> result_;
};

}  // namespace memo::detail
