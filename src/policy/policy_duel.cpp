#include <memo/policy/policy_duel.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <vector>

namespace memo::detail {

namespace {

// below it shares are no windows, and functions that call themselves need their latest results most
constexpr std::size_t fewest = 32;
constexpr std::size_t at_first = 1;
constexpr std::int64_t price = 8;  // of a sample, in admissions
constexpr std::size_t round = 4;   // samples for each entry of a shadow cache
constexpr std::size_t first_round = 256;
constexpr std::size_t recency = policy_duel::candidates.size() - 1;
static_assert(policy_duel::candidates[recency].window >= 1);

constexpr int most_halvings = 31;
constexpr std::uint32_t lots_after(int halvings) noexcept { return std::numeric_limits<std::uint32_t>::max() >> halvings; }

}  // namespace

void policy_duel::watch(std::uint64_t place) noexcept {
    if (sampled_ == 0) return;
    auto missed = false;
    for (std::size_t at = 0; at < rivals_.size(); ++at) {
        auto const hit = rivals_[at].cache->access(static_cast<std::uint32_t>(place));
        if (warming_ == 0 && hit) rivals_[at].hits += 1;
        if (at == leader_) missed = !hit;
    }
    if (missed) judge();
    paid_ -= price;
    if (paid_ <= 0) sleep();
}

void policy_duel::admitted(std::uint64_t place) noexcept {
    if (entries_ == 0) {
        remember(place);
        return;
    }
    if (sampled_ == 0) return;
    ++paid_;
    if (watches(place))
        watch(place);
    else if (watched_.get() == 0 && paid_ >= static_cast<std::int64_t>(round * sampled_) * price)
        wake();
}

bool policy_duel::validate() const noexcept {
    return std::all_of(rivals_.begin(), rivals_.end(), [](rival const& one) { return !one.cache || one.cache->validate(); });
}

void policy_duel::restart(std::size_t entries) noexcept {
    bool const were_few = entries_ < fewest;
    entries_ = entries;
    if (entries < fewest) {
        leader_ = recency;
        sampled_ = 0;
        watched_.set(0);
        return;
    }
    if (were_few) leader_ = at_first;
    auto halvings = 0;
    while (entries >> halvings > most_sampled) ++halvings;
    sampled_ = entries >> halvings;
    share_ = lots_after(halvings);
    misses_ = 0;
    warming_ = 0;
    for (std::size_t at = 0; at < rivals_.size(); ++at) {
        rivals_[at].cache.emplace(candidates[at], static_cast<std::uint16_t>(sampled_));
        rivals_[at].hits = 0;
    }
    paid_ = static_cast<std::int64_t>(first_round * sampled_ + 16'384) * price;
    watched_.set(share_);
    for (auto const place : first_)
        if (watches(place))
            for (auto& one : rivals_) one.cache->access(static_cast<std::uint32_t>(place));
    first_ = {};
}

void policy_duel::remember(std::uint64_t place) noexcept {
    if (first_.size() == most_sampled || lot_of(place) > lots_after(first_halvings_)) return;
    try {
        first_.push_back(place);
    } catch (std::bad_alloc const&) {
        return;
    }
    if (first_.size() < most_sampled || first_halvings_ == most_halvings) return;
    ++first_halvings_;
    std::erase_if(first_, [this](std::uint64_t other) { return lot_of(other) > lots_after(first_halvings_); });
}

/// The leader missed: older hits and misses fade, by a tenth for as many misses as a shadow cache has entries. Nobody falls
/// further behind than these misses would make good, so a lead of long ago does not hold when times change.
void policy_duel::judge() noexcept {
    if (warming_ > 0) {
        --warming_;
        return;
    }
    auto const fading = 1 - 1 / (10 * static_cast<float>(sampled_));
    misses_ = (misses_ + 1) * fading;
    auto best = leader_;
    auto const least = rivals_[leader_].hits * fading - static_cast<float>(sampled_);
    for (std::size_t at = 0; at < rivals_.size(); ++at) {
        rivals_[at].hits = std::max(rivals_[at].hits * fading, least);
        if (rivals_[at].hits > rivals_[best].hits) best = at;
    }
    if (rivals_[best].hits - rivals_[leader_].hits > 5 + 0.5F * std::sqrt(misses_)) leader_ = best;
}

void policy_duel::sleep() noexcept { watched_.set(0); }

/// What the shadow caches hold is of an older day.
void policy_duel::wake() noexcept {
    warming_ = sampled_;
    watched_.set(share_);
}

}  // namespace memo::detail
