#include <memo/policy/curve.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <new>

namespace memo::detail {

void curve::access(std::uint64_t place, float cost) noexcept {
    if (!memory_) return;
    auto const at = find(place);
    auto* reached = &memory_->reached[bucket_count];
    if (at != none) {
        auto const bucket = static_cast<std::size_t>((distance(at) - 0.5) * scale_);
        reached = &memory_->reached[std::min(bucket, bucket_count)];
        if (cost <= 0) cost = memory_->slots[at].cost;
        leave(at);
    }
    reached->hits += 1;
    reached->cost += static_cast<double>(cost);
    if (tracked_ == most_tracked) leave_oldest();
    if (next_ == slot_count) close_gaps();
    take(place, cost);
}

/// The places that the sample has too few or too many accesses of are the most popular ones, so hits in any size.
double curve::hit_ratio(std::size_t entries, double requests) const noexcept {
    auto const seen = all().hits;
    auto const total = requests > 0 ? requests * rate_ : seen;
    if (seen <= 0 || entries == 0) return 0;
    return std::clamp((up_to(entries).hits + total - seen) / total, 0.0, 1.0);
}

double curve::saved_ratio(std::size_t entries) const noexcept {
    auto const total = all().cost;
    return total > 0 ? up_to(entries).cost / total : 0;
}

double curve::accesses() const noexcept { return all().hits; }

bool curve::validate() const noexcept {
    if (!memory_) return tracked_ == 0;
    std::size_t found = 0;
    for (std::uint16_t at = 0; at < slot_count; ++at) {
        if (!memory_->slots[at].taken) continue;
        if (at < oldest_ || at >= next_) return false;
        if (distance(at) != tracked_ - found) return false;
        ++found;
    }
    return found == tracked_;
}

void curve::restart(std::size_t entries) noexcept {
    watched_.set(0);
    auto halvings = 0;
    while ((entries >> halvings) * most_times > most_tracked) ++halvings;
    memory_.reset(new (std::nothrow) memory());
    if (!memory_ || entries == 0) return;
    std::fill(std::begin(memory_->heads), std::end(memory_->heads), none);
    entries_ = entries;
    rate_ = 1 / static_cast<double>(std::size_t{1} << halvings);
    scale_ = 64 / (static_cast<double>(entries) * rate_);
    next_ = oldest_ = tracked_ = 0;
    watched_.set(std::numeric_limits<std::uint32_t>::max() >> halvings);
}

std::uint16_t& curve::head_of(std::uint64_t place) noexcept {
    return memory_->heads[(place * 0x9e37'79b9'7f4a'7c15 >> 40) % slot_count];
}

std::uint16_t curve::find(std::uint64_t place) noexcept {
    auto at = head_of(place);
    while (at != none && memory_->slots[at].place != place) at = memory_->slots[at].next;
    return at;
}

/// How many places were accessed since, itself included.
std::uint16_t curve::distance(std::uint16_t at) const noexcept {
    std::uint16_t before = 0;
    for (auto node = std::size_t{at}; node > 0; node &= node - 1)
        before = static_cast<std::uint16_t>(before + memory_->taken[node]);
    return static_cast<std::uint16_t>(tracked_ - before);
}

curve::sums curve::up_to(std::size_t entries) const noexcept {
    sums found;
    if (!memory_) return found;
    auto const buckets = 64 * static_cast<double>(entries) / static_cast<double>(entries_);
    auto const whole = std::min(static_cast<std::size_t>(buckets), bucket_count);
    for (std::size_t at = 0; at < whole; ++at) {
        found.hits += memory_->reached[at].hits;
        found.cost += memory_->reached[at].cost;
    }
    if (whole == bucket_count) return found;
    auto const part = buckets - static_cast<double>(whole);
    found.hits += part * memory_->reached[whole].hits;
    found.cost += part * memory_->reached[whole].cost;
    return found;
}

curve::sums curve::all() const noexcept {
    sums found;
    if (!memory_) return found;
    for (auto const& reached : memory_->reached) {
        found.hits += reached.hits;
        found.cost += reached.cost;
    }
    return found;
}

void curve::count(std::uint16_t at, int change) noexcept {
    for (auto node = std::size_t{at} + 1; node <= slot_count; node += node & (~node + 1))
        memory_->taken[node] = static_cast<std::uint16_t>(memory_->taken[node] + change);
}

void curve::take(std::uint64_t place, float cost) noexcept {
    auto& head = head_of(place);
    memory_->slots[next_] = {place, cost, head, true};
    head = next_;
    count(next_, 1);
    ++tracked_;
    ++next_;
}

void curve::leave(std::uint16_t at) noexcept {
    auto* link = &head_of(memory_->slots[at].place);
    while (*link != at) link = &memory_->slots[*link].next;
    *link = memory_->slots[at].next;
    memory_->slots[at].taken = false;
    count(at, -1);
    --tracked_;
}

void curve::leave_oldest() noexcept {
    while (!memory_->slots[oldest_].taken) ++oldest_;
    leave(oldest_);
}

void curve::close_gaps() noexcept {
    auto& slots = memory_->slots;
    std::fill(std::begin(memory_->heads), std::end(memory_->heads), none);
    std::fill(std::begin(memory_->taken), std::end(memory_->taken), std::uint16_t{0});
    next_ = oldest_ = tracked_ = 0;
    for (std::size_t at = 0; at < slot_count; ++at) {
        if (!slots[at].taken) continue;
        auto const moved = slots[at];
        slots[at].taken = false;
        take(moved.place, moved.cost);
    }
}

void curve::fade() noexcept {
    if (!memory_) return;
    for (auto& reached : memory_->reached) {
        reached.hits /= 2;
        reached.cost /= 2;
    }
}

}  // namespace memo::detail
