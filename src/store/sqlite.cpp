#include <memo/store/sqlite.hpp>

#include "sqlite_bytes.hpp"
#include "sqlite_entries.hpp"
#include "sqlite_file.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo {

namespace {

constexpr std::size_t least_bytes = std::size_t{256} << 10;

sqlite_options checked(std::string const& path, sqlite_options options) {
    auto const refuse = [&](char const* why) { throw config_error{"sqlite_store(" + path + "): " + why}; };
    if (path.empty() || path.find('\0') != std::string::npos)
        refuse("this is no path; give that of a file");
    if (options.max_entries == 0)
        refuse("max_entries is 0; give a bound above it");
    if (options.max_bytes < least_bytes)
        refuse("max_bytes is below 256 KiB, which an empty file takes a part of; give more");
    if (options.timeout <= duration::zero() || options.bulk_timeout <= duration::zero())
        refuse("a timeout is not above 0; give a longer one");
    return options;
}

}  // namespace

sqlite_store::sqlite_store(std::string const& path, sqlite_options options)
    : shared_store{std::make_shared<detail::sqlite_bytes>(path, checked(path, std::move(options)))} {}

namespace detail {

std::optional<std::string> sqlite_bytes::get(entry_name at) {
    sqlite_place const place{at};
    return reading(options_.timeout, [&](sqlite_entries& entries) { return look(entries, place); });
}

std::vector<std::optional<std::string>> sqlite_bytes::get_many(std::span<entry_name const> all) {
    return reading(options_.bulk_timeout, [&](sqlite_entries& entries) {
        std::vector<std::optional<std::string>> found;
        found.reserve(all.size());
        for (auto const& at : all)
            found.push_back(look(entries, sqlite_place{at}));
        return found;
    });
}

bool sqlite_bytes::set(entry_name at, stored_bytes const& fresh) {
    sqlite_place const place{at};
    return writing(soon(), sync(), [&](sqlite_entries& entries) { return replace(entries, place, fresh); });
}

void sqlite_bytes::set_many(std::span<std::pair<entry_name, stored_bytes> const> all) {
    writing(some_time(), sync(), [&](sqlite_entries& entries) {
        for (auto const& [at, fresh] : all)
            replace(entries, sqlite_place{at}, fresh);
        return true;
    });
}

bool sqlite_bytes::add(entry_name at, stored_bytes const& fresh, std::string_view seen) {
    sqlite_place const place{at};
    return writing(soon(), sync(), [&](sqlite_entries& entries) {
        return entries.has_seal(place, seen) != false && replace(entries, place, fresh);
    });
}

bool sqlite_bytes::amend(entry_name at, stored_bytes const& fresh, std::string_view seen) {
    sqlite_place const place{at};
    return writing(soon(), sync(), [&](sqlite_entries& entries) {
        return entries.has_seal(place, seen) == true && (store(entries, place, fresh), true);
    });
}

bool sqlite_bytes::discard(entry_name at, std::string_view seen) {
    sqlite_place const place{at};
    return writing(soon(), sync(), [&](sqlite_entries& entries) {
        return entries.has_seal(place, seen) == true && entries.remove(place);
    });
}

opened sqlite_bytes::open(entry_name at, std::span<std::string const> tags, std::string_view seen, run_ticket joining) {
    sqlite_place const place{at};
    auto const look_for = [&](sqlite_entries& entries) {
        opened found;
        if (entries.has_seal(place, seen) == false)
            found.record = look(entries, place);
        else
            found.joined = joining != 0 && entries.stands(place, joining);
        return found;
    };
    auto found = reading(options_.timeout, look_for);
    if (found.record || found.joined)
        return found;
    return writing(soon(), sqlite_sync::at_checkpoints, [&](sqlite_entries& entries) {
        auto last = look_for(entries);
        if (!last.record && !last.joined)
            last.mine = entries.give_ticket(place, tags, engine_->next_ticket());
        return last;
    });
}

run_ticket sqlite_bytes::lead(entry_name at, std::span<std::string const> tags) {
    sqlite_place const place{at};
    return writing(soon(), sqlite_sync::at_checkpoints,
                   [&](sqlite_entries& entries) { return entries.give_ticket(place, tags, engine_->next_ticket()); });
}

committed sqlite_bytes::commit(entry_name at, run_ticket mine, stored_bytes const& fresh) {
    sqlite_place const place{at};
    return writing(soon(), sync(), [&](sqlite_entries& entries) {
        if (!entries.stands(place, mine))
            return committed::fenced;
        entries.void_tickets_until(place, mine);
        return store(entries, place, fresh) ? committed::stored : committed::too_large;
    });
}

void sqlite_bytes::abandon(entry_name at, run_ticket mine) noexcept {
    try {
        sqlite_place const place{at};
        changing(soon(), sqlite_sync::at_checkpoints, [&](sqlite_entries& entries) {
            entries.end_ticket(place, mine);
            return true;
        });
    } catch (...) {  // in an hour it is void anyway
    }
}

void sqlite_bytes::transact(std::span<change const> all) {
    writing(some_time(), sync(), [&](sqlite_entries& entries) {
        for (auto const& [at, fresh] : all) {
            sqlite_place const place{at};
            if (fresh) {
                replace(entries, place, *fresh);
            } else {
                entries.remove(place);
                entries.void_tickets(place.row);
            }
        }
        return true;
    });
}

std::optional<std::string> sqlite_bytes::look(sqlite_entries& entries, sqlite_place const& place) {
    auto found = entries.find(place);
    if (found)
        engine_->touch(place.row);
    return found;
}

bool sqlite_bytes::replace(sqlite_entries& entries, sqlite_place const& place, stored_bytes const& fresh) {
    entries.void_tickets(place.row);
    return store(entries, place, fresh);
}

bool sqlite_bytes::store(sqlite_entries& entries, sqlite_place const& place, stored_bytes const& fresh) {
    if (fresh.record.size() >= options_.max_bytes) {
        entries.remove(place);
        return false;
    }
    entries.put(place, fresh);
    return make_room(entries, place.row);
}

bool sqlite_bytes::make_room(sqlite_entries& entries, std::optional<std::int64_t> own) {
    engine_->watch_use(entries.is_crowded(options_.max_entries, options_.max_bytes));
    if (!entries.is_beyond(options_.max_entries, options_.max_bytes))
        return true;
    for (auto const row : engine_->take_touched())
        entries.note_use(row);
    return entries.keep_bounds(options_.max_entries, options_.max_bytes, own);
}

sqlite_now sqlite_bytes::now() const {
    auto const used = std::chrono::system_clock::now().time_since_epoch();
    return {options_.clock.now(), std::chrono::duration_cast<std::chrono::microseconds>(used).count()};
}

connection_error sqlite_bytes::told(sqlite_fault const& fault) const {
    return connection_error{"sqlite_store(" + engine_->path() + "): " + fault.what, fault.code};
}

}  // namespace detail
}  // namespace memo
