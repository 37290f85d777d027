#include <memo/cache_entries.hpp>

#include <memo/base/error.hpp>
#include <memo/call/disabled.hpp>
#include <memo/codec/record.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/record_store.hpp>

#include "cache_names.hpp"
#include "cache_terms.hpp"

#include <exception>
#include <utility>

namespace memo::detail {

/// An entry on its way into the store; without a lifetime it is to go.
class cache_entries::outgoing {
public:
    outgoing(record_store const& records, settings const& said, std::string_view name, encoded_value const* value,
             entry_options const& on)
        : key{name} {
        auto const now = said.clock.now();
        auto kept = terms_for(key_of(key), on, said, now);
        if (value == nullptr || kept.ttl <= duration::zero())
            return;
        record_ = records.write(key_of(key), kept, value->bytes, label_for(value->type, on));
        tags_ = std::move(kept.tags);
        lifetime_ = records.lifetime(stands({.created = now, .ttl = kept.ttl, .touched = now, .read = now}), now);
    }

    std::string_view key;

    entry_name at() const noexcept { return {cache_family, key}; }
    bool lives() const noexcept { return lifetime_ > duration::zero(); }
    stored_bytes bytes() const noexcept { return {record_, tags_, lifetime_}; }

private:
    std::string record_;
    std::vector<std::string> tags_;
    duration lifetime_{};
};

/// `carry_out` tells the store, and whether it changed something there; then, and when it failed, the runs in flight for these keys are
/// outdated.
template <class Write>
bool cache_entries::written(std::span<outgoing const> all, Write const& carry_out) {
    std::vector<key_view> keys;
    keys.reserve(all.size());
    for (auto const& one : all)
        keys.push_back(key_of(one.key));
    try {
        bool const changed = carry_out(records_->bytes());
        if (changed)
            records_->revoke(keys);
        return changed;
    } catch (...) {
        records_->revoke(keys);
        ledger_.fail(keys.size() == 1 ? keys.front() : key_view{}, std::current_exception());
        throw;
    }
}

/// Throws: connection_error when they may still be there.
void cache_entries::remove(std::span<std::string_view const> keys) {
    if (!erase(keys).confirmed())
        throw connection_error{"memo::cache(" + ledger_.who().shown +
                               "): the store did not confirm that what was there is gone; erase it when the store answers"};
    for (auto const key : keys)
        stored(key_of(key), false);
}

void cache_entries::set(std::string_view key, encoded_value const& value, entry_options const& on) {
    check_options(on);
    if (disabled())
        return;
    outgoing const fresh{*records_, settings_, key, &value, on};
    if (!fresh.lives())
        return remove({&key, 1});
    bool is_stored = false;
    written({&fresh, 1}, [&](byte_store& bytes) { return is_stored = bytes.set(fresh.at(), fresh.bytes()), true; });
    stored(key_of(key), is_stored);
}

bool cache_entries::add(std::string_view key, encoded_value const& value, entry_options const& on) {
    check_options(on);
    if (disabled())
        return false;
    outgoing const fresh{*records_, settings_, key, &value, on};
    bool const is_stored = fresh.lives() && written({&fresh, 1}, [&](byte_store& bytes) {
        constexpr unsigned most_tries = 4;
        std::string seen;
        for (unsigned tries = 0; tries != most_tries; ++tries) {
            if (bytes.add(fresh.at(), fresh.bytes(), seen))
                return true;
            auto there = bytes.get(fresh.at());
            if (!there)
                continue;
            seen = seal_of(*there);
            if (auto const now = settings_.clock.now(); auto const found = records_->check(key_of(key), std::move(*there), now))
                return false;
        }
        return false;
    });
    if (is_stored)
        stored(key_of(key), true);
    return is_stored;
}

void cache_entries::set_many(std::span<staged_entry const> all, entry_options const& on) {
    check_options(on);
    if (disabled() || all.empty())
        return;
    std::vector<outgoing> fresh;
    std::vector<std::string_view> keys;
    std::vector<std::pair<entry_name, stored_bytes>> pairs;
    fresh.reserve(all.size());
    for (auto const& one : all) {
        keys.push_back(one.key);
        fresh.emplace_back(*records_, settings_, one.key, &*one.value, on);
        pairs.emplace_back(fresh.back().at(), fresh.back().bytes());
    }
    if (!fresh.front().lives())
        return remove(keys);
    written(fresh, [&](byte_store& bytes) { return bytes.set_many(pairs), true; });
    for (auto const key : keys)
        stored(key_of(key), true);
}

void cache_entries::transact(std::span<staged_entry const> all) {
    if (disabled() || all.empty())
        return;
    std::vector<outgoing> fresh;
    std::vector<change> changes;
    fresh.reserve(all.size());
    for (auto const& one : all) {
        fresh.emplace_back(*records_, settings_, one.key, one.value ? &*one.value : nullptr, one.on);
        changes.push_back({fresh.back().at(), fresh.back().lives() ? std::optional{fresh.back().bytes()} : std::nullopt});
    }
    written(fresh, [&](byte_store& bytes) { return bytes.transact(changes), true; });
    for (auto const& one : fresh)
        if (one.lives())
            stored(key_of(one.key), true);
}

}  // namespace memo::detail
