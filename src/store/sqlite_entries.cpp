#include "sqlite_entries.hpp"

#include "sqlite_connection.hpp"
#include "sqlite_queries.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/hash.hpp>
#include <memo/store/byte_store.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

namespace {

constexpr std::int64_t most_tickets = 65'536;

/// Rounded up, so that nothing ends before its time.
std::optional<std::int64_t> due_after(duration now, duration lifetime) noexcept {
    auto const end = later(now, lifetime);
    if (end == duration::max())
        return std::nullopt;
    return std::chrono::ceil<std::chrono::milliseconds>(end).count();
}

/// By the clock of the machine, for what processes compare.
std::int64_t microseconds_now() {
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::optional<std::string> end_of_scope(std::string_view scope) {
    std::string end{scope};
    while (!end.empty() && end.back() == '\xff')
        end.pop_back();
    if (end.empty())
        return std::nullopt;
    end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
    return end;
}

}  // namespace

sqlite_place::sqlite_place(entry_name name) noexcept : at{name} {
    auto const family = digest_of(name.family);
    auto const own = digest_of(name.name);
    auto const both = std::bit_cast<std::array<char, 32>>(std::array{family, own});
    row = static_cast<std::int64_t>(digest_of({both.data(), both.size()}).low & std::numeric_limits<std::int64_t>::max());
}

std::string pack_tags(std::span<std::string const> tags) {
    std::string packed;
    for (auto const& tag : tags) {
        auto const size = std::bit_cast<std::array<char, 4>>(static_cast<std::uint32_t>(tag.size()));
        packed.append(size.data(), size.size()).append(tag);
    }
    return packed;
}

std::vector<std::string_view> unpack_tags(std::string_view packed) {
    std::vector<std::string_view> tags;
    while (packed.size() >= 4) {
        std::array<char, 4> size{};
        std::copy_n(packed.begin(), 4, size.begin());
        packed.remove_prefix(4);
        tags.push_back(packed.substr(0, std::bit_cast<std::uint32_t>(size)));
        packed.remove_prefix(tags.back().size());
    }
    return tags;
}

bool sqlite_entries::is_shown(sqlite_run const& row, int due) const noexcept {
    return row.is_null(due) || row.number(due) > time_.milliseconds();
}

std::optional<std::string> sqlite_entries::find(sqlite_place const& place) {
    sqlite_run row{connection_, sqlite_query::read};
    if (!row.with(place.row).step() || !is_shown(row, 0) || row.bytes(1) != place.at.family || row.bytes(2) != place.at.name)
        return std::nullopt;
    return std::string{row.bytes(3)};
}

std::optional<bool> sqlite_entries::has_seal(sqlite_place const& place, std::string_view seal) {
    sqlite_run row{connection_, sqlite_query::seal};
    if (!row.with(place.row).step() || !is_shown(row, 0) || row.bytes(1) != place.at.family || row.bytes(2) != place.at.name)
        return std::nullopt;
    return row.bytes(3) == seal;
}

/// Most often the same entry comes again, with the same tags.
std::size_t sqlite_entries::put(sqlite_place const& place, stored_bytes const& fresh) {
    auto const due = due_after(time_.since_epoch, fresh.lifetime);
    auto const used = microseconds_now();
    auto const packed = pack_tags(fresh.tags);
    sqlite_run again{connection_, sqlite_query::rewrite};
    again.with(due).with(used).with(fresh.record).with(place.row).with(place.at.family).with(place.at.name).with(packed);
    if (again.finish() == 0) {
        remove(place.row);
        sqlite_run row{connection_, sqlite_query::insert};
        row.with(place.row).with(due).with(used).with(place.at.family).with(place.at.name).with(packed).with(fresh.record).finish();
        ++more_entries_;
        for (auto const& tag : fresh.tags)
            sqlite_run{connection_, sqlite_query::tag}.with(tag).with(place.row).finish();
    }
    // names stand in an index, too, and so do tags, each in a page of its own at worst
    return fresh.record.size() + 2 * (place.at.family.size() + place.at.name.size() + packed.size()) +
           fresh.tags.size() * sqlite_page_size;
}

bool sqlite_entries::remove(std::int64_t row) {
    bool shown = false;
    {
        sqlite_run there{connection_, sqlite_query::terms};
        if (!there.with(row).step())
            return false;
        shown = is_shown(there, 0);
        for (auto const tag : unpack_tags(there.bytes(3)))
            sqlite_run{connection_, sqlite_query::untag}.with(tag).with(row).finish();
    }
    sqlite_run{connection_, sqlite_query::remove}.with(row).finish();
    sqlite_run{connection_, sqlite_query::remove_use}.with(row).finish();
    --more_entries_;
    return shown;
}

bool sqlite_entries::remove(sqlite_place const& place) {
    {
        sqlite_run there{connection_, sqlite_query::terms};
        if (!there.with(place.row).step() || there.bytes(1) != place.at.family || there.bytes(2) != place.at.name)
            return false;
    }
    return remove(place.row);
}

bool sqlite_entries::stands(sqlite_place const& place, run_ticket ticket) {
    return sqlite_run{connection_, sqlite_query::ticket}.with(place.row).with(static_cast<std::int64_t>(ticket)).step();
}

run_ticket sqlite_entries::give_ticket(sqlite_place const& place, std::span<std::string const> tags, run_ticket at_least) {
    auto mine = static_cast<std::int64_t>(at_least);
    {
        sqlite_run last{connection_, sqlite_query::ticket_last};
        if (last.with(place.row).step() && last.number(0) >= mine)
            mine = last.number(0) + 1;
    }
    auto const packed = pack_tags(tags);
    sqlite_run{connection_, sqlite_query::ticket_new}
        .with(place.row)
        .with(mine)
        .with(place.at.family)
        .with(place.at.name)
        .with(packed)
        .finish();
    return static_cast<run_ticket>(mine);
}

void sqlite_entries::void_tickets(std::int64_t row) { sqlite_run{connection_, sqlite_query::tickets_end}.with(row).finish(); }

void sqlite_entries::void_tickets_until(sqlite_place const& place, run_ticket last) {
    sqlite_run{connection_, sqlite_query::tickets_end_till}.with(place.row).with(static_cast<std::int64_t>(last)).finish();
}

void sqlite_entries::end_ticket(sqlite_place const& place, run_ticket ticket) {
    sqlite_run{connection_, sqlite_query::ticket_end}.with(place.row).with(static_cast<std::int64_t>(ticket)).finish();
}

std::int64_t sqlite_entries::an_hour_ago() const noexcept {
    return (std::chrono::microseconds{microseconds_now()} - std::chrono::hours{1}) / std::chrono::nanoseconds{1};
}

void sqlite_entries::void_old_tickets() {
    auto before = an_hour_ago();
    if (sqlite_run nth{connection_, sqlite_query::tickets_nth}; nth.with(most_tickets).step())
        before = std::max(before, nth.number(0) + 1);
    sqlite_run{connection_, sqlite_query::tickets_end_before}.with(before).finish();
}

std::optional<std::string> sqlite_entries::family_from(std::string_view from) {
    sqlite_run row{connection_, sqlite_query::family_from};
    if (!row.with(from).step())
        return std::nullopt;
    return std::string{row.bytes(0)};
}

std::vector<std::pair<std::int64_t, std::string>> sqlite_entries::names_from(std::string_view family, std::string_view from,
                                                                             std::size_t most) {
    std::vector<std::pair<std::int64_t, std::string>> found;
    sqlite_run rows{connection_, sqlite_query::names_from};
    rows.with(family).with(from).with(static_cast<std::int64_t>(most));
    while (rows.step())
        found.emplace_back(rows.number(0), rows.bytes(1));
    return found;
}

std::vector<std::pair<bool, std::string>> sqlite_entries::shown_from(std::string_view family, std::string_view from,
                                                                     std::size_t most) {
    std::vector<std::pair<bool, std::string>> found;
    sqlite_run rows{connection_, sqlite_query::shown_from};
    rows.with(family).with(from).with(static_cast<std::int64_t>(most));
    while (rows.step())
        found.emplace_back(is_shown(rows, 0), rows.bytes(1));
    return found;
}

std::vector<std::int64_t> sqlite_entries::tagged_from(std::string_view tag, std::int64_t from, std::size_t most) {
    std::vector<std::int64_t> found;
    sqlite_run rows{connection_, sqlite_query::tagged_from};
    rows.with(tag).with(from).with(static_cast<std::int64_t>(most));
    while (rows.step())
        found.push_back(rows.number(0));
    return found;
}

std::size_t sqlite_entries::count(std::string_view scope) {
    std::int64_t all = 0;
    if (auto const end = end_of_scope(scope)) {
        sqlite_run counted{connection_, sqlite_query::count_between};
        counted.with(scope).with(std::string_view{*end}).step();
        all = counted.number(0);
    } else if (scope.empty()) {
        all = entries();
    } else {
        sqlite_run counted{connection_, sqlite_query::count_from};
        counted.with(scope).step();
        all = counted.number(0);
    }
    for (sqlite_run due{connection_, sqlite_query::families_due}; due.with(time_.milliseconds()).step();)
        all -= due.bytes(0).starts_with(scope) ? 1 : 0;
    return static_cast<std::size_t>(std::max<std::int64_t>(all, 0));
}

std::int64_t sqlite_entries::entries() {
    sqlite_run counted{connection_, sqlite_query::entries};
    return counted.step() ? counted.number(0) + more_entries_ : 0;
}

std::vector<std::int64_t> sqlite_entries::rows_due(std::size_t most) {
    std::vector<std::int64_t> found;
    sqlite_run rows{connection_, sqlite_query::due};
    rows.with(time_.milliseconds()).with(static_cast<std::int64_t>(most));
    while (rows.step())
        found.push_back(rows.number(0));
    return found;
}

std::vector<sqlite_use> sqlite_entries::uses_from(std::int64_t row, std::size_t most) {
    std::vector<sqlite_use> found;
    sqlite_run rows{connection_, sqlite_query::sample};
    rows.with(row).with(static_cast<std::int64_t>(most));
    while (rows.step())
        found.push_back({rows.number(1), rows.number(0)});
    return found;
}

void sqlite_entries::note_use(std::int64_t row) {
    sqlite_run{connection_, sqlite_query::write_use}.with(row).with(microseconds_now()).finish();
}

bool sqlite_entries::has_old_tickets() { return sqlite_run{connection_, sqlite_query::ticket_before}.with(an_hour_ago()).step(); }

void sqlite_entries::write_something() { sqlite_run{connection_, sqlite_query::flush}.finish(); }

void sqlite_entries::settle() {
    if (more_entries_ != 0)
        sqlite_run{connection_, sqlite_query::entries_add}.with(more_entries_).finish();
    more_entries_ = 0;
}

}  // namespace memo::detail
