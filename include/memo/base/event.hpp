#pragma once

#include <memo/base/cache_key.hpp>
#include <memo/base/clock.hpp>

#include <cstddef>
#include <exception>
#include <iosfwd>
#include <string_view>

namespace memo {

/// What happened on a call or to an entry.
enum class event_kind { hit, miss, store, skip, evict, expire, error, stale, refresh, join };

/// Why an entry went.
enum class evict_cause { none, capacity, expired, explicit_, replaced, tag, pattern, cleared };

/// How many causes there are, `none` among them.
inline constexpr std::size_t evict_causes = 8;

/// One happening, told to `on_event` listeners of the wrapper and of its manager. The views live while the listener runs.
struct event {
    event_kind kind;
    std::string_view name;                  ///< of the wrapper; empty where it has none
    cache_key key;                          ///< of the entry; empty where it is not known
    evict_cause cause = evict_cause::none;  ///< of an `evict` or `expire`
    std::exception_ptr error{};             ///< of an `error`
    duration took{};                        ///< the run of a `store`, `skip`, `refresh` or failed run; the wait of a `join`
};

std::string_view to_string(event_kind kind) noexcept;
std::string_view to_string(evict_cause cause) noexcept;
std::ostream& operator<<(std::ostream& out, event_kind kind);
std::ostream& operator<<(std::ostream& out, evict_cause cause);
std::ostream& operator<<(std::ostream& out, event const& happening);

}  // namespace memo
