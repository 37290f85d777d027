#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/base/sync.hpp>
#include <memo/codec/record.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>
#include <memo/store/lease_table.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// How long clocks of different machines may differ: a record from farther ahead is not believed.
inline constexpr duration clock_tolerance = std::chrono::minutes{1};

/// 16 hexadecimal digits.
std::string hex_of(std::uint64_t number);

/// How what a record says stands in time.
vintage stands(record_times const& times) noexcept;

/// The terms of a copy that lives as long: from its last touch on.
terms terms_of(record const& read, vintage const& made);

/// A record that was found, checked for everything but its payload. Its views show `bytes`.
struct found_record {
    std::string bytes;
    record read;
    vintage made;
};

/// What a record says beside its terms where values of many types stand side by side.
struct record_label {
    std::uint64_t type = 0;
    std::vector<std::pair<std::string_view, std::string_view>> metadata{};
};

/// The records of one wrapper, or of caches, in a store of bytes: names, terms, truth, and the runs in flight of this process. Everything
/// about an encoded store that does not depend on the type of its results.
///
/// A fault of the store is told to the watcher and read as a miss, or thrown where the plan says so. The runs of this process are
/// shared whatever the store does.
/// Threads: any; no lock is held while the store works or a watcher listens.
class record_store final : fork_aware {
public:
    /// `type` is the fingerprint of the results. Requires: a store of bytes in the plan.
    record_store(store_plan const& plan, std::uint64_t type, store_watcher* watcher);
    /// Of caches: the key is the name, and each call says the type; 0 is any.
    record_store(store_plan const& plan, store_watcher* watcher);
    ~record_store();

    byte_store& bytes() const noexcept { return *bytes_; }
    /// The wrapper's clock, where `asked` is zero.
    duration time(duration asked) const { return asked == duration{} ? clock_.now() : asked; }

    /// What answers, fresh or stale; what is gone by now goes, and so does what is no record of this entry's.
    std::optional<found_record> find(key_view const& key, duration now, std::uint64_t type = 0);
    /// The same of bytes that were found. Throws: connection_error.
    std::optional<found_record> check(key_view const& key, std::string&& bytes, duration now, std::uint64_t type = 0);
    /// It answers a call: counted when it is fresh, and idle no longer.
    void read(key_view const& key, found_record const& at, duration now);
    /// Its payload could not be decoded.
    void spoiled(key_view const& key, found_record const& at);

    /// What came meanwhile (`accept` says whether it answers), the run to join, or neither: the lease stands.
    struct begun {
        bool hit = false;
        std::shared_ptr<lease> joined{};
    };
    begun begin(std::shared_ptr<lease> const& mine, duration now, bool shares,
                std::function<bool(found_record const&)> const& accept, std::uint64_t type = 0);
    void open(std::shared_ptr<lease> const& mine, bool shares);
    bool renew(std::shared_ptr<lease> const& mine, bool shares);

    /// `payload` makes the bytes of the result, while the lease stands.
    store_outcome commit(lease& mine, terms const& kept, std::function<void(std::string&)> const& payload,
                         record_label const& label = {});
    void abandon(lease& mine) noexcept;
    void relieve(lease& slow) noexcept;
    void postpone(lease const& mine, duration until) noexcept;
    store_outcome set(key_view const& key, terms const& kept, std::string_view payload);

    evicted erase(key_view const& key) { return erase({&key, 1}); }
    evicted erase(std::span<key_view const> keys);
    evicted erase_text(std::uint64_t place, std::string_view text, reach far);
    evicted erase_tag(std::string_view tag, reach far);
    evicted erase_pattern(std::string_view glob, reach far);
    evicted erase_all(reach far);

    /// Without a ttl its own begins anew.
    bool touch(key_view const& key, std::optional<duration> ttl, duration now);
    void sweep() noexcept { bytes_->sweep(); }
    /// Of any process.
    std::size_t size() const;
    void count_into(stats& sum) const;
    bool validate() const;

    // what batches are made of

    /// Room for a name that is a digest.
    using digits = std::array<char, 32>;
    entry_name name_of(key_view const& key, digits& room) const;
    /// As records carry it.
    std::string_view family() const noexcept { return owner_; }
    std::string write(key_view const& key, terms const& kept, std::string_view payload, record_label const& label = {}) const;
    /// In real time from now on, for the store.
    duration lifetime(vintage const& made, duration now) const noexcept;
    /// The runs of this process for these keys began before.
    void revoke(std::span<key_view const> keys) noexcept;

private:
    void drop(key_view const& key, std::string_view bytes, flaw why);
    /// A look-up on this thread failed.
    void fall_out(key_view const& key, std::exception_ptr const& fault) noexcept;
    bool amend(key_view const& key, found_record const& at, record_times const& times, duration now);
    /// What `fn` says; when the store is at fault, nothing.
    template <class Fn>
    auto guarded(key_view const& key, Fn const& fn) const -> decltype(fn()) {
        try {
            return fn();
        } catch (...) {
            if (rethrows_)
                throw;
            watcher_->faulted(key, std::current_exception());
            return {};
        }
    }
    template <class Pred>
    void revoke_if(Pred chosen) noexcept;
    evicted count_gone(evicted gone, evict_cause cause);
    /// A run that was joined has been evicted elsewhere, or there was none: the lease stands now, unless another call was sooner,
    /// whose run is returned.
    std::shared_ptr<lease> settle(std::shared_ptr<lease> const& mine, run_ticket ticket, lease* void_run, bool shares);
    void leave(lease& mine) noexcept;
    void lead(lease& mine);
    void stay_without_ticket(lease& mine) noexcept;

    void before_fork() noexcept override { mutex_.lock(); }
    void after_fork(fork_side side) noexcept override;

    /// Whose look-up failed on this thread last: the run that follows need not ask it again.
    static constinit inline thread_local record_store const* unreachable_ = nullptr;
    static constexpr unsigned most_tries = 4;

    std::shared_ptr<byte_store> bytes_;
    std::string scope_;
    std::string family_;
    std::string owner_;  // the family as records carry it
    std::uint64_t type_;  // 0 where each call says it
    bool readable_;
    bool rethrows_;
    bool injected_clock_;
    time_source clock_;
    store_watcher* watcher_;

    mutable mutex mutex_;  // of the leases
    mutable lease_table leases_;
    std::uint64_t sequence_ = 0;
    atomic<std::uint64_t> hits_{0};
    std::array<atomic<std::uint64_t>, evict_causes> gone_{};
    std::array<atomic<std::uint64_t>, flaws> flaws_{};
    fork_enrolment enrolment_{*this};
};

}  // namespace memo::detail
