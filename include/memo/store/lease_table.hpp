#pragma once

#include <memo/base/key_view.hpp>
#include <memo/store/graveyard.hpp>
#include <memo/store/index.hpp>
#include <memo/store/lease.hpp>

#include <cstdint>
#include <memory>

namespace memo::detail {

/// The leases that stand in one part of a store: which runs are in flight, which may be joined, and which may store.
///
/// Threads: the caller locks. What is revoked is buried, since the end of a lease is user code.
class lease_table {
public:
    lease_table() = default;
    lease_table(lease_table const&) = delete;
    lease_table& operator=(lease_table const&) = delete;
    /// Revokes what still stands.
    ~lease_table();

    /// `sequence` is when the run begins, among all runs and sets of the store; `shares` whether equal calls may join it.
    void enter(std::shared_ptr<lease> const& mine, std::uint64_t sequence, bool shares) noexcept;

    bool empty() const noexcept { return leases_.size() == 0; }
    /// Requires: `mine` stands. Returns: whether it stands in here, and no other does.
    bool has_only(lease const& mine) const noexcept { return leases_.size() == 1 && mine.in_table_ != nullptr; }

    /// The run that an equal call may join, else null.
    std::shared_ptr<lease> joinable(key_view const& key) const;
    /// The run for this key that began then, else null.
    std::shared_ptr<lease> find(key_view const& key, std::uint64_t sequence) const;
    /// Whether a run for this key is in flight on which one may count.
    bool in_flight(key_view const& key) const;
    /// No further call joins the run, nor counts on it.
    static void relieve(lease& slow) noexcept;

    /// Ends a lease, if it stands in here.
    void revoke(lease& ended, graveyard& dead) noexcept;
    /// Something is to be stored for this key: revokes the leases of runs for it that began before.
    void supersede(key_view const& key, std::uint64_t sequence, graveyard& dead) noexcept;

    /// Nothing is stored for the key of a run that begins.
    static void leave_alone(lease& mine) noexcept { mine.alone_ = true; }
    /// Whether nothing was stored since either, so that nobody need look.
    static bool is_alone(lease const& mine) noexcept { return mine.alone_; }
    /// Revokes those for which `chosen` holds.
    template <class Pred>
    void revoke_if(Pred chosen, graveyard& dead) {
        leases_.each([&](lease& flying) {
            if (chosen(flying))
                revoke(flying, dead);
        });
    }
    /// The same, of those at one place.
    template <class Pred>
    void revoke_at(std::uint64_t place, Pred chosen, graveyard& dead) {
        leases_.each_at(place, [&](lease& flying) {
            if (chosen(flying))
                revoke(flying, dead);
        });
    }

    /// Whether every structural invariant holds. `at_home` says whether a place falls to this part, `is_stored` whether a key has
    /// an entry.
    template <class Pred, class Stored>
    bool validate(Pred at_home, Stored is_stored) {
        bool sound = true;
        leases_.each([&](lease& flying) {
            sound = sound && at_home(flying.place) && flying.standing() && flying.in_table_.get() == &flying &&
                    !(flying.alone_ && is_stored(flying.key()));
        });
        return sound;
    }

private:
    place_index<lease> leases_;
};

}  // namespace memo::detail
