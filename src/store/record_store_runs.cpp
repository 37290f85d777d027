#include <memo/store/record_store.hpp>

#include <memo/base/hash.hpp>
#include <memo/store/graveyard.hpp>

#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace memo::detail {

record_store::begun record_store::begin(std::shared_ptr<lease> const& mine, duration now, bool shares,
                                        std::function<bool(found_record const&)> const& accept, std::uint64_t type) {
    bool const down = std::exchange(unreachable_, nullptr) == this;
    auto const key = mine->key();
    std::shared_ptr<lease> other;
    run_ticket theirs = 0;
    bool on_its_way = false;
    {
        std::lock_guard const lock{mutex_};
        other = shares ? leases_.joinable(key) : nullptr;
        if (other == nullptr)
            leases_.enter(mine, ++sequence_, shares);
        else
            theirs = other->ticket;
        mine->ticketless = down && other == nullptr;
        on_its_way = other != nullptr && theirs == 0 && !other->ticketless;
    }
    if (down || on_its_way)
        return {false, std::move(other)};
    digits room;
    auto const at = name_of(key, room);
    try {
        std::string seen;
        for (unsigned tries = 0;; ++tries) {
            auto start = tries < most_tries ? bytes_->open(at, mine->tags(), seen, theirs)
                                            : opened{{}, false, bytes_->lead(at, mine->tags())};
            if (start.record) {
                seen = seal_of(*start.record);
                auto const found = check(key, std::move(*start.record), time(now), type);
                if (found && accept(*found)) {
                    leave(*mine);
                    return {true, nullptr};
                }
                continue;
            }
            if (start.joined)
                return {false, std::move(other)};
            if (auto instead = settle(mine, start.mine, other.get(), shares)) {
                bytes_->abandon(at, start.mine);
                return {false, std::move(instead)};
            }
            return {};
        }
    } catch (...) {
        if (rethrows_)
            throw;
        watcher_->faulted(key, std::current_exception());
        if (other == nullptr)
            stay_without_ticket(*mine);
        return {false, std::move(other)};
    }
}

std::shared_ptr<lease> record_store::settle(std::shared_ptr<lease> const& mine, run_ticket ticket, lease* void_run, bool shares) {
    graveyard dead;
    std::lock_guard const lock{mutex_};
    if (void_run != nullptr) {
        leases_.revoke(*void_run, dead);
        if (auto sooner = leases_.joinable(mine->key()))
            return sooner;
        leases_.enter(mine, ++sequence_, shares);
    }
    mine->ticket = ticket;
    return nullptr;
}

void record_store::stay_without_ticket(lease& mine) noexcept {
    std::lock_guard const lock{mutex_};
    mine.ticketless = true;
}

/// Where the store is at fault, without a ticket.
void record_store::lead(lease& mine) {
    digits room;
    mine.ticket = guarded(mine.key(), [&] { return bytes_->lead(name_of(mine.key(), room), mine.tags()); });
    mine.ticketless = mine.ticket == 0;
}

void record_store::open(std::shared_ptr<lease> const& mine, bool shares) {
    lead(*mine);
    std::lock_guard const lock{mutex_};
    leases_.enter(mine, ++sequence_, shares);
}

/// Whoever finds the lease may run for it at once, so its ticket comes first.
bool record_store::renew(std::shared_ptr<lease> const& mine, bool shares) {
    auto const in_flight = [&] {
        std::lock_guard const lock{mutex_};
        return leases_.in_flight(mine->key());
    };
    if (in_flight())
        return false;
    lead(*mine);
    {
        std::lock_guard const lock{mutex_};
        if (!leases_.in_flight(mine->key())) {
            leases_.enter(mine, ++sequence_, shares);
            return true;
        }
    }
    abandon(*mine);
    return false;
}

/// In the place of a stopped run's result comes a record that is gone already: it replaces what is there, whatever its seal, and ends
/// the runs that began before, as a result would.
store_outcome record_store::commit(lease& mine, terms const& kept, std::function<void(std::string&)> const& payload,
                                   record_label const& label) {
    run_ticket ticket = 0;
    {
        std::lock_guard const lock{mutex_};
        ticket = mine.standing() ? mine.ticket : 0;
    }
    if (ticket == 0)
        return leave(mine), store_outcome::fenced;
    bool const stopped = mine.stopped_at != 0;
    auto const key = mine.key();
    terms const gone{.created = duration::min(), .ttl = duration::zero()};
    auto const& on = stopped ? gone : kept;
    std::string value;
    if (!stopped)
        payload(value);
    auto const bytes = write(key, on, value, label);
    auto const now = clock_.now();
    digits room;
    auto const at = name_of(key, room);
    stored_bytes const fresh{bytes, on.tags, lifetime(stands({on.created, on.ttl, on.grace, on.idle, on.created, on.created}), now)};
    auto const outcome = bytes_->commit(at, ticket, fresh);
    if (stopped && outcome == committed::stored)
        guarded(key, [&] { return bytes_->discard(at, seal_of(bytes)); });
    graveyard dead;
    std::lock_guard const lock{mutex_};
    if (outcome == committed::stored)
        leases_.supersede(key, mine.sequence(), dead);
    leases_.revoke(mine, dead);
    return stopped || outcome == committed::fenced ? store_outcome::fenced
           : outcome == committed::stored          ? store_outcome::stored
                                                   : store_outcome::too_heavy;
}

void record_store::leave(lease& mine) noexcept {
    graveyard dead;
    std::lock_guard const lock{mutex_};
    leases_.revoke(mine, dead);
}

void record_store::abandon(lease& mine) noexcept {
    run_ticket ticket = 0;
    {
        graveyard dead;
        std::lock_guard const lock{mutex_};
        ticket = mine.standing() ? mine.ticket : 0;
        leases_.revoke(mine, dead);
    }
    digits room;
    if (ticket != 0)
        bytes_->abandon(name_of(mine.key(), room), ticket);
}

void record_store::relieve(lease& slow) noexcept {
    std::lock_guard const lock{mutex_};
    lease_table::relieve(slow);
}

void record_store::postpone(lease const& mine, duration until) noexcept {
    try {
        if (!mine.standing())
            return;
        if (auto const at = find(mine.key(), clock_.now())) {
            auto times = at->read.times;
            ++times.failures;
            times.retry_at = until;
            amend(mine.key(), *at, times, clock_.now());
        }
    } catch (...) {
        watcher_->faulted(mine.key(), std::current_exception());
    }
}

}  // namespace memo::detail
