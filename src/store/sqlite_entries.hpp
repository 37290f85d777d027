#pragma once

#include "sqlite_connection.hpp"

#include <memo/store/byte_store.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// Where an entry stands: the row, and who must stand in it.
struct sqlite_place {
    explicit sqlite_place(entry_name name) noexcept;

    entry_name at;
    std::int64_t row;
};

/// Milliseconds by the clock of the store, as one operation sees it.
struct sqlite_now {
    duration since_epoch{};

    std::int64_t milliseconds() const noexcept { return since_epoch.count() / 1'000'000; }
};

struct sqlite_use {
    std::int64_t used;
    std::int64_t row;

    friend auto operator<=>(sqlite_use const&, sqlite_use const&) = default;
};

/// What an operation does with entries and tickets, within the transaction that its connection is in.
class sqlite_entries {
public:
    sqlite_entries(sqlite_connection& connection, sqlite_now time) noexcept : connection_{connection}, time_{time} {}

    std::optional<std::string> find(sqlite_place const& place);
    /// Whether there is a record, and it has this seal.
    std::optional<bool> has_seal(sqlite_place const& place, std::string_view seal);
    /// Replaces what was there. Returns: how many bytes are in the rows that were written.
    std::size_t put(sqlite_place const& place, stored_bytes const& fresh);
    /// Whoever has the row, as an entry that evictions leave behind. Returns: whether something went that was still shown.
    bool remove(std::int64_t row);
    bool remove(sqlite_place const& place);

    bool stands(sqlite_place const& place, run_ticket ticket);
    run_ticket give_ticket(sqlite_place const& place, std::span<std::string const> tags, run_ticket at_least);
    void void_tickets(std::int64_t row);
    /// Those of this and of earlier runs.
    void void_tickets_until(sqlite_place const& place, run_ticket last);
    /// Those whose names and tags are meant.
    template <class Meant>
    void void_tickets_if(Meant meant);
    void end_ticket(sqlite_place const& place, run_ticket ticket);
    /// Those of more than an hour ago, and the oldest beyond 65,536.
    void void_old_tickets();

    /// The first family that is `from` or comes behind it.
    std::optional<std::string> family_from(std::string_view from);
    /// Rows and names in the order of names, at most so many, expired ones too.
    std::vector<std::pair<std::int64_t, std::string>> names_from(std::string_view family, std::string_view from,
                                                                 std::size_t most);
    /// The same, and whether they are still shown.
    std::vector<std::pair<bool, std::string>> shown_from(std::string_view family, std::string_view from, std::size_t most);
    std::vector<std::int64_t> tagged_from(std::string_view tag, std::int64_t from, std::size_t most);
    std::size_t count(std::string_view scope);

    std::int64_t entries();
    std::vector<std::int64_t> rows_due(std::size_t most);
    /// Rows with the time of their last use, in no order that matters, from a row on.
    std::vector<sqlite_use> uses_from(std::int64_t row, std::size_t most);
    void note_use(std::int64_t row);
    bool has_old_tickets();
    /// A transaction that wrote nothing would sync nothing.
    void write_something();

    /// To be called before the transaction is committed.
    void settle();

private:
    bool is_shown(sqlite_run const& row, int due) const noexcept;
    std::int64_t an_hour_ago() const noexcept;

    sqlite_connection& connection_;
    sqlite_now time_;
    std::int64_t more_entries_ = 0;
};

/// The tags of an entry as they stand in its row: each behind its length.
std::string pack_tags(std::span<std::string const> tags);
std::vector<std::string_view> unpack_tags(std::string_view packed);

struct sqlite_ticket {
    std::int64_t row;
    std::int64_t ticket;
};

template <class Meant>
void sqlite_entries::void_tickets_if(Meant meant) {
    std::vector<sqlite_ticket> ended;
    for (sqlite_run all{connection_, sqlite_query::tickets}; all.step();)
        if (meant(entry_name{all.bytes(2), all.bytes(3)}, all.bytes(4)))
            ended.push_back({all.number(0), all.number(1)});
    for (auto const& [row, ticket] : ended)
        sqlite_run{connection_, sqlite_query::ticket_end}.with(row).with(ticket).finish();
}

}  // namespace memo::detail
