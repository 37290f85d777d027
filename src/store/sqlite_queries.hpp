#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace memo::detail {

/// The statements of the store; `text_of` has their texts.
enum class sqlite_query : std::size_t {
    begin,
    begin_writing,
    commit,
    read,
    terms,
    seal,
    insert,
    rewrite,
    remove,
    family_from,
    names_from,
    shown_from,
    count_between,
    count_from,
    families_due,
    due,
    sample,
    write_use,
    remove_use,
    tag,
    untag,
    tagged_from,
    ticket,
    ticket_before,
    ticket_last,
    tickets,
    tickets_end,
    tickets_end_till,
    tickets_end_before,
    tickets_nth,
    ticket_end,
    ticket_new,
    entries,
    entries_add,
    flush,
    pages,
    pages_free,
    give_back,
    last,
};

constexpr std::string_view text_of(sqlite_query which) noexcept {
    using enum sqlite_query;
    switch (which) {
        case begin: return "BEGIN";
        case begin_writing: return "BEGIN IMMEDIATE";
        case commit: return "COMMIT";

        case read: return "SELECT due, family, name, record FROM entries WHERE id = ?";
        case terms: return "SELECT due, family, name, tags FROM entries WHERE id = ?";
        case seal: return "SELECT due, family, name, substr(record, -16) FROM entries WHERE id = ?";
        case insert: return "INSERT INTO entries(id, due, used, family, name, tags, record) VALUES(?, ?, ?, ?, ?, ?, ?)";
        case rewrite:
            return "UPDATE entries SET due = ?, used = ?, record = ? WHERE id = ? AND family = ? AND name = ? AND tags = ?";
        case remove: return "DELETE FROM entries WHERE id = ?";

        case family_from: return "SELECT family FROM entries WHERE family >= ? ORDER BY family LIMIT 1";
        case names_from: return "SELECT id, name FROM entries WHERE family = ? AND name >= ? ORDER BY name LIMIT ?";
        case shown_from: return "SELECT due, name FROM entries WHERE family = ? AND name >= ? ORDER BY name LIMIT ?";
        case count_between: return "SELECT count(*) FROM entries WHERE family >= ? AND family < ?";
        case count_from: return "SELECT count(*) FROM entries WHERE family >= ?";
        case families_due: return "SELECT family FROM entries WHERE due <= ?";
        case due: return "SELECT id FROM entries WHERE due <= ? ORDER BY due LIMIT ?";

        case sample:
            return "SELECT e.id, max(e.used, ifnull(u.used, 0)) FROM entries AS e LEFT JOIN uses AS u ON u.id = e.id "
                   "WHERE e.id >= ? ORDER BY e.id LIMIT ?";
        case write_use:
            return "INSERT INTO uses SELECT ?1, ?2 FROM entries WHERE id = ?1 ON CONFLICT(id) DO UPDATE SET used = excluded.used";
        case remove_use: return "DELETE FROM uses WHERE id = ?";

        case tag: return "INSERT OR IGNORE INTO tagged(tag, id) VALUES(?, ?)";
        case untag: return "DELETE FROM tagged WHERE tag = ? AND id = ?";
        case tagged_from: return "SELECT id FROM tagged WHERE tag = ? AND id >= ? ORDER BY id LIMIT ?";

        case ticket: return "SELECT 1 FROM tickets WHERE id = ? AND ticket = ?";
        case ticket_before: return "SELECT 1 FROM tickets WHERE ticket < ? LIMIT 1";
        case ticket_last: return "SELECT max(ticket) FROM tickets WHERE id = ?";
        case tickets: return "SELECT id, ticket, family, name, tags FROM tickets";
        case tickets_end: return "DELETE FROM tickets WHERE id = ?";
        case tickets_end_till: return "DELETE FROM tickets WHERE id = ? AND ticket <= ?";
        case tickets_end_before: return "DELETE FROM tickets WHERE ticket < ?";
        case tickets_nth: return "SELECT ticket FROM tickets ORDER BY ticket DESC LIMIT 1 OFFSET ?";
        case ticket_end: return "DELETE FROM tickets WHERE id = ? AND ticket = ?";
        case ticket_new: return "INSERT INTO tickets(id, ticket, family, name, tags) VALUES(?, ?, ?, ?, ?)";

        case entries: return "SELECT entries FROM state WHERE one = 1";
        case entries_add: return "UPDATE state SET entries = entries + ? WHERE one = 1";

        // what is written as it was, SQLite does not write
        case flush: return "UPDATE state SET flushes = flushes + 1 WHERE one = 1";

        case pages: return "PRAGMA page_count";
        case pages_free: return "PRAGMA freelist_count";
        case give_back: return "PRAGMA incremental_vacuum(64)";
        case last: break;
    }
    return {};
}

inline constexpr std::int64_t sqlite_application = 0x6d656d6f;  // `memo`
inline constexpr std::int64_t sqlite_layout = 1;
inline constexpr std::size_t sqlite_page_size = 4096;

/// Records stand in rows of their own, found by 63 bits of the digest of family and name, which a reader compares; `used` and
/// `due` are microseconds and milliseconds since 1970. A tag of an entry stands in both `tags` and `tagged`. `uses` has later
/// uses than `used`.
inline constexpr std::string_view layout_text =
    "CREATE TABLE entries(id INTEGER PRIMARY KEY, due INTEGER, used INTEGER NOT NULL, family BLOB NOT NULL, name BLOB NOT NULL, "
    "tags BLOB NOT NULL, record BLOB NOT NULL);"
    "CREATE INDEX names ON entries(family, name);"
    "CREATE INDEX dues ON entries(due) WHERE due IS NOT NULL;"
    "CREATE TABLE uses(id INTEGER PRIMARY KEY, used INTEGER NOT NULL);"
    "CREATE TABLE tagged(tag BLOB NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(tag, id)) WITHOUT ROWID;"
    "CREATE TABLE tickets(id INTEGER NOT NULL, ticket INTEGER NOT NULL, family BLOB NOT NULL, name BLOB NOT NULL, "
    "tags BLOB NOT NULL, PRIMARY KEY(id, ticket)) WITHOUT ROWID;"
    "CREATE TABLE state(one INTEGER PRIMARY KEY, entries INTEGER NOT NULL, flushes INTEGER NOT NULL);";
inline constexpr char const* whole_layout_text = "SELECT group_concat(sql || ';', '') FROM sqlite_schema WHERE sql IS NOT NULL";
inline constexpr char const* first_state_text =
    "INSERT INTO state(one, entries, flushes) VALUES(1, 0, 0); PRAGMA application_id = 0x6d656d6f; PRAGMA user_version = 1";

/// A file that is mapped ends a process when another one cuts it short, so it is read instead; what its cells say of their size
/// is checked.
inline constexpr char const* set_up_text =
    "PRAGMA mmap_size = 0; PRAGMA cell_size_check = on; PRAGMA synchronous = normal; PRAGMA secure_delete = off; "
    "PRAGMA temp_store = memory; PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 16777216";

}  // namespace memo::detail
