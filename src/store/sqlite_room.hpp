#pragma once

#include "sqlite_connection.hpp"
#include "sqlite_entries.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace memo::detail {

struct sqlite_bounds {
    std::size_t entries;
    std::size_t bytes;
};

/// How near its bounds a file is: `crowded` when more than half of one is taken.
enum class sqlite_fullness { roomy, crowded, beyond };

/// How much the file holds and who leaves it, within the transaction that the connection is in.
class sqlite_room {
public:
    sqlite_room(sqlite_connection& connection, sqlite_entries& entries, sqlite_bounds most)
        : connection_{connection}, entries_{entries}, most_{most} {}

    /// What pages in use take.
    std::size_t bytes_used();
    std::int64_t pages();
    sqlite_fullness fullness();
    /// So many bytes more, in one entry, have been written since the transaction began.
    void grew_by(std::size_t bytes) noexcept;

    /// Removes the expired, then what was used least recently among samples, until the bounds hold, but never more than 2,048 at
    /// once: bounds that were lowered hold after some writes. Returns: false when they cannot hold beside `own`, which is gone
    /// then.
    bool make(std::optional<std::int64_t> own);

    /// Whether something is due, a ticket old, or a good part of the file free.
    bool wants_sweeping();
    /// A small step of it.
    void sweep();

private:
    bool is_beyond() { return fullness() == sqlite_fullness::beyond; }
    bool is_mostly_free();
    std::size_t remove_due(std::size_t most);
    std::size_t remove_least_used(std::size_t most, std::optional<std::int64_t> own);

    sqlite_connection& connection_;
    sqlite_entries& entries_;
    sqlite_bounds most_;
    std::size_t growth_ = 0;  ///< at most
};

}  // namespace memo::detail
