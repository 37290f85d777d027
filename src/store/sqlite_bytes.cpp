#include "sqlite_bytes.hpp"

#include "sqlite_engine.hpp"
#include "sqlite_entries.hpp"
#include "sqlite_file.hpp"
#include "sqlite_walk.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/glob.hpp>
#include <memo/store/byte_store.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace memo::detail {

namespace {

constexpr std::size_t names_on_a_page = 256;

/// What an eviction comes to when a step of it fails: others of its steps may stand.
evicted ended_by(sqlite_fault const* fault, std::size_t gone, bool begun) noexcept {
    bool const perhaps = begun || (fault != nullptr && fault->carried_out_perhaps);
    return evicted{gone, perhaps ? evicted::outcome::indeterminate : evicted::outcome::failed};
}

/// The names of one transaction after the other.
class walk_over_list {
public:
    explicit walk_over_list(std::span<entry_name const> all) noexcept : all_{all} {}

    std::size_t step(sqlite_entries& entries) {
        std::size_t gone = 0;
        auto const some = all_.first(std::min(all_.size(), names_on_a_page));
        for (auto const& at : some) {
            sqlite_place const place{at};
            gone += entries.remove(place) ? 1U : 0U;
            entries.void_tickets(place.row);
        }
        all_ = all_.subspan(some.size());
        return gone;
    }
    bool done() const noexcept { return all_.empty(); }

private:
    std::span<entry_name const> all_;
};

}  // namespace

template <class Walk>
evicted sqlite_bytes::erase_along(Walk walk) noexcept {
    std::size_t gone = 0;
    bool begun = false;
    try {
        for (auto const end = some_time();; begun = true) {
            Walk next = walk;
            gone += changing(end, sync(), [&](scene& in) {
                next = walk;
                return next.step(in.entries);
            });
            if (next.done())
                return evicted{gone};
            walk = std::move(next);
            std::this_thread::sleep_for(std::chrono::microseconds{engine_->is_wanted() ? 500 : 50});
        }
    } catch (sqlite_fault const& fault) {
        return ended_by(&fault, gone, begun);
    } catch (...) {
        return ended_by(nullptr, gone, begun);
    }
}

evicted sqlite_bytes::erase(std::span<entry_name const> all) noexcept {
    return all.empty() ? evicted{} : erase_along(walk_over_list{all});
}

evicted sqlite_bytes::erase_text(std::string_view scope, std::string_view text) noexcept {
    return erase_along(walk_over_text{scope, text});
}

evicted sqlite_bytes::erase_pattern(std::string_view scope, std::string_view glob) noexcept {
    return erase_along(walk_over_names{scope, glob, walk_over_names::kind::matching});
}

evicted sqlite_bytes::erase_tag(std::string_view tag) noexcept { return erase_along(walk_over_tag{tag}); }

evicted sqlite_bytes::erase_all(std::string_view scope) noexcept {
    return erase_along(walk_over_names{scope, {}, walk_over_names::kind::all});
}

/// `next` is the first name that was not looked at, behind a letter, since a name may be empty.
name_page sqlite_bytes::scan(std::string_view family, std::string_view glob, std::string_view from) {
    name_page page;
    if (!entry_name{family, {}}.readable())
        return page;
    auto const start = from.substr(std::min<std::size_t>(from.size(), 1));
    auto looked_at =
        reading(options_.bulk_timeout, [&](scene& in) { return in.entries.shown_from(family, start, names_on_a_page + 1); });
    if (looked_at.size() > names_on_a_page) {
        page.next = "n" + looked_at.back().second;
        looked_at.pop_back();
    }
    for (auto& [shown, name] : looked_at)
        if (shown && glob_match(glob, name))
            page.names.push_back(std::move(name));
    return page;
}

std::size_t sqlite_bytes::count(std::string_view scope) {
    return reading(options_.bulk_timeout, [&](scene& in) { return in.entries.count(scope); });
}

std::map<std::string, std::string> sqlite_bytes::info() {
    std::error_code none;
    auto const log = std::filesystem::file_size(engine_->path() + "-wal", none);
    std::map<std::string, std::string> told{
        {"engine", "SQLite"},
        {"version", ::sqlite3_libversion()},
        {"address", engine_->path()},
        {"mode", options_.mode == sqlite_mode::durable ? "durable" : "fast"},
        {"max_bytes", std::to_string(options_.max_bytes)},
        {"wal_bytes", std::to_string(none ? 0 : log)},
    };
    reading(options_.bulk_timeout, [&](scene& in) {
        told["entries"] = std::to_string(in.entries.count({}));
        told["bytes"] = std::to_string(in.room.bytes_used());
        told["page_count"] = std::to_string(in.room.pages());
        return true;
    });
    if (auto warning = engine_->warning(); !warning.empty())
        told["warning"] = std::move(warning);
    return told;
}

duration sqlite_bytes::ping() {
    auto const begin = real_time();
    reading(options_.timeout, [](scene& in) { return in.entries.entries(); });
    return between(begin, real_time());
}

void sqlite_bytes::sweep() noexcept {
    try {
        if (!reading(options_.timeout, [](scene& in) { return in.room.wants_sweeping(); }) && !engine_->has_touched_for_long())
            return;
        changing(soon(), sqlite_sync::at_checkpoints, [&](scene& in) {
            in.room.sweep();
            note_uses(in);
            engine_->watch_use(in.room.fullness() != sqlite_fullness::roomy);
            return true;
        });
    } catch (...) {  // the next one may
    }
}

void sqlite_bytes::flush() {
    writing(some_time(), sqlite_sync::at_commit, [](scene& in) {
        in.entries.write_something();
        return true;
    });
}

}  // namespace memo::detail
