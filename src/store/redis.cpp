#include <memo/store/redis.hpp>

#include "redis_bytes.hpp"
#include "redis_check.hpp"
#include "redis_info.hpp"
#include "redis_words.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/error.hpp>
#include <memo/base/evicted.hpp>
#include <memo/store/redis_keys.hpp>
#include <memo/transport/link_fault.hpp>
#include <memo/transport/redis_client.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace memo::detail {
namespace {

redis_server server_of(redis_options const& options) {
    redis_server server;
    server.host = options.host;
    server.port = options.port;
    server.path = options.path;
    server.user = options.user;
    server.password = options.password;
    server.db = options.db;
    server.most.bytes = options.max_reply;
    server.connect_timeout = options.connect_timeout.value;
    server.caller = "redis_store(" + server.address() + ")";
    return server;
}

}  // namespace

redis_bytes::redis_bytes(redis_options options)
    : keys_{options.prefix},
      timeout_{options.timeout.value},
      bulk_timeout_{options.bulk_timeout.value},
      most_bytes_{options.max_reply - 512},
      client_{server_of(options), options.pool, options.breaker_threshold},
      walk_{client_, keys_, timeout_},
      writer_{client_, keys_} {}

std::optional<std::string> redis_bytes::get(entry_name at) {
    client_.pool().check();
    auto const key = keys_.entry(at);
    request asked{"GET", key};
    return record_of(client_.ask(asked, deadline(), proof::values).front().view(), key);
}

/// What is no record of this key may be the answer to another question: that would show by the word that the server repeats.
std::optional<std::string> redis_bytes::record_of(reply_view told, std::string const& key) {
    if (told.kind() == reply_kind::nothing)
        return std::nullopt;
    if (told.is_text()) {
        if (auto const record = redis_header::cut(told.text(), key))
            return std::string{*record};
    }
    request asked{"GET", key};
    auto const again = client_.ask(asked, deadline());
    auto const record = again.front().view().is_text() ? redis_header::cut(again.front().view().text(), key) : std::nullopt;
    return record ? std::optional<std::string>{*record} : std::nullopt;
}

std::vector<std::optional<std::string>> redis_bytes::get_many(std::span<entry_name const> all) {
    client_.pool().check();
    std::vector<std::string> keys;
    keys.reserve(all.size());
    for (auto const& at : all)
        keys.push_back(keys_.entry(at));
    std::vector<std::optional<std::string>> records;
    try {
        return keys.empty() ? records : get_at_once(keys);
    } catch (link_fault const& fault) {
        if (fault.code() != error_code::too_large)
            throw;
    }
    std::ranges::transform(all, std::back_inserter(records), [&](entry_name at) { return get(at); });
    return records;
}

std::vector<std::optional<std::string>> redis_bytes::get_at_once(std::vector<std::string> const& keys) {
    constexpr std::size_t at_once = 128;
    request asked;
    std::vector<std::string_view> command;
    for (std::size_t i = 0; i < keys.size(); i += at_once) {
        command.assign({"MGET"});
        for (std::size_t j = i; j != std::min(keys.size(), i + at_once); ++j)
            command.push_back(keys[j]);
        asked.add(command);
    }
    auto const replies = client_.ask(asked, deadline(), proof::values);
    std::vector<std::optional<std::string>> records;
    records.reserve(keys.size());
    for (std::size_t i = 0; i != replies.size(); ++i) {
        auto const list = replies[i].view();
        if (list.size() != std::min(at_once, keys.size() - i * at_once))
            out_of_order(client_.pool().server());
        for (std::size_t j = 0; j != list.size(); ++j)
            records.push_back(record_of(list[j], keys[i * at_once + j]));
    }
    return records;
}

bool redis_bytes::fits(stored_bytes const& fresh) const noexcept { return fresh.record.size() <= most_bytes_; }

bool redis_bytes::set(entry_name at, stored_bytes const& fresh) {
    change one{at, {}};
    if (fits(fresh))
        one.fresh = fresh;
    writer_.write({&one, 1}, deadline());
    return one.fresh.has_value();
}

void redis_bytes::set_many(std::span<std::pair<entry_name, stored_bytes> const> all) {
    std::vector<change> changes;
    changes.reserve(all.size());
    for (auto const& [at, fresh] : all)
        changes.push_back({at, fresh});
    transact(changes);
}

void redis_bytes::transact(std::span<change const> all) {
    if (!std::ranges::all_of(all, [&](change const& each) { return !each.fresh || fits(*each.fresh); }))
        throw connection_error{client_.pool().server().caller + ": a record is larger than `max_reply`; raise it, or store less",
                               error_code::too_large};
    if (!all.empty())
        writer_.write(all, deadline());
}

bool redis_bytes::replace(std::string_view verb, entry_name at, stored_bytes const* fresh, std::string_view seen) {
    auto const key = keys_.entry(at);
    words arguments{keys_.prefix(), verb};
    arguments.keep(redis_header::of_key(key));
    arguments.add(seen);
    bool const stores = fresh != nullptr && fits(*fresh);
    arguments.entry(fresh, stores ? redis_header::put_before(fresh->record, key, draw_write()) : std::string{}, at.family);
    return client_.run(replace_, {key}, arguments.view(), deadline(), lateness::refused).view().number() == 1;
}

/// Tickets fall before values go, so that nothing comes in between.
evicted redis_bytes::erase(std::span<entry_name const> all) noexcept {
    return attempt([&](std::size_t& count, bool& begun) {
        auto const until = detail::deadline(std::max(bulk_timeout_, timeout_));
        constexpr std::size_t at_once = 500;
        for (std::size_t i = 0; i < all.size(); i += at_once) {
            words tickets{"DEL"};
            words values{"UNLINK"};
            for (auto const& at : all.subspan(i, std::min(at_once, all.size() - i))) {
                auto key = keys_.entry(at);
                tickets.keep(keys_.tickets(key));
                values.keep(std::move(key));
            }
            request asked;
            asked.add(tickets.view());
            asked.add(values.view());
            count += count_of(client_.ask(asked, std::min(until, deadline())).back());
            begun = true;
        }
    });
}

evicted redis_bytes::erase_text(std::string_view scope, std::string_view text) noexcept {
    return attempt([&](std::size_t& count, bool&) {
        auto const told = client_.run(erase_text_, {}, {keys_.prefix(), spell_family(scope), text}, deadline());
        count = count_of(told);
    });
}

evicted redis_bytes::erase_pattern(std::string_view scope, std::string_view glob) noexcept try {
    if (is_literal_glob(glob))
        return erase_text(scope, unescape_glob(glob));
    return attempt([&](std::size_t& count, bool& begun) {
        auto const until = detail::deadline(bulk_timeout_);
        auto const families = walk_.families(scope, redis_walk::reach::readable, redis_walk::tickets::stand, until);
        begun = true;
        for (std::size_t fallen = 0; auto const which : {redis_keys::shelf::tickets, redis_keys::shelf::entries}) {
            if (!families.empty())
                walk_.erase(which, families, glob, which == redis_keys::shelf::tickets ? fallen : count, until);
        }
    });
} catch (std::bad_alloc const&) {
    return evicted{0, evicted::outcome::failed};
}

evicted redis_bytes::erase_all(std::string_view scope) noexcept {
    return attempt([&](std::size_t& count, bool& begun) {
        auto const until = detail::deadline(bulk_timeout_);
        auto const families = walk_.families(scope, redis_walk::reach::all, redis_walk::tickets::fall, until);
        begun = true;
        if (!families.empty())
            walk_.erase(redis_keys::shelf::entries, families, "*", count, until);
    });
}

evicted redis_bytes::erase_tag(std::string_view tag) noexcept {
    return attempt([&](std::size_t& count, bool& begun) {
        auto const until = detail::deadline(bulk_timeout_);
        std::string cursor = "0";
        do {
            auto const told = client_.run(untag_, {}, {keys_.prefix(), tag, cursor}, std::min(until, deadline()));
            begun = true;
            auto const step = told.view();
            if (step.size() != 2 || !step[0].is_text())
                out_of_order(client_.pool().server());
            cursor = step[0].text();
            count += static_cast<std::size_t>(std::max<std::int64_t>(step[1].number(), 0));
        } while (cursor != "0");
    });
}

reply redis_bytes::begin(std::string_view verb, entry_name at, std::span<std::string const> tags, std::string_view seen,
                         run_ticket joining) {
    auto const key = keys_.entry(at);
    words arguments{keys_.prefix(), verb};
    arguments.keep(redis_header::of_key(key));
    arguments.add(seen);
    arguments.keep(std::to_string(joining));
    arguments.keep(spell_family(at.family));
    arguments.tags(tags);
    return client_.run(open_, {key}, arguments.view(), deadline());
}

opened redis_bytes::open(entry_name at, std::span<std::string const> tags, std::string_view seen, run_ticket joining) {
    client_.pool().check();
    auto const answer = begin("open", at, tags, seen, joining);
    auto const told = answer.view();
    if (told.kind() == reply_kind::status)
        return {.joined = true};
    if (told.kind() == reply_kind::number && told.number() > 0)
        return {.mine = static_cast<run_ticket>(told.number())};
    auto const record = told.is_text() ? redis_header::cut(told.text(), keys_.entry(at)) : std::nullopt;
    if (!record)
        out_of_order(client_.pool().server());
    return {.record = std::string{*record}};
}

run_ticket redis_bytes::lead(entry_name at, std::span<std::string const> tags) {
    auto const number = begin("lead", at, tags, {}, 0).view().number();
    if (number <= 0)
        out_of_order(client_.pool().server());
    return static_cast<run_ticket>(number);
}

committed redis_bytes::commit(entry_name at, run_ticket mine, stored_bytes const& fresh) {
    auto const key = keys_.entry(at);
    words arguments{keys_.prefix()};
    arguments.keep(std::to_string(mine));
    arguments.entry(&fresh, fits(fresh) ? redis_header::put_before(fresh.record, key, draw_write()) : std::string{}, at.family);
    switch (client_.run(commit_, {key}, arguments.view(), deadline()).view().number()) {
        case 1: return committed::stored;
        case 2: return committed::too_large;
        default: return committed::fenced;
    }
}

void redis_bytes::abandon(entry_name at, run_ticket mine) noexcept {
    static_cast<void>(attempt([&](std::size_t&, bool&) {
        request asked{"HDEL", keys_.tickets(keys_.entry(at)), std::to_string(mine)};
        client_.ask(asked, deadline());
    }));
}

name_page redis_bytes::scan(std::string_view family, std::string_view glob, std::string_view from) {
    if (!entry_name{family, {}}.readable())
        return {};
    std::vector<std::string> const families{spell_family(family)};
    std::size_t erased = 0;
    auto found = walk_.scan(walk_.pattern(redis_keys::shelf::entries, families, glob), from, {}, erased, deadline());
    name_page names;
    names.next = std::move(found.next);
    for (auto const& key : found.keys) {
        if (walk_.chosen(redis_keys::shelf::entries, key, families, glob))
            names.names.emplace_back(keys_.read(redis_keys::shelf::entries, key)->name);
    }
    return names;
}

std::size_t redis_bytes::count(std::string_view scope) {
    auto const until = detail::deadline(bulk_timeout_);
    auto const families = walk_.families(scope, redis_walk::reach::all, redis_walk::tickets::stand, until);
    if (families.empty())
        return 0;
    std::unordered_set<std::string> seen;
    redis_walk::page found;
    std::size_t erased = 0;
    do {
        found = walk_.scan(walk_.pattern(redis_keys::shelf::entries, families, "*"), found.next, {}, erased, until);
        for (auto& key : found.keys) {
            if (walk_.chosen(redis_keys::shelf::entries, key, families, "*"))
                seen.insert(std::move(key));
        }
    } while (!found.next.empty());
    return seen.size();
}

std::map<std::string, std::string> redis_bytes::info() {
    request asked{"INFO"};
    asked.add({"DBSIZE"});
    auto const replies = client_.ask(asked, deadline());
    auto told = worth_telling(replies[0].view().text());
    told.insert({{"engine", "redis"},
                 {"address", client_.pool().server().address()},
                 {"db", std::to_string(client_.pool().server().db)},
                 {"prefix", keys_.prefix()},
                 {"entries", std::to_string(count_of(replies[1]))},
                 {"connections", std::to_string(client_.pool().size())}});
    return told;
}

duration redis_bytes::ping() {
    auto const begun = real_time();
    request asked{"PING"};
    client_.ask(asked, deadline());
    return real_time() - begun;
}

}  // namespace memo::detail


namespace memo {
namespace {

std::shared_ptr<detail::redis_bytes> make(redis_options options) {
    detail::check(options);
    return std::make_shared<detail::redis_bytes>(std::move(options));
}

}  // namespace

redis_store::redis_store(redis_options options) : shared_store{make(std::move(options))} {}

}  // namespace memo
