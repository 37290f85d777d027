#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/executor.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/base/sync.hpp>
#include <memo/store/byte_store.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo {

/// What a manager says of the wrappers of one `memo::name`; it stands above what the code says.
struct wrapper_settings {
    std::optional<detail::lifetime> ttl{};
    std::optional<detail::lifetime> idle{};
    std::optional<double> jitter{};           ///< 0 to 1
    std::optional<std::size_t> max_size{};    ///< 1 or more
    std::optional<std::size_t> max_bytes{};   ///< 1 or more
    bool enabled = true;                      ///< else calls just run
};

/// The typed tier in memory that stands in front of a store of bytes.
struct near_settings {
    std::optional<detail::lifetime> ttl{};    ///< the longest that it answers by itself
    std::optional<std::size_t> max_size{};    ///< 1 or more
    std::optional<std::size_t> max_bytes{};   ///< 1 or more
};

/// A store by the name that it has in a manager.
struct named_store {
    shared_store store;
    std::optional<near_settings> near{};
};

}  // namespace memo

namespace memo::detail {

using event_listener = std::function<void(event const&)>;

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
    std::map<std::string, wrapper_settings, std::less<>> wrappers{};  ///< by name
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
    /// Stands in the way of all residents, also of those that come meanwhile.
    eviction_fence fence;
    /// Raises it, and those of all stores.
    void raise_into(raised_fences& all);

    /// What configurations say of the wrappers of this name; nullptr where they say nothing.
    wrapper_settings const* settings_of(std::string_view wrapper) const noexcept;

    /// The store as whoever is in this space uses it: with the prefix of the manager in front, once. For as long as anybody holds it,
    /// strings reach it.
    /// Throws: config_error when the manager has ended.
    shared_store enter_store(shared_store const& bare);
    /// Enters it under a name, or with an empty name as what those use who name none. Returns: as enter_store. Throws: config_error for
    /// a name that is taken.
    shared_store name_store(std::string name, named_store chosen);
    /// Throws: config_error, that says which there are.
    named_store store(std::string_view name) const;
    std::optional<named_store> default_store() const;
    std::map<std::string, named_store, std::less<>> named_stores() const;

    /// Stores are asked first, then residents, so that what stands in front of a store cannot be filled from it anew. It is one eviction:
    /// fences stand until the last has been asked.
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

    /// The manager has ended: stores are flushed and their names forgotten, residents live on without background work, but nobody enters,
    /// nobody is reached by strings and nobody listens.
    void close() noexcept;
    void check_open(char const* who) const;

private:
    void before_fork() noexcept override { mutex_.lock(); }
    void after_fork(fork_side) noexcept override { mutex_.unlock(); }

    using listeners = std::vector<std::shared_ptr<event_listener const>>;

    /// As it was entered, and as it is used; the same where there is no prefix.
    struct entered_store {
        std::weak_ptr<byte_store> bare;
        std::weak_ptr<byte_store> used;
    };
    std::vector<std::shared_ptr<byte_store>> stores() const;
    void flush(byte_store& store) noexcept;
    std::shared_ptr<byte_store> find_used(std::shared_ptr<byte_store> const& store) const;
    template <class AskStore, class AskResident>
    evicted evict(AskStore const& ask_store, AskResident const& ask_resident);

    space_defaults defaults_;
    mutable mutex mutex_;  // of all below; no store ends while it is held
    std::vector<std::weak_ptr<resident>> residents_;
    std::vector<entered_store> entered_;
    std::map<std::string, named_store, std::less<>> named_;
    std::shared_ptr<listeners const> listeners_;
    atomic<bool> heard_{false};
    atomic<bool> closed_{false};
    atomic<std::uint64_t> errors_{0};
    fork_enrolment enrolment_{*this};
};

/// The process-wide space; it is never destroyed, so that static wrappers may use it until the end.
std::shared_ptr<space> const& default_space();

}  // namespace memo::detail
