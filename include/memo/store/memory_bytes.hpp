#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/encoded.hpp>

#include <cstddef>
#include <limits>

namespace memo {

struct memory_bytes_options {
    std::size_t max_size = 65'536;                                      ///< entries
    std::size_t max_bytes = std::numeric_limits<std::size_t>::max();   ///< names, records, tags and what keeping them takes
    detail::time_source clock{};                                        ///< by which lifetimes end
};

/// Bytes in this process, `memory:` to `memo::open`. Every one that is made is a store of its own, and its copies are the same
/// store. Who was read or written longest ago leaves first.
///
/// Throws:  config_error for a bound of 0; bad_alloc, and a transaction that ran out of memory leaves none of its names.
/// Threads: any. Readers of several names see all or nothing of a transaction; a get locks a sixteenth of a large store.
/// Cost:    a get is one hash, one probe and one copy; what goes by pattern or scope, and `count`, looks at all entries.
class memory_bytes_store : public shared_store {
public:
    explicit memory_bytes_store(memory_bytes_options options = {});
};

}  // namespace memo
