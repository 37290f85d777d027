#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/encoded.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memo {

struct tiered_options {
    detail::lifetime near_ttl =
        std::chrono::seconds{10};                ///< a near copy lives so long at most, and so old it can be when others evict
    std::optional<detail::time_source> clock{};  ///< that the times of records are told by; the system's, since 1970
};

/// A near store in front of a far one: what is read from the far one is found near from then on. The far store is the truth:
/// all that writes, evicts or runs goes to it, and then leaves the near one.
///
///     auto const store = memo::tiered(memo::memory_bytes_store{}, memo::open("redis://localhost"));
///
/// A near copy is the record as it is, with its creation time and its tags, for no longer than the record has left to live. What
/// an eviction through this store took is gone near, too, once the eviction returns, whether the far store confirmed it or
/// not; what others evict may be found near for another `near_ttl`. While the far store cannot be reached, near copies answer.
///
/// Requires: `near` is for this store alone; it has tags, and patterns where `far` has them.
/// Throws:   config_error for another `near`, or a `near_ttl` of zero or less; else what `far` throws. A fault of `near` is a
/// miss. Threads:  any. A transaction of this process is seen as a whole. Cost:     a hit is one of `near`; a miss one of each,
/// and the copy; a write one of each.
shared_store tiered(shared_store near, shared_store far, tiered_options options = {});

}  // namespace memo

namespace memo::detail {

/// On which terms a copy of a record may be kept near.
struct copy_terms {
    std::vector<std::string> tags;
    duration lifetime = duration::max();
};
/// None for what may not be copied.
using copy_reader = std::function<std::optional<copy_terms>(entry_name at, std::string_view record)>;

shared_store tiered_by(copy_reader read, shared_store near, shared_store far, duration near_ttl);

}  // namespace memo::detail
