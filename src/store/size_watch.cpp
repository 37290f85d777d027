#include <memo/store/size_watch.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <ratio>

namespace memo::detail {

namespace {

constexpr std::size_t most_times = 8;
constexpr std::size_t fewest_entries = 16;
constexpr std::size_t few_places = 2'048;
constexpr std::size_t most_places = 8'192;
constexpr int affordable_halvings = 8;   // 2^8 = requests_for_one: such a sample need not sleep
constexpr std::uint64_t spell_of_place = 16;
constexpr std::uint64_t spells_kept = 8;
constexpr double fewest_watched = 1'400;
constexpr std::uint64_t stored_between_beats = 16;

struct sample {
    int halvings;
    std::uint16_t places;
};

/// Of a cache of so many entries: places for distances of up to ten times as many, as it may grow.
sample sample_for(std::size_t entries) noexcept {
    auto const wanted = entries * (most_times + most_times / 4);
    auto halvings = 0;
    while (wanted >> halvings > few_places && halvings != affordable_halvings)
        ++halvings;
    while (wanted >> halvings > most_places)
        ++halvings;
    return {halvings, static_cast<std::uint16_t>(wanted >> halvings)};
}

float nanoseconds(duration cost) noexcept { return static_cast<float>(std::max(cost, duration::zero()).count()); }

}  // namespace

void size_watch::read(std::uint64_t place, duration cost) noexcept {
    std::unique_lock const lock{mutex_, std::try_to_lock};
    if (!lock.owns_lock()) {
        lost_.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    if (!watches(place))
        return;
    curve_.access(place, nanoseconds(cost));
    spent_.store(spent_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    if (--left_ == 0)
        sleep();
}

void size_watch::store_watched(std::uint64_t place, duration cost) noexcept {
    auto const count = stored_.fetch_add(1, std::memory_order_relaxed);
    if (watches(place))
        read(place, cost);
    else if (count % stored_between_beats == 0)
        beat();
}

std::uint64_t size_watch::requests() const noexcept { return hits_.sum() + stored_.load(std::memory_order_relaxed); }

void size_watch::wake_if_due() noexcept {
    std::unique_lock const lock{mutex_, std::try_to_lock};
    if (lock.owns_lock() && width_.load(std::memory_order_relaxed) == 0)
        wake();
}

void size_watch::begin() noexcept {
    requests_before_ = requests_at_first_ = requests_asked_ = requests();
    hits_before_ = hits_.sum();
    begun_.store(true, std::memory_order_relaxed);
    wake();
}

/// Begins a spell that is paid for.
void size_watch::wake() noexcept {
    fit();
    auto const now = requests();
    auto const earned = lent + (now - requests_at_first_) / requests_for_one;
    auto const length = spell_of_place * curve_.most();
    if (length == 0 || spent() + length > earned)
        return;
    left_ = length;
    spell_began_ = now;
    if (curve_.seen().accesses > static_cast<double>(std::max(spells_kept * length, lent)))
        fade();
    first_.store(first_.load(std::memory_order_relaxed) + share_, std::memory_order_relaxed);
    width_.store(share_, std::memory_order_relaxed);
}

void size_watch::sleep() noexcept {
    width_.store(0, std::memory_order_relaxed);
    spells_ += static_cast<double>(requests() - spell_began_);
    curve_.end_spell();
    wake();
}

/// Another size begins another curve, where this one would not reach, or is too coarse.
void size_watch::fit() noexcept {
    auto const entries = std::max(held_.entries(), fewest_entries);
    if (entries * most_times <= entries_ * (most_times + most_times / 4) && entries_ <= 4 * entries)
        return;
    auto const [halvings, places] = sample_for(entries);
    curve_.restart(places);
    entries_ = entries;
    share_ = std::numeric_limits<std::uint32_t>::max() >> halvings;
    rate_ = 1 / static_cast<double>(std::uint64_t{1} << halvings);
    spells_ = 0;
    lost_.store(0, std::memory_order_relaxed);
}

void size_watch::fade() noexcept {
    curve_.fade();
    spells_ /= 2;
    lost_.store(lost_.load(std::memory_order_relaxed) / 2, std::memory_order_relaxed);
    hits_before_ += (hits_.sum() - hits_before_) / 2;
    requests_before_ += (requests() - requests_before_) / 2;
}

/// Requests that the sample would have had, had it its share of all.
double size_watch::unseen() const noexcept {
    if (!counts_)
        return 0;
    auto const running = width_.load(std::memory_order_relaxed) == 0 ? 0 : requests() - spell_began_;
    return (spells_ + static_cast<double>(running)) * rate_ - static_cast<double>(lost_.load(std::memory_order_relaxed)) -
           curve_.seen().accesses;
}

size_explanation size_watch::explain(duration now) {
    std::lock_guard const lock{mutex_};
    size_explanation told;
    auto const first = !begun_.load(std::memory_order_relaxed);
    if (first)
        begin();
    else if (width_.load(std::memory_order_relaxed) == 0)
        wake();
    auto const asked = requests();
    auto const minutes = std::chrono::duration<double, std::ratio<60>>{now - asked_}.count();
    if (!first && minutes > 0 && counts_)
        a_minute_ = static_cast<double>(asked - requests_asked_) / minutes;
    if (first || minutes > 0) {
        asked_ = now;
        requests_asked_ = asked;
    }
    auto const seen = curve_.seen();
    told.requests = static_cast<std::uint64_t>(seen.accesses);
    if (first)
        told.why = "calls are watched from now on; ask again later";
    else if (seen.accesses < fewest_watched)
        told.why = "too few calls were watched so far; ask again later";
    if (told.known())
        draw(told);
    return told;
}

/// The points: what the curve has, held to the hits that there were. Where those are fewer or more than its own, the curve tells
/// which share of the misses, or of the hits, another size would turn.
void size_watch::draw(size_explanation& told) const noexcept {
    auto const entries = held_.entries();
    auto const more = unseen();
    auto const as_is = curve_.hit(static_cast<double>(entries) * rate_, more);
    auto const had = static_cast<double>(requests() - requests_before_);
    auto const hits = std::min(static_cast<double>(hits_.sum() - hits_before_), had);
    auto const real = counts_ && had > 0 ? hits / had : as_is.accesses;
    auto const held_to = [](double found, double at_present, double truly) {
        if (found >= at_present)
            return truly + (found - at_present) * std::min(1.0, at_present < 1 ? (1 - truly) / (1 - at_present) : 0.0);
        return truly - (at_present - found) * std::min(1.0, truly / at_present);
    };
    auto const saved = as_is.accesses > 0 ? std::min(1.0, as_is.cost * real / as_is.accesses) : as_is.cost;
    auto const seconds_a_minute = a_minute_ * curve_.seen().cost / curve_.seen().accesses * 1e-9;
    for (std::size_t at = 0; at != told.points.size(); ++at) {
        auto const size = static_cast<double>(entries) * size_explanation::times[at];
        auto const hit = curve_.hit(size * rate_, more);
        told.points[at] = {static_cast<std::size_t>(size), held_to(hit.accesses, as_is.accesses, real),
                           held_to(hit.cost, as_is.cost, saved) * seconds_a_minute};
    }
}

}  // namespace memo::detail
