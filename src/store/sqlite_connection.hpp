#pragma once

#include "sqlite_file.hpp"
#include "sqlite_queries.hpp"

#include <memo/base/clock.hpp>

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace memo::detail {

class sqlite_connection;

struct sqlite_finalizer {
    void operator()(sqlite3_stmt* statement) const noexcept { ::sqlite3_finalize(statement); }
};
using sqlite_statement = std::unique_ptr<sqlite3_stmt, sqlite_finalizer>;

/// One run of a statement. It ends with the scope at the latest; what its columns show ends with the next step.
class sqlite_run {
public:
    sqlite_run(sqlite_connection& at, sqlite_query which);
    sqlite_run(sqlite_connection& at, std::string_view once);
    sqlite_run(sqlite_run const&) = delete;
    sqlite_run& operator=(sqlite_run const&) = delete;
    ~sqlite_run() { ::sqlite3_reset(statement_); }

    /// The next parameter. What it views must live as long as the run.
    sqlite_run& with(std::int64_t number);
    sqlite_run& with(std::string_view bytes);
    sqlite_run& with(std::optional<std::int64_t> number);

    /// Whether there is another row.
    bool step();
    /// For those without rows. Returns: how many rows were changed.
    std::int64_t finish();

    std::int64_t number(int column) const noexcept { return ::sqlite3_column_int64(statement_, column); }
    std::string_view bytes(int column) const noexcept;
    bool is_null(int column) const noexcept { return ::sqlite3_column_type(statement_, column) == SQLITE_NULL; }

private:
    sqlite_connection& at_;
    sqlite_statement once_{};
    sqlite3_stmt* statement_ = nullptr;
    int next_ = 1;
};

/// What a commit must wait for.
enum class sqlite_sync { at_checkpoints, at_commit };

/// One connection to one file.
///
/// Threads: one at a time.
class sqlite_connection {
public:
    /// Opens the file, and lays it out when it is empty. Requires: the directory lock.
    ///
    /// Throws: sqlite_fault.
    sqlite_connection(std::string const& path, file_identity identity, moment end);
    sqlite_connection(sqlite_connection const&) = delete;
    sqlite_connection& operator=(sqlite_connection const&) = delete;
    /// Leaves the log as it is.
    ~sqlite_connection();

    file_identity identity() const noexcept { return identity_; }
    /// Until when the next calls may wait or work; forever means that `patience` counts from the first moment of waiting.
    void allow(moment end) noexcept {
        end_ = end;
        waits_ = 0;
    }
    void allow(duration patience) noexcept {
        end_ = moment::max();
        patience_ = patience;
        waits_ = 0;
    }

    /// Whether the file of this connection was set aside, by whichever process.
    bool set_aside() const noexcept;

    /// The *view* is what a read transaction shows: the state of the file at one moment. It is the newest as long as the index of
    /// the log says that nobody has committed since: each commit, by whichever process, rewrites both copies of its header before
    /// it returns.
    bool has_newest_view(std::uint64_t tick) const noexcept;
    /// What is read next begins one.
    void begin_view(std::uint64_t tick);
    /// Whether the view that was begun may be kept; else nobody knows whether it was still the newest when reading began.
    bool may_keep_view() const noexcept;
    void end_view() noexcept;
    bool has_view() const noexcept { return viewing_; }
    std::uint64_t tick_of_view() const noexcept { return tick_; }

    void begin_writing(sqlite_sync sync);
    /// How many pages the file had when writing began; 0 is not known.
    std::size_t pages_before() const noexcept;
    void commit();
    /// Ends whatever was begun.
    void roll_back() noexcept;

    /// How long the log was after the last commit.
    int pages_of_log() const noexcept { return pages_of_log_; }
    /// Moves what the log holds into the file, so that the next writer begins it anew. Views are in the way, so whoever has one
    /// is asked for another: those in use, of any process, change within a moment. Returns: whether nobody was in the way for too
    /// long.
    bool empty_log();

    sqlite3* inside() const noexcept { return connection_.get(); }

private:
    friend class sqlite_run;

    struct closer {
        void operator()(sqlite3* connection) const noexcept { ::sqlite3_close_v2(connection); }
    };
    /// Both copies of the header of the index.
    using header = std::array<std::uint64_t, 12>;

    void set_up();
    void lay_out();
    void check_layout();
    std::int64_t number_of(char const* text);
    std::string text_of_layout();
    sqlite_statement prepare(std::string_view text, unsigned how_long);
    void execute(char const* text);
    void map_index() noexcept;
    header read_header() const noexcept;
    /// The word of the index that SQLite leaves free: whether the file was set aside, and how often new views were asked for.
    std::atomic<std::uint32_t>& own_word() const noexcept;
    void ask_for_new_views() const noexcept;
    bool has_time() noexcept;
    [[noreturn]] void fail(int result);
    static int wait_for_others(void* self, int times) noexcept;
    static int go_on(void* self) noexcept;

    file_identity identity_;
    moment end_;
    duration patience_{};
    unsigned waits_ = 0;
    std::unique_ptr<sqlite3, closer> connection_;
    std::array<sqlite_statement, static_cast<std::size_t>(sqlite_query::last)> statements_{};
    sqlite_statement roll_back_;
    void* index_ = nullptr;
    header seen_{};
    std::uint32_t own_seen_ = 0;
    int pages_of_log_ = 0;
    bool empties_log_ = false;
    std::uint64_t tick_ = 0;
    bool viewing_ = false;
    sqlite_sync sync_ = sqlite_sync::at_checkpoints;
};

}  // namespace memo::detail
