#include "sqlite_room.hpp"

#include "sqlite_connection.hpp"
#include "sqlite_entries.hpp"
#include "sqlite_queries.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <vector>

namespace memo::detail {

namespace {

constexpr std::size_t sampled = 32;
constexpr std::size_t most_removed = 2'048;
constexpr std::size_t swept_at_once = 64;
constexpr std::int64_t pages_kept_free = 256;

/// Which sample is taken is nobody's to foresee, but nothing rests on it.
std::int64_t any_row() {
    thread_local std::minstd_rand chance{std::random_device{}()};
    std::uint64_t const drawn = std::uint64_t{chance()} << 33 ^ std::uint64_t{chance()} << 11 ^ chance();
    return static_cast<std::int64_t>(drawn & std::numeric_limits<std::int64_t>::max());
}

}  // namespace

std::int64_t sqlite_room::pages() {
    sqlite_run all{connection_, sqlite_query::pages};
    return all.step() ? all.number(0) : 0;
}

std::size_t sqlite_room::bytes_used() {
    sqlite_run free{connection_, sqlite_query::pages_free};
    return static_cast<std::size_t>(pages() - (free.step() ? free.number(0) : 0)) * sqlite_page_size;
}

/// Where the pages there were, and those that can have come since, are far from the bound, they are not counted.
sqlite_fullness sqlite_room::fullness() {
    using enum sqlite_fullness;
    bool const counts_entries = most_.entries != std::numeric_limits<std::size_t>::max();
    auto const before = connection_.pages_before();
    if (!counts_entries && before != 0 && before * sqlite_page_size + growth_ <= most_.bytes / 2)
        return roomy;
    auto const bytes = bytes_used();
    auto const entries = counts_entries ? static_cast<std::size_t>(entries_.entries()) : 0;
    return bytes > most_.bytes || entries > most_.entries           ? beyond
           : bytes > most_.bytes / 2 || entries > most_.entries / 2 ? crowded
                                                                    : roomy;
}

void sqlite_room::grew_by(std::size_t bytes) noexcept {
    constexpr std::size_t most_pages_split = 64;
    growth_ += 2 * bytes + most_pages_split * sqlite_page_size;
}

bool sqlite_room::make(std::optional<std::int64_t> own) {
    for (std::size_t removed = 0; removed < most_removed && is_beyond();) {
        // where there are many, those that leave together make room for several writes to come
        std::size_t const many = static_cast<std::size_t>(entries_.entries()) > 64 * sampled ? sampled / 4 : 1;
        auto gone = remove_due(sampled);
        if (gone == 0)
            gone = remove_least_used(many, own);
        if (gone == 0) {
            if (own)
                entries_.remove(*own);
            return false;
        }
        removed += gone;
    }
    return true;
}

std::size_t sqlite_room::remove_due(std::size_t most) {
    auto const rows = entries_.rows_due(most);
    for (auto const row : rows)
        entries_.remove(row);
    return rows.size();
}

std::size_t sqlite_room::remove_least_used(std::size_t most, std::optional<std::int64_t> own) {
    auto found = entries_.uses_from(any_row(), sampled);
    if (found.size() < sampled) {
        auto const others = entries_.uses_from(0, sampled);
        found.insert(found.end(), others.begin(), others.end());
    }
    std::erase_if(found, [&](sqlite_use const& one) { return one.row == own; });
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    found.resize(std::min(found.size(), most));
    for (auto const& one : found)
        entries_.remove(one.row);
    return found.size();
}

bool sqlite_room::is_mostly_free() {
    sqlite_run free{connection_, sqlite_query::pages_free};
    return free.step() && free.number(0) > pages_kept_free && free.number(0) > pages() / 4;
}

bool sqlite_room::wants_sweeping() { return !entries_.rows_due(1).empty() || entries_.has_old_tickets() || is_mostly_free(); }

void sqlite_room::sweep() {
    remove_due(swept_at_once);
    entries_.void_old_tickets();
    if (is_mostly_free())
        sqlite_run{connection_, sqlite_query::give_back}.finish();
}

}  // namespace memo::detail
