#include <memo/policy/curve.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace memo::detail {

void curve::restart(std::uint16_t most) noexcept {
    auto const room = std::size_t{2} * most;
    slots_.reset(new (std::nothrow) slot[room]());
    taken_.reset(new (std::nothrow) std::uint16_t[room + 1]());
    heads_.reset(new (std::nothrow) std::uint16_t[room]);
    met_.reset(new (std::nothrow) sums[most + std::size_t{1}]());
    censored_.reset(new (std::nothrow) sums[most + std::size_t{1}]());
    bool const whole = slots_ && taken_ && heads_ && met_ && censored_;
    most_ = whole ? most : std::uint16_t{0};
    if (whole) std::fill_n(heads_.get(), slot_count(), none);
    seen_ = {};
    next_ = oldest_ = tracked_ = 0;
}

void curve::access(std::uint64_t place, float cost) noexcept {
    if (most_ == 0) return;
    auto const at = find(place);
    auto& reached = at == none ? censored_[tracked_] : met_[distance(at)];
    if (at != none) leave(at);
    reached.accesses += 1;
    reached.cost += cost;
    seen_.accesses += 1;
    seen_.cost += static_cast<double>(cost);
    if (tracked_ == most_) leave_oldest();
    if (next_ == slot_count()) close_gaps();
    take(place, cost);
}

void curve::end_spell() noexcept {
    if (most_ == 0) return;
    std::fill_n(slots_.get(), slot_count(), slot{});
    std::fill_n(taken_.get(), slot_count() + 1, std::uint16_t{0});
    std::fill_n(heads_.get(), slot_count(), none);
    next_ = oldest_ = tracked_ = 0;
}

void curve::fade() noexcept {
    seen_ = {seen_.accesses / 2, seen_.cost / 2};
    for (std::size_t at = 0; most_ != 0 && at <= most_; ++at)
        for (auto* reached : {&met_[at], &censored_[at]}) *reached = {reached->accesses / 2, reached->cost / 2};
}

/// Of those whose distance may be this one a share has it; who is censored leaves without an answer.
curve::amounts curve::hit(double size, double more) const noexcept {
    if (most_ == 0 || seen_.accesses <= 0) return {};
    more = std::max(more, -static_cast<double>(met_[1].accesses));
    amounts left{seen_.accesses + more, seen_.cost};
    amounts beyond{1, 1};
    for (std::size_t at = 1; at <= most_ && static_cast<double>(at - 1) < size; ++at) {
        left.accesses -= static_cast<double>(censored_[at - 1].accesses);
        left.cost -= static_cast<double>(censored_[at - 1].cost);
        if (left.accesses < fewest) break;
        amounts const met{static_cast<double>(met_[at].accesses) + (at == 1 ? more : 0), static_cast<double>(met_[at].cost)};
        auto const part = std::min(size - static_cast<double>(at - 1), 1.0);
        beyond.accesses *= 1 - part * std::min(met.accesses / left.accesses, 1.0);
        if (left.cost > 0) beyond.cost *= 1 - part * std::min(met.cost / left.cost, 1.0);
        left.accesses -= met.accesses;
        left.cost -= met.cost;
    }
    return {1 - beyond.accesses, 1 - beyond.cost};
}

bool curve::validate() const noexcept {
    std::size_t found = 0;
    for (std::uint16_t at = 0; at < slot_count(); ++at) {
        if (!slots_[at].taken) continue;
        if (at < oldest_ || at >= next_ || distance(at) != tracked_ - found) return false;
        ++found;
    }
    return found == tracked_;
}

std::uint16_t& curve::head_of(std::uint64_t place) noexcept {
    return heads_[(place * 0xd6e8'feb8'6659'fd93 >> 32) % slot_count()];
}

std::uint16_t curve::find(std::uint64_t place) noexcept {
    auto at = head_of(place);
    while (at != none && slots_[at].place != place) at = slots_[at].next;
    return at;
}

/// How many places were accessed since, itself included.
std::uint16_t curve::distance(std::uint16_t at) const noexcept {
    std::uint16_t before = 0;
    for (auto node = std::size_t{at}; node > 0; node &= node - 1) before = static_cast<std::uint16_t>(before + taken_[node]);
    return static_cast<std::uint16_t>(tracked_ - before);
}

void curve::count(std::uint16_t at, int change) noexcept {
    for (auto node = std::size_t{at} + 1; node <= slot_count(); node += node & (~node + 1))
        taken_[node] = static_cast<std::uint16_t>(taken_[node] + change);
}

void curve::take(std::uint64_t place, float cost) noexcept {
    auto& head = head_of(place);
    slots_[next_] = {place, cost, head, true};
    head = next_;
    count(next_, 1);
    ++tracked_;
    ++next_;
}

void curve::leave(std::uint16_t at) noexcept {
    auto* link = &head_of(slots_[at].place);
    while (*link != at) link = &slots_[*link].next;
    *link = slots_[at].next;
    slots_[at].taken = false;
    count(at, -1);
    --tracked_;
}

void curve::leave_oldest() noexcept {
    while (!slots_[oldest_].taken) ++oldest_;
    leave(oldest_);
}

void curve::close_gaps() noexcept {
    std::fill_n(heads_.get(), slot_count(), none);
    std::fill_n(taken_.get(), slot_count() + 1, std::uint16_t{0});
    next_ = oldest_ = tracked_ = 0;
    for (std::uint16_t at = 0; at < slot_count(); ++at) {
        if (!slots_[at].taken) continue;
        auto const moved = slots_[at];
        slots_[at].taken = false;
        take(moved.place, moved.cost);
    }
}

}  // namespace memo::detail
