#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/policy/concept.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace memo {
class byte_store;
}

/// What a call knows of stores: the concept, and the words it is spoken in, which are entries, leases and who leaves.
namespace memo::detail {

// where results are that live beyond the typed memory; defined with the stores of bytes
template <class Results>
class encoded_store;
template <class Near, class Far>
class near_store;
struct stores_of_bytes;

/// What may be held.
struct memory_limits {
    std::size_t entries = 65'536;
    std::size_t weight = std::numeric_limits<std::size_t>::max();
    bool exact_order = false;                                 ///< one order over all entries, instead of one for each shard
    duration cleanup_interval = std::chrono::seconds{60};     ///< expired entries go at least this often
    bool counted = true;                                      ///< hits are
};

/// What a wrapper's store is made from.
struct store_plan {
    memory_limits limits{};
    std::shared_ptr<byte_store> bytes{};   ///< behind it; null where results live in typed memory alone
    std::string function{};                ///< name and version, as a shared store knows them
    bool readable = false;                 ///< keys have a text, by which strings reach the entries
    bool near = false;                     ///< with a tier of typed memory in front
    duration near_ttl = duration::max();   ///< of the copies in the tier in front
    bool rethrows = false;                 ///< faults of the store go to the caller
    bool injected_clock = false;           ///< times mean nothing to others
    time_source clock{};
};

/// How far an eviction goes, in a store that has another one behind it.
enum class reach {
    everywhere,
    here,  ///< the store behind was asked already
};

/// How an attempt to store ended.
enum class store_outcome {
    stored,
    fenced,     ///< the lease was revoked while the result was computed
    too_heavy,  ///< weighs more than the whole bound; what was there before is gone too
};

/// What a miss leads to: a result that came meanwhile, a run to join, or neither: the lease stands, run.
template <class Held>
struct started {
    std::optional<Held> hit;
    std::shared_ptr<lease> joined;
};

/// A result that may be stale, and how it stands in time.
template <class Held>
struct recalled {
    Held result;
    vintage made;
};

/// Where a wrapper's results live. `get` and `peek` find what is fresh, `recall` and `facts` also what is stale; `get` and `recall`
/// move the order, and count what is fresh as a hit; `peek` and `facts` are quiet. `begin`, `open` and `renew` hand out the lease
/// that `commit` needs; evictions revoke leases. All of them run no user code under a lock.
template <class S>
concept result_store = requires(S& store, S const& still, key_view const& key, duration now, std::shared_ptr<lease> const& mine,
                                lease& ending, typename S::value_type held, terms kept, std::string_view text, stats& sum) {
    { store.get(key, now) } -> std::same_as<std::optional<typename S::value_type>>;
    { store.peek(key, now) } -> std::same_as<std::optional<typename S::value_type>>;
    { store.recall(key, now) } -> std::same_as<std::optional<recalled<typename S::value_type>>>;
    { store.facts(key, now) } -> std::same_as<std::optional<entry_facts>>;
    { store.open(mine, true) };
    { store.begin(mine, now, true) } -> std::same_as<started<typename S::value_type>>;
    { store.renew(mine, true) } -> std::same_as<bool>;
    { store.commit(ending, held, kept, std::size_t{}) } -> std::same_as<store_outcome>;
    { store.abandon(ending) } noexcept;
    { store.relieve(ending) } noexcept;
    { store.postpone(ending, now) } noexcept;
    { store.set(key, held, kept, std::size_t{}) } -> std::same_as<store_outcome>;
    { store.erase(key) } -> std::same_as<evicted>;
    { store.erase_text(key.place, text, reach::here) } -> std::same_as<evicted>;
    { store.erase_tag(text, reach::here) } -> std::same_as<evicted>;
    { store.erase_pattern(text, reach::here) } -> std::same_as<evicted>;
    { store.erase_all(reach::here) } -> std::same_as<evicted>;
    { store.erase_group(text) } -> std::same_as<evicted>;
    { S::footprint(key, kept, std::size_t{}) } -> std::same_as<std::size_t>;
    { store.touch(key, now, now) } -> std::same_as<bool>;
    { store.sweep(now) };
    { still.timed() } -> std::same_as<bool>;
    { still.size() } -> std::same_as<std::size_t>;
    { still.count_into(sum) };
    { still.validate() } -> std::same_as<bool>;
};

}  // namespace memo::detail
