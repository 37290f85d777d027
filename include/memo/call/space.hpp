#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/executor.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/base/sync.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

using event_listener = std::function<void(event const&)>;

/// Which entries an eviction by pattern is about: those whose readable key matches. Requires: `glob` outlives it.
std::function<bool(key_view const&)> matching(std::string_view glob);
std::function<bool(key_view const&)> all_keys();

/// What a space knows of each wrapper in it.
class resident {
public:
    virtual ~resident() = default;
    virtual std::string_view shown_name() const noexcept = 0;
    virtual memo::stats statistics() const = 0;
    virtual evicted evict_text(std::string_view text) = 0;
    virtual evicted evict_pattern(std::string_view glob) = 0;
    virtual evicted evict_tag(std::string_view tag) = 0;
    virtual evicted evict_all() = 0;
    /// No background work begins any more; waits for what runs.
    virtual void stop() noexcept = 0;
};

/// What a wrapper takes from its manager where it says nothing itself.
struct space_defaults {
    duration ttl = duration::max();
    std::string prefix{};
    std::optional<time_source> clock{};
    std::optional<worker> executor{};
    duration shutdown = std::chrono::seconds{5};  ///< how long the end of a wrapper, or of the manager, waits for background work
};

/// Where string keys, patterns and tags of many wrappers meet; the inside of a `memo::manager`, which wrappers share so
/// that they may outlive it.
///
/// Threads: any; no lock is held while a resident or a listener runs.
class space final : fork_aware {
public:
    explicit space(space_defaults defaults) : defaults_{std::move(defaults)} {}

    space_defaults const& defaults() const noexcept { return defaults_; }

    /// Throws: config_error when the manager has ended.
    void enter(std::weak_ptr<resident> fresh);
    std::vector<std::shared_ptr<resident>> residents() const;

    /// Throws: config_error when the manager has ended, key_error for a malformed pattern.
    evicted evict_text(std::string_view text);
    evicted evict_pattern(std::string_view glob);
    evicted evict_tag(std::string_view tag);
    evicted evict_all();

    memo::stats statistics() const;

    void listen(event_listener fn);
    bool heard() const noexcept { return heard_.load(std::memory_order_acquire); }
    /// Tells everyone who listens; what a listener throws is counted and dropped.
    void tell(event const& happening) noexcept;
    /// Something that was asked for by strings, or a listener, failed: counted and told.
    void fail(std::exception_ptr const& error) noexcept;

    /// The manager has ended: residents live on without background work, but nobody enters, nobody is reached by strings and nobody
    /// listens.
    void close() noexcept;
    void check_open(char const* who) const;

private:
    void before_fork() noexcept override { mutex_.lock(); }
    void after_fork(fork_side) noexcept override { mutex_.unlock(); }

    using listeners = std::vector<std::shared_ptr<event_listener const>>;

    space_defaults defaults_;
    mutable mutex mutex_;  // of residents_ and listeners_
    std::vector<std::weak_ptr<resident>> residents_;
    std::shared_ptr<listeners const> listeners_;
    atomic<bool> heard_{false};
    atomic<bool> closed_{false};
    atomic<std::uint64_t> errors_{0};
    fork_enrolment enrolment_{*this};
};

/// The process-wide space; it is never destroyed, so that static wrappers may use it until the end.
std::shared_ptr<space> const& default_space();

}  // namespace memo::detail
