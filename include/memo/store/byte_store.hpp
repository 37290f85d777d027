#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/store/eviction_fence.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo {

/// Where an entry stands in a byte store: a name among those of one family. Caches are the family `c`; a wrapper's is
/// `f:<function>:<version>:<type>`, with a `#` behind it where names are digests and nothing to be read. Prefixes stand in front.
struct entry_name {
    std::string_view family;
    std::string_view name;

    /// Whether texts and patterns may reach it.
    bool readable() const noexcept { return !family.ends_with('#'); }
    friend bool operator==(entry_name, entry_name) = default;
};

/// What a record ends with: two records of one name with the same last bytes are the same record.
inline constexpr std::size_t seal_size = 16;
constexpr std::string_view seal_of(std::string_view record) noexcept {
    return record.size() < seal_size ? record : record.substr(record.size() - seal_size);
}

/// What is stored under a name.
struct stored_bytes {
    std::string_view record;
    std::span<std::string const> tags{};
    /// After so long, in real time from now on, nobody asks for it: the store may remove it, and shows it no more. `duration::max()`
    /// is never. Above zero; kept to the millisecond, rounded up.
    duration lifetime = duration::max();
};

/// The right to store the result of one run; a later run has a greater number. 0 is none.
using run_ticket = std::uint64_t;

/// What a miss leads to.
struct opened {
    std::optional<std::string> record{};  ///< came meanwhile
    bool joined = false;                  ///< the run that was asked about stands
    run_ticket mine = 0;                  ///< else: run
};

/// How an attempt to store the result of a run ended.
enum class committed {
    stored,
    fenced,     ///< an eviction, a `set` or a later run came between
    too_large,  ///< what was there before is gone too
};

/// One step of a transaction: nothing to store means erase.
struct change {
    entry_name at;
    std::optional<stored_bytes> fresh{};
};

/// Some names of a family, and where to go on; an empty `next` is the end.
struct name_page {
    std::vector<std::string> names{};
    std::string next{};
};

/// What a store can do beyond reading and writing single entries.
struct store_abilities {
    bool tags = true;
    bool patterns = true;      ///< and texts, and scans
    bool transactions = true;
    bool leases = true;        ///< tickets hold against evictions by other processes
    bool counts = true;        ///< `count` costs little
    bool outlives = true;      ///< entries outlive the process
};

/// Bytes under names: what every store of bytes does, wherever it keeps them. It knows neither keys nor values: records
/// describe themselves (<memo/codec/record.hpp>), and whoever reads one checks it.
///
/// A *scope* is the beginning of families: empty for all, `c` for caches, `f:users.get:3:` for what any process stored for that
/// function and version.
///
/// Tickets: a miss takes one, and only a ticket that stands may `commit`. Once an eviction of an entry (by name, text, pattern,
///          tag or scope) has begun, every ticket that was given out before for it, by any process, is void, and so it is once a
///          run that began later, or a `set`, has stored. A ticket not used for an hour may be void.
/// Throws:  connection_error from all that do not return `evicted`, and then the operation may or may not have been carried
///          out. Each ends within the deadline of the store.
/// Threads: any, and after a fork the child too.
class byte_store {
public:
    virtual ~byte_store() = default;
    byte_store(byte_store const&) = delete;
    byte_store& operator=(byte_store const&) = delete;

    /// One word: memory, sqlite, redis, ...
    virtual std::string_view kind() const noexcept = 0;
    virtual store_abilities abilities() const noexcept = 0;
    /// What stands in front of every family beyond this interface; records carry it, so that none means the same elsewhere.
    virtual std::string_view prefix() const noexcept { return {}; }
    /// What every question would come to now, without a look at it: a fault that is known beforehand. Most often none.
    virtual std::exception_ptr known_fault() const noexcept { return nullptr; }
    /// Raised while an eviction of many is under way in this process, whoever asked for it: one for all who mean the same entries.
    virtual detail::eviction_fence& fence() noexcept { return fence_; }

    virtual std::optional<std::string> get(entry_name at) = 0;
    /// In one round trip.
    virtual std::vector<std::optional<std::string>> get_many(std::span<entry_name const> all) = 0;

    /// Replaces record, tags and lifetime; tickets for the name are void. Returns: false when it is too large: what was there is gone.
    virtual bool set(entry_name at, stored_bytes const& fresh) = 0;
    /// In one round trip; a store with transactions stores all or nothing.
    virtual void set_many(std::span<std::pair<entry_name, stored_bytes> const> all) = 0;
    /// The same as `set`, unless there is a record with another seal than `seen`. Returns: whether it was stored.
    virtual bool add(entry_name at, stored_bytes const& fresh, std::string_view seen) = 0;
    /// The same value on other terms: replaces the record whose seal is `seen`; tickets stand on. Returns: whether it was there.
    virtual bool amend(entry_name at, stored_bytes const& fresh, std::string_view seen) = 0;
    /// Removes the record whose seal is `seen`; tickets stand on. Returns: whether it was there.
    virtual bool discard(entry_name at, std::string_view seen) = 0;

    virtual evicted erase(std::span<entry_name const> all) noexcept = 0;
    /// All readable names that are `text`.
    virtual evicted erase_text(std::string_view scope, std::string_view text) noexcept = 0;
    /// All readable names that match. Requires: `glob` is well-formed.
    virtual evicted erase_pattern(std::string_view scope, std::string_view glob) noexcept = 0;
    virtual evicted erase_tag(std::string_view tag) noexcept = 0;
    virtual evicted erase_all(std::string_view scope) noexcept = 0;

    /// A miss on its way to a run. Returns: the record, when there is one with another seal than `seen`; else that the run with the
    /// ticket `joining` stands (0 asks about none); else a new ticket, for an entry that will have these tags.
    virtual opened open(entry_name at, std::span<std::string const> tags, std::string_view seen, run_ticket joining) = 0;
    /// A ticket, whatever is stored.
    virtual run_ticket lead(entry_name at, std::span<std::string const> tags) = 0;
    /// Stores while the ticket stands, which ends either way.
    virtual committed commit(entry_name at, run_ticket mine, stored_bytes const& fresh) = 0;
    /// The run has no result.
    virtual void abandon(entry_name at, run_ticket mine) noexcept = 0;

    /// All or nothing, for readers and over a crash. Tickets for the names are void.
    virtual void transact(std::span<change const> all) = 0;

    /// Readable names of exactly this family that match, each once or more; `from` is empty, or the `next` of the page before.
    /// Names that are there all the while come; what comes or goes meanwhile may.
    virtual name_page scan(std::string_view family, std::string_view glob, std::string_view from) = 0;
    virtual std::size_t count(std::string_view scope) = 0;

    /// `engine`, `version`, `address` without secrets, `entries`, `bytes`, and what the store tells of itself.
    virtual std::map<std::string, std::string> info() = 0;
    /// The time that a round trip takes.
    virtual duration ping() = 0;

    /// A small step of cleaning, of many calls one.
    virtual void sweep() noexcept {}
    /// What was written is safe from a crash of the machine as far as the store can promise it.
    virtual void flush() {}

protected:
    byte_store() = default;

private:
    detail::eviction_fence fence_;
};

/// A byte store, shared: copies mean the same store. What options, caches and compositions take.
class shared_store {
public:
    template <class Store>
        requires std::derived_from<Store, byte_store>
    shared_store(std::shared_ptr<Store> store) noexcept : store_{std::move(store)} {}

    byte_store& operator*() const noexcept { return *store_; }
    byte_store* operator->() const noexcept { return store_.get(); }
    std::shared_ptr<byte_store> const& inside() const noexcept { return store_; }

private:
    std::shared_ptr<byte_store> store_;
};

}  // namespace memo
