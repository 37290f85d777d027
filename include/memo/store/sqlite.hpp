#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/encoded.hpp>

#include <chrono>
#include <cstddef>
#include <limits>
#include <string>

namespace memo {

/// What a crash of the machine may cost. A crash of processes costs nothing that was confirmed, in either mode.
enum class sqlite_mode {
    fast,     ///< everything since some moment before it, evictions too, but nothing before that moment; `flush()` sets one
    durable,  ///< nothing: what returned is on the disk, at the price of a sync for each write
};

/// How a file is used: `memo::sqlite_store store{"cache.db", {.max_bytes = 64 << 20}};`
struct sqlite_options {
    /// Bounds, of the entries and of what the pages of the file in use take, at least 256 KiB. Where they are reached, the expired
    /// leave, then those that were used least recently among a sample. Reads count while more than half of a bound is taken, and
    /// between two writes those of about a thousand entries are remembered. A write removes at most 2,048 entries, so bounds that
    /// were lowered hold after some writes.
    std::size_t max_entries = std::numeric_limits<std::size_t>::max();
    std::size_t max_bytes = std::size_t{1} << 30;

    sqlite_mode mode = sqlite_mode::fast;

    /// Of one operation, waiting for others included; and of patterns, scopes, tags, scans, counts, batches and transactions.
    duration timeout = std::chrono::milliseconds{100};
    duration bulk_timeout = std::chrono::seconds{10};

    /// What lifetimes are measured by. Processes that share a file must share it, too.
    detail::time_source clock{std::chrono::system_clock{}};
};

/// Bytes in one SQLite file, shared by any number of threads and processes of one machine; beside it stand `<file>-wal`, some MiB,
/// and `<file>-shm`. Stores of one file in one process share its connections.
///
/// The file is made when it is not there, for its owner alone (0600). One that is damaged, or no database, is set aside as
/// `<file>.damaged` (at most one is kept) and a fresh one begun; whoever has it open notices before its next operation, and
/// `info()["warning"]` tells. Another program's database, a newer memo's and a directory stay as they are: operations throw
/// `foreign`. Refused are directories that anybody may write to, unless they are sticky and the file is the user's own; network
/// file systems, whose locks do not hold; and files with several names.
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
