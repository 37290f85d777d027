#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/cache_hooks.hpp>
#include <memo/call/anchor.hpp>
#include <memo/call/ledger.hpp>
#include <memo/call/settings.hpp>
#include <memo/call/space.hpp>
#include <memo/store/concept.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo {

class byte_store;

/// How one entry of a cache is stored.
struct entry_options {
    std::optional<detail::lifetime> ttl{};            ///< 0 or less: not at all; default: the cache's, else its manager's, else forever
    std::vector<std::string> tags{};                  ///< groups that it belongs to
    std::map<std::string, std::string> metadata{};    ///< kept beside the value
};

}  // namespace memo

namespace memo::detail {

class record_store;
struct found_record;

/// A value as bytes, with the fingerprint of its type.
struct encoded_value {
    std::uint64_t type = 0;
    std::string bytes{};
};

/// What becomes of one key: nothing to store means erase.
struct staged_entry {
    std::string key;
    std::optional<encoded_value> value{};
    entry_options on{};
};

/// Reads the bytes of a value. Returns: whether they are one.
using payload_reader = std::function<bool(std::string_view bytes)>;
/// Writes the bytes of a value. Returns: whether there is one.
using value_maker = std::function<bool(std::string& bytes)>;
/// Hears how far something is: `progress(done, total)`.
using progress_listener = std::function<void(std::size_t done, std::size_t total)>;

inline constexpr std::size_t longest_key = 65'536;

/// What a cache does with keys and bytes; values are somebody else's.
///
/// Throws:  key_error for keys above 64 KiB, tags that begin with the byte 1 and malformed patterns. Faults of the store are
///          misses for who reads; `set`, `add` and `store` throw them.
/// Threads: any; no lock is held while the store works, a maker or a listener runs.
class cache_entries final : public resident, private store_watcher {
public:
    /// In `said.plan` is the store; without one there, the manager's, else one in memory of its own.
    cache_entries(settings said, std::shared_ptr<space> in, bool counts);
    ~cache_entries() override;

    exit_watch exits;
    cache_hooks hooks;

    /// Whether there is such an entry of this type. It is counted.
    bool get(std::string_view key, std::uint64_t type, payload_reader const& read);
    /// `read` hears of each that is there, with its place among the keys.
    void get_many(std::span<std::string_view const> keys, std::uint64_t type,
                  std::function<bool(std::size_t place, std::string_view bytes)> const& read);

    /// Reads, or makes and stores; one of equal calls at a time makes. Returns: false when there was nothing to be made.
    /// Throws: what `make` throws; recursion_error.
    bool compute(std::string_view key, std::uint64_t type, entry_options const& on, payload_reader const& read, value_maker const& make);

    void set(std::string_view key, encoded_value const& value, entry_options const& on);
    bool add(std::string_view key, encoded_value const& value, entry_options const& on);
    void set_many(std::span<staged_entry const> all, entry_options const& on);
    /// All or nothing, each as its own options say.
    void transact(std::span<staged_entry const> all);

    evicted erase(std::span<std::string_view const> keys);
    evicted erase_pattern(std::string_view glob);
    evicted erase_tag(std::string_view tag);
    evicted clear();

    bool exists(std::string_view key);
    std::optional<duration> ttl(std::string_view key);
    std::optional<std::map<std::string, std::string>> metadata(std::string_view key);
    /// Its lifetime begins anew: this one, else its own.
    bool touch(std::string_view key, std::optional<duration> ttl);
    std::vector<std::string> keys(std::string_view glob);

    std::map<std::string, std::string> info();
    duration ping();

    std::size_t export_to(std::string const& path, progress_listener const& progress);
    std::size_t import_from(std::string const& path, progress_listener const& progress);

    static void check_key(std::string_view key);
    static void check_options(entry_options const& on);
    /// Throws: config_error where the store knows no transactions.
    void check_transactions() const;
    /// Throws: value_error, since a validator refused a value.
    [[noreturn]] void refuse() const;

    std::string_view shown_name() const noexcept override { return ledger_.who().shown; }
    memo::stats statistics() const override;
    evicted evict_text(std::string_view text) override;
    evicted evict_pattern(std::string_view glob) override;
    evicted evict_tag(std::string_view tag) override;
    evicted evict_all() override;
    void stop() noexcept override {}

private:
    struct computed;
    class run;
    class outgoing;
    class importing;

    bool heard() const noexcept { return hooks.heard() || ledger_.in().heard(); }
    void tell(event_kind kind, key_view const& key, duration took = {}) noexcept;
    void stored(key_view const& key, bool is_stored, duration took = {}) noexcept;
    static void check_glob(std::string_view glob);
    std::optional<found_record> find(std::string_view key);
    std::vector<std::optional<std::string>> bytes_of(std::span<std::string_view const> keys);
    std::optional<found_record> checked(key_view const& key, std::string&& bytes, duration now, std::uint64_t type);
    /// Throws: connection_error.
    std::vector<std::string> scanned(std::string_view glob);
    void drop_expired(std::vector<std::string>& keys);
    void remove(std::span<std::string_view const> keys);
    template <class Write>
    bool written(std::span<outgoing const> all, Write const& carry_out);
    template <class Fn>
    auto entering(run& mine, Fn const& fn);
    bool lead(run& mine, std::uint64_t type, entry_options const& on, value_maker const& make);

    void removed(key_view const& gone, evict_cause cause) noexcept override;
    void faulted(key_view const& about, std::exception_ptr const& error) noexcept override { ledger_.fail(about, error); }

    settings settings_;
    ledger ledger_;
    std::unique_ptr<record_store> records_;
    fences fence_;
};

}  // namespace memo::detail
