#include <memo/store/sqlite.hpp>

#include "sqlite_bytes.hpp"
#include "sqlite_entries.hpp"
#include "sqlite_file.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/store/byte_store.hpp>

#include <algorithm>
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

/// SQLite holds at most 1 GB in a row.
constexpr std::size_t most_bytes_of_a_record = 900'000'000;
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
    return reading(options_.timeout, [&](scene& in) { return look(in, place); });
}

std::vector<std::optional<std::string>> sqlite_bytes::get_many(std::span<entry_name const> all) {
    return reading(options_.bulk_timeout, [&](scene& in) {
        std::vector<std::optional<std::string>> found;
        found.reserve(all.size());
        for (auto const& at : all)
            found.push_back(look(in, sqlite_place{at}));
        return found;
    });
}

bool sqlite_bytes::set(entry_name at, stored_bytes const& fresh) {
    sqlite_place const place{at};
    return writing(soon(), sync(), [&](scene& in) { return replace(in, place, fresh); });
}

void sqlite_bytes::set_many(std::span<std::pair<entry_name, stored_bytes> const> all) {
    writing(some_time(), sync(), [&](scene& in) {
        for (auto const& [at, fresh] : all)
            replace(in, sqlite_place{at}, fresh);
        return true;
    });
}

bool sqlite_bytes::add(entry_name at, stored_bytes const& fresh, std::string_view seen) {
    sqlite_place const place{at};
    return writing(soon(), sync(),
                   [&](scene& in) { return in.entries.has_seal(place, seen) != false && replace(in, place, fresh); });
}

bool sqlite_bytes::amend(entry_name at, stored_bytes const& fresh, std::string_view seen) {
    sqlite_place const place{at};
    return writing(soon(), sync(),
                   [&](scene& in) { return in.entries.has_seal(place, seen) == true && (store(in, place, fresh), true); });
}

bool sqlite_bytes::discard(entry_name at, std::string_view seen) {
    sqlite_place const place{at};
    return writing(soon(), sync(),
                   [&](scene& in) { return in.entries.has_seal(place, seen) == true && in.entries.remove(place); });
}

opened sqlite_bytes::open(entry_name at, std::span<std::string const> tags, std::string_view seen, run_ticket joining) {
    sqlite_place const place{at};
    auto const look_for = [&](scene& in) {
        opened found;
        if (in.entries.has_seal(place, seen) == false)
            found.record = look(in, place);
        else
            found.joined = joining != 0 && in.entries.stands(place, joining);
        return found;
    };
    auto found = reading(options_.timeout, look_for);
    if (found.record || found.joined)
        return found;
    return writing(soon(), sqlite_sync::at_checkpoints, [&](scene& in) {
        auto last = look_for(in);
        if (!last.record && !last.joined)
            last.mine = in.entries.give_ticket(place, tags, engine_->next_ticket());
        return last;
    });
}

run_ticket sqlite_bytes::lead(entry_name at, std::span<std::string const> tags) {
    sqlite_place const place{at};
    return writing(soon(), sqlite_sync::at_checkpoints,
                   [&](scene& in) { return in.entries.give_ticket(place, tags, engine_->next_ticket()); });
}

committed sqlite_bytes::commit(entry_name at, run_ticket mine, stored_bytes const& fresh) {
    sqlite_place const place{at};
    return writing(soon(), sync(), [&](scene& in) {
        if (!in.entries.stands(place, mine))
            return committed::fenced;
        in.entries.void_tickets_until(place, mine);
        return store(in, place, fresh) ? committed::stored : committed::too_large;
    });
}

void sqlite_bytes::abandon(entry_name at, run_ticket mine) noexcept {
    try {
        sqlite_place const place{at};
        changing(soon(), sqlite_sync::at_checkpoints, [&](scene& in) {
            in.entries.end_ticket(place, mine);
            return true;
        });
    } catch (...) {  // in an hour it is void anyway
    }
}

void sqlite_bytes::transact(std::span<change const> all) {
    writing(some_time(), sync(), [&](scene& in) {
        for (auto const& [at, fresh] : all) {
            sqlite_place const place{at};
            if (fresh) {
                replace(in, place, *fresh);
            } else {
                in.entries.remove(place);
                in.entries.void_tickets(place.row);
            }
        }
        return true;
    });
}

std::optional<std::string> sqlite_bytes::look(scene& in, sqlite_place const& place) {
    auto found = in.entries.find(place);
    if (found)
        engine_->touch(place.row);
    return found;
}

bool sqlite_bytes::replace(scene& in, sqlite_place const& place, stored_bytes const& fresh) {
    in.entries.void_tickets(place.row);
    return store(in, place, fresh);
}

bool sqlite_bytes::store(scene& in, sqlite_place const& place, stored_bytes const& fresh) {
    if (fresh.record.size() >= std::min(options_.max_bytes, most_bytes_of_a_record)) {
        in.entries.remove(place);
        return false;
    }
    in.room.grew_by(in.entries.put(place, fresh));
    auto const fullness = in.room.fullness();
    if (fullness == sqlite_fullness::beyond) {
        note_uses(in);
        return in.room.make(place.row);
    }
    engine_->watch_use(fullness == sqlite_fullness::crowded);
    return true;
}

void sqlite_bytes::note_uses(scene& in) {
    for (auto const row : engine_->take_touched())
        in.entries.note_use(row);
}

connection_error sqlite_bytes::told(sqlite_fault const& fault) const {
    return connection_error{"sqlite_store(" + engine_->path() + "): " + fault.what, fault.code};
}

}  // namespace detail
}  // namespace memo
