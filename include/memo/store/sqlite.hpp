#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>

#include <chrono>
#include <cstddef>
#include <limits>
#include <string>

namespace memo {

/// What a crash of the machine may cost. A crash of processes costs nothing that was confirmed, in either mode.
enum class sqlite_mode {
    fast,     ///< the last moments, all of what was written since some point in them: evictions as well, without holes
    durable,  ///< nothing: whatever returned is on the disk, at the price of one sync for each write
};

/// How a file is used; `sqlite_store("cache.db", {.max_bytes = 64 << 20})`.
struct sqlite_options {
    /// Bounds, of the entries and of what the pages of the file in use take, at least 256 KiB. Beyond them those leave that were
    /// used least recently (among a sample; reads count only while more than half of a bound is taken, and between two
    /// writes the last read of about a thousand entries is known), the expired first.
    std::size_t max_entries = std::numeric_limits<std::size_t>::max();
    std::size_t max_bytes = std::size_t{1} << 30;
    sqlite_mode mode = sqlite_mode::fast;
    duration timeout = std::chrono::milliseconds{100};    ///< of one operation, waiting for others included
    duration bulk_timeout = std::chrono::seconds{10};     ///< of patterns, scopes, tags, scans, counts and transactions
    detail::time_source clock{std::chrono::system_clock{}};  ///< what lifetimes are measured by; since 1970 where processes share
};

/// Bytes in one SQLite file, shared by any number of threads and processes of one machine; beside it stand `<file>-wal` and
/// `<file>-shm`, of some MiB. Stores of one file in one process share its connections.
///
/// The file is made when it is not there, for its owner alone (0600). One that is damaged, or is none of SQLite's, is set aside as
/// `<file>.damaged` (at most one is kept) and a fresh one begun; whoever has it open notices before its next operation, and
/// `info()["warning"]` tells. Nothing is set aside that is whole and of another program, nor a directory: operations throw `foreign`.
/// A directory that anybody may write to is refused, unless it is sticky and the file is the user's own; so are network file
/// systems, whose locks SQLite cannot trust, and files with several names.
///
/// Throws:  config_error, for a path or an option out of range; a file that cannot be opened is a fault of the operations.
/// Threads: any. Before a `fork` all connections end, and both sides open their own. While reads come, a thread watches that none
///          keeps its view of the file for longer than 100 ms after its last use.
/// Cost:    a `get` with nothing written since the last one is about a microsecond and makes no system call; a write is one
///          transaction, as is the ticket of a miss, which is never synced.
class sqlite_store : public shared_store {
public:
    explicit sqlite_store(std::string const& path, sqlite_options options = {});
};

}  // namespace memo
