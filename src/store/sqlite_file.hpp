#pragma once

#include <memo/base/error.hpp>

#include <signal.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace memo::detail {

using moment = std::chrono::steady_clock::time_point;

/// What must happen with what a fault came from.
enum class sqlite_cure { nothing, close_connection, set_file_aside };

/// Which file it is, whatever its name.
struct file_identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    explicit operator bool() const noexcept { return inode != 0; }
    friend bool operator==(file_identity, file_identity) = default;
};

/// A fault on its way to the face of the store, where it becomes a connection_error. `what` says what happened and what to do.
struct sqlite_fault {
    error_code code;
    std::string what;
    sqlite_cure cure = sqlite_cure::nothing;
    bool carried_out_perhaps = false;
    file_identity from{};
};

/// Returns: none when there is no such file.
file_identity identity_of(std::string const& path) noexcept;

/// Where openings and the setting aside of one file meet, whichever process they are in: a lock on its directory, which ends with
/// the process at the latest and is no lock of SQLite's.
class directory_lock {
public:
    directory_lock(std::string const& path, moment end);
    directory_lock(directory_lock const&) = delete;
    directory_lock& operator=(directory_lock const&) = delete;
    ~directory_lock();

private:
    int directory_;
};

/// While it lives, a write beyond the limit of file sizes (RLIMIT_FSIZE) is an error to this thread, and no signal that ends the
/// process.
class deaf_to_size_limit {
public:
    deaf_to_size_limit() noexcept;
    deaf_to_size_limit(deaf_to_size_limit const&) = delete;
    deaf_to_size_limit& operator=(deaf_to_size_limit const&) = delete;
    ~deaf_to_size_limit();

private:
    bool deaf_ = false;  ///< where there is a limit
    sigset_t before_;
};

/// Whether the file may be opened; makes it, empty and for its owner alone, when it is not there, and removes what was left of an
/// earlier one. Requires: the lock.
///
/// Throws: sqlite_fault.
file_identity admit_file(std::string const& path);

/// Where an index of SQLite's keeps room for the future, and memo says that its file was set aside.
inline constexpr std::size_t set_aside_mark_at = 132;
inline constexpr std::uint32_t set_aside_mark = 1;

/// Renames the file to `<path>.damaged`, if it is still the one that is meant; who has it open sees the mark in its index, and
/// what stood beside it is gone. Requires: the lock, and no connection of this process.
///
/// Returns: whether it did.
bool set_file_aside(std::string const& path, file_identity meant);

}  // namespace memo::detail
