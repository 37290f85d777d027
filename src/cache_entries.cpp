#include <memo/cache_entries.hpp>

#include <memo/base/error.hpp>
#include <memo/base/glob.hpp>
#include <memo/base/hash.hpp>
#include <memo/call/disabled.hpp>
#include <memo/codec/record.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/memory_bytes.hpp>
#include <memo/store/record_store.hpp>

#include "cache_names.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <utility>

namespace memo::detail {
namespace {

/// The manager's store, or one in memory, whose times nobody else reads.
settings settled(settings said, space& in) {
    auto& plan = said.plan;
    auto const known = plan.bytes == nullptr ? in.default_store() : std::nullopt;
    if (known)
        plan.bytes = known->store.inside();
    if (plan.bytes == nullptr) {
        plan.bytes = in.enter_store(memory_bytes_store{{.clock = said.clock}}).inside();
        plan.injected_clock = false;
    } else if (!plan.injected_clock) {
        said.clock = time_source{wall_clock{}};
    }
    plan.clock = said.clock;
    return said;
}

}  // namespace

cache_entries::cache_entries(settings said, std::shared_ptr<space> in, bool counts)
    : settings_{settled(std::move(said), *in)},
      ledger_{std::move(in), settings_.who, [this](event const& happening) { hooks.tell(happening); }, counts},
      records_{std::make_unique<record_store>(settings_.plan, static_cast<store_watcher*>(this))},
      fence_{ledger_.in().fence, &records_->bytes().fence()} {}

cache_entries::~cache_entries() = default;

void cache_entries::check_key(std::string_view key) {
    if (key.size() > longest_key)
        throw key_error{"memo::cache: a key has " + std::to_string(key.size()) + " bytes; 65536 are the most, use a digest of it"};
}

void cache_entries::check_options(entry_options const& on) {
    for (auto const& tag : on.tags)
        if (tag.starts_with('\x01') || tag.size() > longest_key)
            throw key_error{"memo::cache: a tag begins with the byte 1, or has more than 65536 bytes; give another"};
}

void cache_entries::check_glob(std::string_view glob) {
    if (auto const* const fault = glob_fault(glob))
        throw key_error{"memo::cache: the pattern is malformed: " + std::string{fault} + "; escape the character with a backslash"};
}

void cache_entries::check_transactions() const {
    if (!records_->bytes().abilities().transactions)
        throw config_error{"memo::cache(transaction): the store (" + std::string{records_->bytes().kind()} +
                           ") knows no transactions; use set_many, or another store"};
}

void cache_entries::refuse() const {
    throw value_error{"memo::cache(" + ledger_.who().shown + "): a validator refused the value; it was not stored"};
}

void cache_entries::tell(event_kind kind, key_view const& key, duration took) noexcept {
    if (heard())
        ledger_.tell(kind, key, took);
}

void cache_entries::stored(key_view const& key, bool is_stored, duration took) noexcept {
    ledger_.count(is_stored ? counter::stores : counter::skips);
    tell(is_stored ? event_kind::store : event_kind::skip, key, took);
}

void cache_entries::removed(key_view const& gone, evict_cause cause) noexcept {
    if (heard())
        ledger_.tell(cause == evict_cause::expired ? event_kind::expire : event_kind::evict, gone, {}, cause);
}

std::optional<found_record> cache_entries::find(std::string_view key) {
    check_key(key);
    if (disabled())
        return std::nullopt;
    auto const now = settings_.clock.now();
    auto found = records_->find(key_of(key), now);
    return found && found->made.fresh(now) ? std::move(found) : std::nullopt;
}

bool cache_entries::get(std::string_view key, std::uint64_t type, payload_reader const& read) {
    check_key(key);
    if (disabled())
        return false;
    auto const at = key_of(key);
    auto const now = settings_.clock.now();
    bool const sampled = ledger_.samples();
    auto const begun = sampled ? real_time() : duration{};
    auto const found = records_->find(at, now, type);
    if (sampled) {
        ledger_.count_sample(real_time() - begun);
        records_->sweep();
    }
    if (found && found->made.fresh(now)) {
        if (read(found->read.payload)) {
            records_->read(at, *found, now);
            tell(event_kind::hit, at);
            return true;
        }
        records_->spoiled(at, *found);
    }
    ledger_.count(counter::misses);
    tell(event_kind::miss, at);
    return false;
}

void cache_entries::get_many(std::span<std::string_view const> keys, std::uint64_t type,
                             std::function<bool(std::size_t place, std::string_view bytes)> const& read) {
    for (auto const key : keys)
        check_key(key);
    if (disabled() || keys.empty())
        return;
    auto const now = settings_.clock.now();
    auto all = bytes_of(keys);
    for (std::size_t place = 0; place != keys.size(); ++place) {
        auto const at = key_of(keys[place]);
        auto const found = all[place] ? checked(at, std::move(*all[place]), now, type) : std::nullopt;
        bool hit = found && found->made.fresh(now);
        if (hit && !read(place, found->read.payload)) {
            records_->spoiled(at, *found);
            hit = false;
        }
        if (hit)
            records_->read(at, *found, now);
        else
            ledger_.count(counter::misses);
        tell(hit ? event_kind::hit : event_kind::miss, at);
    }
}

/// All of nothing when the store is at fault.
std::vector<std::optional<std::string>> cache_entries::bytes_of(std::span<std::string_view const> keys) {
    std::vector<entry_name> names;
    names.reserve(keys.size());
    for (auto const key : keys)
        names.push_back({cache_family, key});
    try {
        return records_->bytes().get_many(names);
    } catch (error const&) {
        ledger_.fail({}, std::current_exception());
        return std::vector<std::optional<std::string>>(keys.size());
    }
}

std::optional<found_record> cache_entries::checked(key_view const& key, std::string&& bytes, duration now, std::uint64_t type) {
    try {
        return records_->check(key, std::move(bytes), now, type);
    } catch (error const&) {
        ledger_.fail(key, std::current_exception());
        return std::nullopt;
    }
}

bool cache_entries::exists(std::string_view key) {
    return find(key).has_value();
}

std::optional<duration> cache_entries::ttl(std::string_view key) {
    auto const found = find(key);
    return found ? std::optional{found->made.remaining(settings_.clock.now())} : std::nullopt;
}

std::optional<std::map<std::string, std::string>> cache_entries::metadata(std::string_view key) {
    auto const found = find(key);
    if (!found)
        return std::nullopt;
    std::map<std::string, std::string> all;
    for (auto const& [name, value] : found->read.metadata)
        all.emplace(name, value);
    return all;
}

bool cache_entries::touch(std::string_view key, std::optional<duration> ttl) {
    check_key(key);
    return !disabled() && records_->touch(key_of(key), ttl, settings_.clock.now());
}

std::vector<std::string> cache_entries::keys(std::string_view glob) {
    check_glob(glob);
    std::vector<std::string> all;
    if (disabled())
        return all;
    try {
        all = scanned(glob);
    } catch (error const&) {
        ledger_.fail({}, std::current_exception());
        return {};
    }
    if (settings_.plan.injected_clock)
        drop_expired(all);
    return all;
}

/// The store does not know the time by which they expire.
void cache_entries::drop_expired(std::vector<std::string>& keys) {
    std::vector<std::string_view> const names{keys.begin(), keys.end()};
    auto const now = settings_.clock.now();
    auto all = bytes_of(names);
    auto at = all.begin();
    std::erase_if(keys, [&](std::string const& key) {
        auto& bytes = *at++;
        auto const found = bytes ? checked(key_of(key), std::move(*bytes), now, 0) : std::nullopt;
        return !found || !found->made.fresh(now);
    });
}

std::vector<std::string> cache_entries::scanned(std::string_view glob) {
    std::vector<std::string> all;
    std::string next;
    do {
        auto page = records_->bytes().scan(cache_family, glob, next);
        all.insert(all.end(), std::make_move_iterator(page.names.begin()), std::make_move_iterator(page.names.end()));
        next = std::move(page.next);
    } while (!next.empty());
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

evicted cache_entries::erase(std::span<std::string_view const> keys) {
    std::vector<key_view> all;
    all.reserve(keys.size());
    for (auto const key : keys) {
        check_key(key);
        all.push_back(key_of(key));
    }
    return records_->erase(all);
}

evicted cache_entries::erase_pattern(std::string_view glob) {
    check_glob(glob);
    return records_->erase_pattern(glob, reach::everywhere);
}

evicted cache_entries::erase_tag(std::string_view tag) {
    return records_->erase_tag(own_tag(tag), reach::everywhere);
}

evicted cache_entries::clear() {
    return records_->erase_all(reach::everywhere);
}

std::map<std::string, std::string> cache_entries::info() {
    return records_->bytes().info();
}

duration cache_entries::ping() {
    return records_->bytes().ping();
}

memo::stats cache_entries::statistics() const {
    memo::stats sum;
    records_->count_into(sum);
    if (!ledger_.counts())
        return {.items = sum.items};
    ledger_.count_into(sum);
    return sum;
}

// the manager has asked the store already; what is left are the runs of this process

evicted cache_entries::evict_text(std::string_view text) {
    return records_->erase_text(place_of(text), text, reach::here);
}

evicted cache_entries::evict_pattern(std::string_view glob) {
    return records_->erase_pattern(glob, reach::here);
}

evicted cache_entries::evict_tag(std::string_view tag) {
    return records_->erase_tag(tag, reach::here);
}

evicted cache_entries::evict_all() {
    return records_->erase_all(reach::here);
}

}  // namespace memo::detail
