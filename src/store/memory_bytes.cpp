#include <memo/store/memory_bytes.hpp>

#include "named_key.hpp"
#include "transaction_gate.hpp"

#include <memo/base/error.hpp>
#include <memo/base/glob.hpp>
#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/base/sync.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>
#include <memo/store/memory.hpp>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {
namespace {

using held_bytes = std::shared_ptr<std::string const>;
using bytes_in_memory = memory_store<held_bytes, lru_order>;

constexpr duration ticket_life = std::chrono::hours{1};
constexpr duration cleanup_interval = std::chrono::seconds{60};

/// The lease of a ticket; the number of the ticket is when its run began.
class ticket_lease final : public lease {
public:
    ticket_lease(key_view const& key, std::span<std::string const> tags, duration now)
        : lease{key, {tags.begin(), tags.end()}}, given{now} {}

    duration const given;
};

memory_limits checked(memory_bytes_options const& options) {
    constexpr std::size_t few_entries = 4096;
    constexpr std::size_t few_bytes = 4'194'304;
    if (options.max_size == 0 || options.max_bytes == 0)
        throw config_error{"memory_bytes_store: a bound of 0 holds nothing; give max_size and max_bytes above 0"};
    return {options.max_size, options.max_bytes, options.max_size < few_entries || options.max_bytes < few_bytes,
            cleanup_interval};
}

class memory_bytes final : public byte_store {
public:
    explicit memory_bytes(memory_bytes_options const& options)
        : limits_{checked(options)}, clock_{options.clock}, store_{limits_} {}

    std::string_view kind() const noexcept override { return "memory"; }
    store_abilities abilities() const noexcept override { return {.leases = false, .outlives = false}; }

    std::optional<std::string> get(entry_name at) override {
        gate_.settle();
        return look(at);
    }

    std::vector<std::optional<std::string>> get_many(std::span<entry_name const> all) override {
        return gate_.read([&] {
            std::vector<std::optional<std::string>> found;
            found.reserve(all.size());
            for (auto const at : all) found.push_back(look(at));
            return found;
        });
    }

    bool set(entry_name at, stored_bytes const& fresh) override {
        gate_.settle();
        return put(at, fresh);
    }

    void set_many(std::span<std::pair<entry_name, stored_bytes> const> all) override {
        std::vector<change> changes;
        changes.reserve(all.size());
        for (auto const& [at, fresh] : all) changes.push_back({at, fresh});
        transact(changes);
    }

    bool add(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
        return put_if(at, fresh, bytes_in_memory::earlier_runs::end,
                      [&](held_bytes const* held) { return held == nullptr || seal_of(**held) == seen; });
    }

    bool amend(entry_name at, stored_bytes const& fresh, std::string_view seen) override {
        return put_if(at, fresh, bytes_in_memory::earlier_runs::stand,
                      [&](held_bytes const* held) { return held != nullptr && seal_of(**held) == seen; });
    }

    bool discard(entry_name at, std::string_view seen) override {
        gate_.settle();
        named_key const named{at};
        return store_.discard_if(named.key(), clock_.now(), [&](held_bytes const* held) { return seal_of(**held) == seen; });
    }

    evicted erase(std::span<entry_name const> all) noexcept override {
        auto const erase_each = [&] {
            evicted gone;
            for (auto const at : all) gone += store_.erase(named_key{at}.key());
            return gone;
        };
        return evict(erase_each, all.size() == 1 ? among::transactions : among::nothing);
    }

    evicted erase_text(std::string_view scope, std::string_view text) noexcept override {
        auto const chosen = [&](key_view const& key) {
            auto const at = name_of(key);
            return at.readable() && at.name == text && at.family.starts_with(scope);
        };
        return evict([&] { return store_.erase_at(place_of(text), std::cref(chosen)); });
    }

    evicted erase_pattern(std::string_view scope, std::string_view glob) noexcept override {
        auto const chosen = [&](key_view const& key) {
            auto const at = name_of(key);
            return at.readable() && at.family.starts_with(scope) && glob_match(glob, at.name);
        };
        return evict([&] { return store_.erase_if(evict_cause::pattern, std::cref(chosen)); });
    }

    evicted erase_tag(std::string_view tag) noexcept override {
        return evict([&] { return store_.erase_tag(tag); });
    }

    evicted erase_all(std::string_view scope) noexcept override {
        auto const chosen = [&](key_view const& key) { return name_of(key).family.starts_with(scope); };
        return evict([&] { return store_.erase_if(evict_cause::cleared, std::cref(chosen)); });
    }

    opened open(entry_name at, std::span<std::string const> tags, std::string_view seen, run_ticket joining) override {
        gate_.settle();
        named_key const named{at};
        auto const mine = begin(named.key(), tags);  // first: what comes from here on is seen, or ends it
        if (auto held = store_.get(named.key(), clock_.now()); held && seal_of(**held) != seen) {
            store_.abandon(*mine);
            return {.record = **held};
        }
        if (joining != 0 && store_.find_lease(named.key(), joining) != nullptr) {
            store_.abandon(*mine);
            return {.joined = true};
        }
        return {.mine = mine->sequence()};
    }

    run_ticket lead(entry_name at, std::span<std::string const> tags) override {
        gate_.settle();
        return begin(named_key{at}.key(), tags)->sequence();
    }

    committed commit(entry_name at, run_ticket mine, stored_bytes const& fresh) override {
        gate_.settle();
        named_key const named{at};
        auto const flying = store_.find_lease(named.key(), mine);
        if (flying == nullptr) return committed::fenced;
        auto kept = terms_of(named.key(), fresh);
        switch (store_.commit(*flying, std::make_shared<std::string const>(fresh.record), std::move(kept), owned(fresh))) {
            case store_outcome::stored:
                return committed::stored;
            case store_outcome::fenced:
                return committed::fenced;
            case store_outcome::too_heavy:
                break;
        }
        return committed::too_large;
    }

    void abandon(entry_name at, run_ticket mine) noexcept override {
        try {
            named_key const named{at};
            if (auto const flying = store_.find_lease(named.key(), mine)) store_.abandon(*flying);
        } catch (std::bad_alloc const&) {  // then it ends with its hour
        }
    }

    void transact(std::span<change const> all) override {
        gate_.change([&] {
            try {
                for (auto const& step : all)
                    step.fresh ? void(put(step.at, *step.fresh)) : void(store_.erase(named_key{step.at}.key()));
            } catch (...) {
                for (auto const& step : all) store_.erase(named_key{step.at}.key());
                throw;
            }
        });
    }

    name_page scan(std::string_view family, std::string_view glob, std::string_view from) override {
        name_page page;
        std::size_t shard = 0;
        std::from_chars(from.data(), from.data() + from.size(), shard);
        if (shard >= store_.shards()) return page;
        auto const now = clock_.now();
        auto const seen = [&](entry const& held) {
            auto const at = name_of(held.key());
            if (!held.expired(now) && at.readable() && at.family == family && glob_match(glob, at.name))
                page.names.emplace_back(at.name);
        };
        store_.each_in_shard(shard, std::cref(seen));
        if (++shard != store_.shards()) page.next = std::to_string(shard);
        return page;
    }

    std::size_t count(std::string_view scope) override {
        std::size_t sum = 0;
        auto const now = clock_.now();
        auto const seen = [&](entry const& held) { sum += !held.expired(now) && name_of(held.key()).family.starts_with(scope); };
        for (std::size_t shard = 0; shard != store_.shards(); ++shard) store_.each_in_shard(shard, std::cref(seen));
        return sum;
    }

    std::map<std::string, std::string> info() override {
        stats sum;
        store_.count_into(sum);
        return {
            {"engine", "memory"},
            {"version", "1"},
            {"address", "memory:"},
            {"entries", std::to_string(count({}))},
            {"bytes", std::to_string(sum.bytes)},
            {"max_size", std::to_string(limits_.entries)},
            {"max_bytes", std::to_string(limits_.weight)},
        };
    }

    duration ping() override {
        auto const start = real_time();
        get({});
        return real_time() - start;
    }

    void sweep() noexcept override {
        auto const now = clock_.now();
        store_.sweep(now);
        auto due = next_ticket_sweep_.load(std::memory_order_relaxed);
        if (now.count() < due || !next_ticket_sweep_.compare_exchange_strong(due, later(now, ticket_life).count())) return;
        auto const old = [&](lease const& flying) {
            return between(static_cast<ticket_lease const&>(flying).given, now) >= ticket_life;
        };
        store_.revoke_if(std::cref(old));
    }

private:
    std::optional<std::string> look(entry_name at) {
        named_key const named{at};
        auto const held = store_.get(named.key(), clock_.now());
        return held ? std::optional{**held} : std::nullopt;
    }

    bool put(entry_name at, stored_bytes const& fresh) {
        named_key const named{at};
        return store_.set(named.key(), std::make_shared<std::string const>(fresh.record), terms_of(named.key(), fresh),
                          owned(fresh)) == store_outcome::stored;
    }

    template <class Check>
    bool put_if(entry_name at, stored_bytes const& fresh, bytes_in_memory::earlier_runs runs, Check holds) {
        gate_.settle();
        named_key const named{at};
        return store_.set_if(named.key(), std::make_shared<std::string const>(fresh.record), terms_of(named.key(), fresh),
                             owned(fresh), runs, holds) == store_outcome::stored;
    }

    enum class among { nothing, transactions };

    template <class Evict>
    evicted evict(Evict const& all, among what = among::nothing) noexcept {
        try {
            if (what == among::nothing) return gate_.apart(all);
            gate_.settle();
            return all();
        } catch (...) {
            return evicted{0, evicted::outcome::failed};
        }
    }

    std::shared_ptr<lease> begin(key_view const& key, std::span<std::string const> tags) {
        auto mine = std::make_shared<ticket_lease>(key, tags, clock_.now());
        store_.open(mine, false);
        return mine;
    }

    terms terms_of(key_view const& key, stored_bytes const& fresh) const {
        terms kept;
        kept.created = clock_.now();
        kept.ttl = fresh.lifetime;
        kept.tags.assign(fresh.tags.begin(), fresh.tags.end());
        kept.weight = bytes_in_memory::footprint(key, kept, owned(fresh));
        return kept;
    }

    /// What the record takes outside of its entry.
    static std::size_t owned(stored_bytes const& fresh) noexcept {
        constexpr std::size_t counts_and_block = 32;
        return sizeof(std::string) + counts_and_block + fresh.record.size();
    }

    transaction_gate gate_;  // asked before a fork, and so before the store: its lock is taken first
    memory_limits limits_;
    time_source clock_;
    bytes_in_memory store_;
    atomic<duration::rep> next_ticket_sweep_{0};
};

}  // namespace
}  // namespace memo::detail

namespace memo {

memory_bytes_store::memory_bytes_store(memory_bytes_options options)
    : shared_store{std::make_shared<detail::memory_bytes>(options)} {}

}  // namespace memo
