#include <memo/store/lease_table.hpp>

#include <atomic>

namespace memo::detail {

lease_table::~lease_table() {
    graveyard dead;
    revoke_if([](lease const&) { return true; }, dead);
}

void lease_table::enter(std::shared_ptr<lease> const& mine, std::uint64_t sequence, bool shares) noexcept {
    mine->shared_ = shares;
    mine->sequence_ = sequence;
    mine->in_table_ = mine;
    leases_.insert(*mine);
}

std::shared_ptr<lease> lease_table::joinable(key_view const& key) const {
    auto* const flying =
        leases_.find(key.place, [&](lease const& other) { return other.shared_ && other.key() == key; });
    return flying == nullptr ? nullptr : flying->in_table_;
}

std::shared_ptr<lease> lease_table::find(key_view const& key, std::uint64_t sequence) const {
    auto* const flying =
        leases_.find(key.place, [&](lease const& other) { return other.sequence_ == sequence && other.key() == key; });
    return flying == nullptr ? nullptr : flying->in_table_;
}

bool lease_table::in_flight(key_view const& key) const {
    return leases_.find(key.place, [&](lease const& other) { return !other.overdue_ && other.key() == key; }) != nullptr;
}

void lease_table::relieve(lease& slow) noexcept {
    slow.shared_ = false;
    slow.overdue_ = true;
}

void lease_table::revoke(lease& ended, graveyard& dead) noexcept {
    if (!ended.standing() || ended.in_table_ == nullptr)
        return;
    leases_.remove(ended);
    ended.standing_.store(false, std::memory_order_release);
    dead.bury(ended);
}

void lease_table::supersede(key_view const& key, std::uint64_t sequence, graveyard& dead) noexcept {
    leases_.each_at(key.place, [&](lease& flying) {
        flying.alone_ = false;
        if (flying.sequence_ < sequence && flying.key() == key)
            revoke(flying, dead);
    });
}

}  // namespace memo::detail
