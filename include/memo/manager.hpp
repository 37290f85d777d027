#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/executor.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/option.hpp>
#include <memo/call/space.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace memo {

/// What the wrappers of a manager take from it where they say nothing themselves.
struct manager_options {
    detail::lifetime ttl{};                            ///< default: forever
    std::string prefix{};                              ///< in front of every key that is shown or shared
    std::optional<detail::time_source> clock{};        ///< default: the steady clock
    std::optional<detail::worker> executor{};          ///< of background work; default: a small pool that starts at first use
    detail::lifetime shutdown_timeout{std::chrono::seconds{5}};  ///< how long its end waits for background work
};

/// Name and statistics of one wrapper.
struct wrapper_summary {
    std::string name;
    memo::stats stats;
};

/// The space in which string keys, patterns and tags of many wrappers meet. `memo::in(m)` puts a wrapper or an eviction
/// into it; what says nothing is in `memo::default_manager()`.
///
/// Its end stops the background work of its wrappers. They may outlive it: they go on caching, but strings no longer reach them, and
/// nobody hears of them here.
///
/// Throws:  config_error for an empty or ended manager; key_error for a malformed pattern.
/// Threads: any.
class manager {
public:
    explicit manager(manager_options options = {});
    manager(manager&&) noexcept = default;
    manager& operator=(manager&& other) noexcept;
    ~manager();

    /// Forgets the entries with this readable key.
    evicted evict_key(std::string_view text);
    /// Forgets the entries whose readable key matches this glob (`* ? [a-z] [^a] \`).
    evicted evict_pattern(std::string_view glob);
    evicted evict_tag(std::string_view tag);
    /// Forgets everything that any wrapper in here stored.
    evicted clear();

    /// The sum over all wrappers.
    memo::stats stats() const;
    std::vector<wrapper_summary> wrappers() const;

    /// `listener` hears the events of all wrappers; it runs with no lock held, and what it throws is counted and dropped.
    void on_event(std::function<void(event const&)> listener);

    /// The shared inside, for memo's wrappers. Throws: config_error when the manager was moved away.
    std::shared_ptr<detail::space> const& inside() const;

private:
    friend manager& default_manager();
    explicit manager(std::shared_ptr<detail::space> inside) noexcept;

    std::shared_ptr<detail::space> space_;
};

/// The process-wide manager; it is never destroyed.
manager& default_manager();

template <>
struct detail::in_option<manager> : detail::option<detail::option_kind::in> {
    manager* value;
    std::shared_ptr<detail::space> inside;
};

/// Puts a wrapper, a cache or an eviction into this manager.
template <class Space>
auto in(Space&& space) {
    if constexpr (std::convertible_to<Space, manager&>) {
        manager& chosen = space;
        return detail::in_option<manager>{{}, &chosen, chosen.inside()};
    } else if constexpr (std::is_lvalue_reference_v<Space>) {
        return detail::in_option<std::remove_reference_t<Space>>{{}, &space};
    } else {
        return detail::in_option<Space&&>{{}, &space};
    }
}

}  // namespace memo
