#pragma once

#include <memo/base/cache_key.hpp>
#include <memo/base/event.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/counters.hpp>
#include <memo/call/space.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <string>

namespace memo::detail {

/// Who a wrapper is in words and in stores.
struct identity {
    std::string name;            ///< empty where it was not given one
    std::string shown;           ///< the name, else what is known of the callable
    std::uint64_t version = 0;
};

/// Keeps the account of one wrapper: counts what happens and tells those who listen, its own listener and its manager's.
///
/// Threads: any; listeners run with no lock held.
class ledger {
public:
    ledger(std::shared_ptr<space> in, identity who, event_listener own, bool counts);
    ~ledger();

    identity const& who() const noexcept { return who_; }
    space& in() const noexcept { return *in_; }

    void count(counter what, std::uint64_t more = 1) noexcept {
        if (counts_)
            counters_.add(what, more);
    }
    void count_run(duration took) noexcept;
    void count_sample(duration took) noexcept;
    /// One in 256 of the calls of a thread is timed, which costs a hit half a nanosecond on the mean.
    bool samples() const noexcept { return counts_ && calls_of_thread++ % calls_of_sample == 0; }
    /// Whether the next one is; otherwise it has passed.
    bool sample_is_due() const noexcept { return counts_ && (calls_of_thread % calls_of_sample == 0 || (++calls_of_thread, false)); }

    /// Of its own, beside those of its manager.
    bool has_listener() const noexcept { return own_ != nullptr; }
    [[gnu::always_inline]] bool heard() const noexcept { return own_ != nullptr || in_->heard(); }
    /// Requires: `heard()`, or the event is lost.
    void tell(event_kind kind, key_view const& key, duration took = {}, evict_cause cause = evict_cause::none,
              std::exception_ptr const& error = nullptr) noexcept;
    /// A failure that was swallowed, or an exception that passes through: counted and told.
    void fail(key_view const& key, std::exception_ptr const& error, duration took = {}) noexcept;

    /// The name of an entry: its readable key, else `function name:version:digest`, behind the manager's prefix.
    cache_key name_of(key_view const& key) const;

    void count_into(memo::stats& sum) const noexcept;
    bool counts() const noexcept { return counts_; }

private:
    static constexpr unsigned calls_of_sample = 256;
    static constinit inline thread_local unsigned calls_of_thread = 0;

    std::shared_ptr<space> in_;
    identity who_;
    event_listener own_;
    bool counts_;
    counters counters_;
};

}  // namespace memo::detail
