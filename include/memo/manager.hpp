#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/executor.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/option.hpp>
#include <memo/call/space.hpp>
#include <memo/store/byte_store.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace memo {

/// What the wrappers of a manager take from it where they say nothing themselves, and the stores that they may name.
struct manager_options {
    detail::lifetime ttl{};                            ///< default: forever
    std::string prefix{};                              ///< in front of every key that is shown or shared
    std::optional<shared_store> store{};               ///< of caches; default: memory of their own
    std::optional<detail::time_source> clock{};        ///< default: the steady clock
    std::optional<detail::worker> executor{};          ///< of background work; default: a small pool that starts at first use
    detail::lifetime shutdown_timeout{std::chrono::seconds{5}};  ///< how long its end waits for background work
    std::map<std::string, named_store> stores{};                 ///< by name
    std::map<std::string, wrapper_settings> wrappers{};          ///< by `memo::name`; above what the code says
};

/// Name and statistics of one wrapper.
struct wrapper_summary {
    std::string name;
    memo::stats stats;
};

/// The space in which string keys, patterns and tags of many wrappers, caches and stores meet. `memo::in(m)` puts a wrapper, a cache or
/// an eviction into it; what says nothing is in `memo::default_manager()`.
///
/// Its end stops the background work of its wrappers, and flushes its stores. They may outlive it: they go on caching, but strings no
/// longer reach them, and nobody hears of them here.
///
/// Throws:  config_error for an empty or ended manager, a name or a setting out of its range; key_error for a malformed pattern.
/// Threads: any.
class manager {
public:
    explicit manager(manager_options options = {});
    /// What a JSON file says: `defaults`, `stores` and `wrappers`. README lists the keys.
    /// Throws: config_error with the place in the file, for anything that is not just so.
    static manager from_config(std::string const& path);
    /// What the environment says: `MEMO_CONFIG`, `MEMO_URL`, `MEMO_TTL`, `MEMO_PREFIX`, `REDIS_HOST` and its like. README lists them.
    /// Throws: as from_config, also for other variables that begin with `MEMO_`. Ignored where the process runs with more rights
    ///         than its user has.
    static manager from_env();
    manager(manager&&) noexcept = default;
    manager& operator=(manager&& other) noexcept;
    ~manager();

    /// The store of this name, behind the manager's prefix. Throws: config_error, that says which there are.
    shared_store store(std::string_view name) const;
    /// Gives a store a name in here, under which wrappers and caches find it: `memo::store("main")`. Returns: it, behind the prefix.
    shared_store add(std::string name, shared_store store, std::optional<near_settings> near = {});
    /// Opens a store and gives it a name: `m.open("main", "redis://localhost")`. <memo/open.hpp> lists the addresses.
    shared_store open(std::string name, std::string_view url, std::optional<near_settings> near = {});
    /// The names of its stores, sorted.
    std::vector<std::string> stores() const;

    /// Forgets the entries with this readable key. Each of these is one eviction of all wrappers: what a run that begins while it is
    /// under way makes is given and not kept, as it may be made of what has yet to go.
    evicted evict_key(std::string_view text);
    /// Forgets the entries whose readable key matches this glob (`* ? [a-z] [^a] \`).
    evicted evict_pattern(std::string_view glob);
    evicted evict_tag(std::string_view tag);
    /// Forgets everything that any wrapper in here stored, and all that stands in its stores behind its prefix.
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
