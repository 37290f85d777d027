#include "sqlite_connection.hpp"

#include "sqlite_file.hpp"
#include "sqlite_queries.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace memo::detail {

namespace {

constexpr int how = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW;
constexpr int steps_between_looks = 4'000;
constexpr int region = 32 * 1024;

bool is_damage(int result) noexcept { return (result & 0xff) == SQLITE_CORRUPT || (result & 0xff) == SQLITE_NOTADB; }

bool is_full(int result, int system) noexcept {
    return (result & 0xff) == SQLITE_FULL ||
           ((result & 0xff) == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT || system == EFBIG));
}

sqlite_fault fault_of(int result, int system) {
    if (is_damage(result))
        return {error_code::corrupt, "the file is damaged; it is set aside, and a fresh one begun", sqlite_cure::set_file_aside};
    if (is_full(result, system))
        return {error_code::full, "there is no room to write; make some, or lower max_bytes"};
    switch (result & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
        case SQLITE_INTERRUPT:
            return {error_code::timed_out,
                    "not done within its time, others are at the file; raise the timeout, or write less at once"};
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_READONLY:
            return {error_code::refused, "the file may not be written; give this user the right to",
                    sqlite_cure::close_connection};
        case SQLITE_TOOBIG: return {error_code::too_large, "SQLite takes at most 1 GB at once; store less"};
        case SQLITE_IOERR:
            if (result == SQLITE_IOERR_FSYNC || result == SQLITE_IOERR_DIR_FSYNC)
                return {error_code::unreachable, "a sync failed, what was written before it may be lost; the file is set aside",
                        sqlite_cure::set_file_aside, true};
            [[fallthrough]];
        default:
            return {error_code::unreachable,
                    std::string{::sqlite3_errstr(result)} + "; see to the disk and to the limits of this process",
                    sqlite_cure::close_connection};
    }
}

}  // namespace

sqlite_run::sqlite_run(sqlite_connection& at, sqlite_query which) : at_{at} {
    auto& kept = at.statements_[static_cast<std::size_t>(which)];
    if (kept == nullptr)
        kept = at.prepare(text_of(which), SQLITE_PREPARE_PERSISTENT);
    statement_ = kept.get();
}

sqlite_run::sqlite_run(sqlite_connection& at, std::string_view once)
    : at_{at}, once_{at.prepare(once, 0)}, statement_{once_.get()} {}

sqlite_run& sqlite_run::with(std::int64_t number) {
    ::sqlite3_bind_int64(statement_, next_++, number);
    return *this;
}

sqlite_run& sqlite_run::with(std::string_view bytes) {
    auto const result =
        ::sqlite3_bind_blob64(statement_, next_++, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
    if (result != SQLITE_OK)
        at_.fail(result);
    return *this;
}

sqlite_run& sqlite_run::with(std::optional<std::int64_t> number) {
    if (number)
        return with(*number);
    ::sqlite3_bind_null(statement_, next_++);
    return *this;
}

bool sqlite_run::step() {
    auto const result = ::sqlite3_step(statement_);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        at_.fail(result);
    return result == SQLITE_ROW;
}

std::int64_t sqlite_run::finish() {
    while (step()) {
    }
    return ::sqlite3_changes64(at_.inside());
}

std::string_view sqlite_run::bytes(int column) const noexcept {
    auto const* const begin = static_cast<char const*>(::sqlite3_column_blob(statement_, column));
    auto const size = static_cast<std::size_t>(::sqlite3_column_bytes(statement_, column));
    return begin == nullptr ? std::string_view{} : std::string_view{begin, size};
}

sqlite_connection::sqlite_connection(std::string const& path, file_identity identity, moment end)
    : identity_{identity}, end_{end} {
    sqlite3* opened = nullptr;
    auto const result = ::sqlite3_open_v2(path.c_str(), &opened, how, nullptr);
    connection_.reset(opened);
    if (opened == nullptr)
        throw std::bad_alloc{};
    if (result != SQLITE_OK)
        fail(result);
    set_up();
    roll_back_ = prepare("ROLLBACK", SQLITE_PREPARE_PERSISTENT);
    check_layout();
    map_index();
}

sqlite_connection::~sqlite_connection() { roll_back(); }

void sqlite_connection::set_up() {
    ::sqlite3_extended_result_codes(connection_.get(), 1);
    ::sqlite3_busy_handler(connection_.get(), wait_for_others, this);
    ::sqlite3_progress_handler(connection_.get(), steps_between_looks, go_on, this);
    // who closes without a checkpoint deletes no log by its name, which may be another file's by then
    for (auto const& [what, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                      std::pair{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, std::pair{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                      std::pair{SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1}})
        ::sqlite3_db_config(connection_.get(), what, value, static_cast<int*>(nullptr));
    execute(set_up_text);
    ::sqlite3_wal_hook(
        connection_.get(),
        [](void* self, sqlite3*, char const*, int pages) {
            static_cast<sqlite_connection*>(self)->pages_of_log_ = pages;
            return SQLITE_OK;
        },
        this);
}

void sqlite_connection::check_layout() {
    auto const application = number_of("PRAGMA application_id");
    auto const version = number_of("PRAGMA user_version");
    if (application == 0 && version == 0 && number_of("SELECT count(*) FROM sqlite_schema") == 0)
        return lay_out();
    if (application != sqlite_application)
        throw sqlite_fault{error_code::foreign, "the file belongs to another program; give another path"};
    if (version > sqlite_layout)
        throw sqlite_fault{error_code::foreign, "the file is of a newer memo; give another path, or use the newer memo"};
    if (version < sqlite_layout || text_of_layout() != layout_text)
        throw sqlite_fault{error_code::corrupt, "its layout is another; it is set aside, and a fresh file begun",
                           sqlite_cure::set_file_aside, false, identity_};
    execute("PRAGMA journal_mode = wal");
}

void sqlite_connection::lay_out() {
    execute("PRAGMA auto_vacuum = incremental; PRAGMA journal_mode = wal; BEGIN IMMEDIATE");
    execute(layout_text.data());
    execute(first_state_text);
    execute("COMMIT");
}

std::int64_t sqlite_connection::number_of(char const* text) {
    sqlite_run run{*this, text};
    return run.step() ? run.number(0) : 0;
}

std::string sqlite_connection::text_of_layout() {
    sqlite_run run{*this, whole_layout_text};
    return run.step() ? std::string{run.bytes(0)} : std::string{};
}

sqlite_statement sqlite_connection::prepare(std::string_view text, unsigned how_long) {
    sqlite3_stmt* fresh = nullptr;
    auto const result =
        ::sqlite3_prepare_v3(connection_.get(), text.data(), static_cast<int>(text.size()), how_long, &fresh, nullptr);
    if (result != SQLITE_OK)
        fail(result);
    return sqlite_statement{fresh};
}

void sqlite_connection::execute(char const* text) {
    auto const result = ::sqlite3_exec(connection_.get(), text, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK)
        fail(result);
}

void sqlite_connection::map_index() noexcept {
    sqlite3_file* file = nullptr;
    void volatile* index = nullptr;
    if (::sqlite3_file_control(connection_.get(), nullptr, SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file != nullptr &&
        file->pMethods != nullptr && file->pMethods->iVersion >= 2 &&
        file->pMethods->xShmMap(file, 0, region, 0, &index) == SQLITE_OK)
        index_ = const_cast<void*>(index);
}

sqlite_connection::header sqlite_connection::read_header() const noexcept {
    auto const* const words = static_cast<std::atomic<std::uint64_t> const*>(index_);
    header read;
    for (std::size_t at = 0; at != read.size(); ++at)
        read[at] = words[at].load(std::memory_order_acquire);
    return read;
}

std::atomic<std::uint32_t>& sqlite_connection::own_word() const noexcept {
    return static_cast<std::atomic<std::uint32_t>*>(index_)[set_aside_mark_at / sizeof(std::uint32_t)];
}

bool sqlite_connection::set_aside() const noexcept {
    return index_ != nullptr && (own_word().load(std::memory_order_relaxed) & set_aside_mark) != 0;
}

bool sqlite_connection::has_newest_view(std::uint64_t tick) const noexcept {
    return viewing_ && tick == tick_ && own_word().load(std::memory_order_relaxed) == own_seen_ && read_header() == seen_;
}

void sqlite_connection::begin_view(std::uint64_t tick) {
    end_view();
    if (index_ != nullptr) {
        own_seen_ = own_word().load(std::memory_order_relaxed);
        seen_ = read_header();
    }
    sqlite_run{*this, sqlite_query::begin}.finish();
    viewing_ = true;
    tick_ = tick;
}

/// The state that was read is that of a header between the two looks: of this one, when they are equal, since none comes twice.
bool sqlite_connection::may_keep_view() const noexcept {
    return index_ != nullptr && own_word().load(std::memory_order_relaxed) == own_seen_ &&
           ::sqlite3_txn_state(connection_.get(), nullptr) == SQLITE_TXN_READ && read_header() == seen_ &&
           std::equal(seen_.begin(), seen_.begin() + 6, seen_.begin() + 6);
}

void sqlite_connection::end_view() noexcept {
    if (viewing_)
        roll_back();
}

void sqlite_connection::begin_writing(sqlite_sync sync) {
    end_view();
    errno = 0;
    if (sync != sync_)
        execute(sync == sqlite_sync::at_commit ? "PRAGMA synchronous = full" : "PRAGMA synchronous = normal");
    sync_ = sync;
    sqlite_run{*this, sqlite_query::begin_writing}.finish();
}

/// By the index, which says what was committed.
std::size_t sqlite_connection::pages_before() const noexcept {
    constexpr std::size_t pages_at = 20;
    return index_ == nullptr ? 0
                             : static_cast<std::atomic<std::uint32_t> const*>(index_)[pages_at / sizeof(std::uint32_t)].load(
                                   std::memory_order_relaxed);
}

void sqlite_connection::commit() {
    try {
        sqlite_run{*this, sqlite_query::commit}.finish();
    } catch (sqlite_fault& fault) {
        fault.carried_out_perhaps = fault.code != error_code::timed_out;
        throw;
    }
}

/// Beside the mark.
void sqlite_connection::ask_for_new_views() const noexcept {
    own_word().fetch_add(2 * set_aside_mark, std::memory_order_relaxed);
}

bool sqlite_connection::empty_log() {
    constexpr auto patience = std::chrono::milliseconds{5};
    if (index_ == nullptr)
        return true;
    allow(deadline(patience));
    empties_log_ = true;
    ask_for_new_views();
    auto const result = ::sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
    empties_log_ = false;
    if (result == SQLITE_IOERR_FSYNC)
        fail(result);
    return result == SQLITE_OK;
}

void sqlite_connection::roll_back() noexcept {
    if (::sqlite3_get_autocommit(connection_.get()) == 0) {
        ::sqlite3_step(roll_back_.get());
        ::sqlite3_reset(roll_back_.get());
    }
    viewing_ = false;
}

bool sqlite_connection::has_time() noexcept {
    if (end_ == moment::max())
        end_ = deadline(patience_);
    return std::chrono::steady_clock::now() < end_;
}

void sqlite_connection::fail(int result) {
    if ((result & 0xff) == SQLITE_NOMEM)
        throw std::bad_alloc{};
    // what SQLite keeps of the number is not set by a commit that fails
    int const number = errno;
    auto fault = fault_of(result, number);
    fault.from = identity_;
    throw fault;
}

int sqlite_connection::wait_for_others(void* self, int) noexcept {
    auto& mine = *static_cast<sqlite_connection*>(self);
    if (!mine.has_time())
        return 0;
    if (mine.empties_log_)
        mine.ask_for_new_views();
    auto const longer = std::min(mine.waits_++, 2U);
    std::this_thread::sleep_for(std::chrono::microseconds{50U << longer});
    return 1;
}

int sqlite_connection::go_on(void* self) noexcept { return static_cast<sqlite_connection*>(self)->has_time() ? 0 : 1; }

}  // namespace memo::detail
