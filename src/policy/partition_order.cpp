#include <memo/policy/partition_order.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace memo::detail {

namespace {

constexpr std::size_t many = 1'024;      // entries
constexpr std::ptrdiff_t one_line = 64;  // bytes

}  // namespace

void partition_order::admit(hook& entry) noexcept {
    chosen_ = nullptr;
    entry.use(now());
    entry.counted = false;
    entry.stands = segment::window;
    list_of(segment::window).file(entry, now());
    ++size_;
    if (++admitted_ * generations::kept >= size_) begin((now() + 1) & generations::mask);
}

void partition_order::forget(hook& entry) noexcept {
    if (chosen_ == &entry) chosen_ = nullptr;
    count(entry);
    list_of(entry.stands).erase(entry);
    --size_;
}

void partition_order::clear() noexcept {
    for (auto& list : lists_) list.clear();
    size_ = 0;
    admitted_ = 0;
    chosen_ = nullptr;
}

void partition_order::replace(hook& old, hook& fresh) noexcept {
    if (chosen_ == &old) chosen_ = nullptr;
    link_list::replace(old, fresh);
    fresh.stands = old.stands;
    fresh.counted = old.counted;
    fresh.reads.set(old.reads.get());
    touch(fresh);
}

partition_order::hook* partition_order::victim() noexcept {
    if (chosen_ == nullptr && size_ > 0) {
        if (!counts_nobody_) counts_.fit(size_);
        filings_ = most_filings;
        chosen_ = choose();
    }
    return chosen_;
}

bool partition_order::validate() const noexcept {
    std::size_t found = 0;
    for (auto const& list : lists_) {
        if (!list.holds(list.size())) return false;
        found += list.size();
    }
    return found == size_;
}

partition_order::hook* partition_order::choose() noexcept {
    if (shares_.everything()) return choose_by_age();
    auto const entries = static_cast<double>(size_);
    auto const window = std::max<std::size_t>(1, static_cast<std::size_t>(shares_.window * entries));
    shrink_protection((size_ - window) / 5 * 4);
    shrink_window(window);
    return choose_between_segments(window);
}

partition_order::hook* partition_order::choose_by_age() noexcept {
    hook* leaving = nullptr;
    std::uint32_t most = 0;
    for (auto const where : {segment::window, segment::probation, segment::protection}) {
        auto* const last = untouched(where);
        if (last == nullptr) continue;
        auto const age = (now() - last->generation()) & generations::mask;
        if (leaving != nullptr && age <= most) continue;
        leaving = last;
        most = age;
    }
    return leaving;
}

/// The entry to come will stand in the window, so one that is full gives up its last.
partition_order::hook* partition_order::choose_between_segments(std::size_t window) noexcept {
    auto* const rest = outside_window();
    if (rest != nullptr && list_of(segment::window).size() < window) return rest;
    auto* const pushed = untouched(segment::window);
    if (rest == nullptr || (pushed != nullptr && !deserves(*pushed, *rest))) return pushed;
    if (pushed != nullptr) refresh(*pushed, segment::probation);
    return rest;
}

void partition_order::shrink_protection(std::size_t most) noexcept {
    while (filings_ > 0 && list_of(segment::protection).size() > most) {
        auto* const last = untouched(segment::protection);
        --filings_;
        refresh(*last, segment::probation);
    }
}

void partition_order::shrink_window(std::size_t most) noexcept {
    for (; filings_ > 0 && list_of(segment::window).size() > most; --filings_) {
        auto* const last = oldest(segment::window);
        if (last->touches() > 0) {
            count(*last);
            refile(*last, segment::protection);
        } else {
            count(*last);
            refresh(*last, segment::probation);
        }
    }
}

/// The last of a segment that was not touched since it was filed, or the last when enough were filed anew.
partition_order::hook* partition_order::untouched(segment where) noexcept {
    for (;;) {
        auto* const last = oldest(where);
        if (last == nullptr) return nullptr;
        foresee(*last);
        auto const stays = last->touches() > 0 && filings_ > 0;
        count(*last);
        if (!stays) return last;
        --filings_;
        refile(*last, where == segment::window ? where : segment::protection);
    }
}

/// Whoever stands behind this one is judged soon, and leaves or moves, by what nobody has read for long: that may come to the
/// processor meanwhile. Entries begin before their hooks. Few are at hand anyway.
void partition_order::foresee(hook const& leaving) const noexcept {
    if (size_ < many) return;
    auto const& list = list_of(leaving.stands);
    auto const* const next = static_cast<hook const*>(list.after(leaving));
    if (next == nullptr) return;
    next->reads.fetch();
    counts_.fetch(next->place);
    auto const* const later = static_cast<hook const*>(list.after(*next));
    if (later == nullptr) return;
    auto const* const midst = reinterpret_cast<char const*>(later);
    __builtin_prefetch(midst - one_line, 1);
    __builtin_prefetch(midst, 1);
    __builtin_prefetch(midst + sizeof(hook) - 1, 1);
}

partition_order::hook* partition_order::outside_window() noexcept {
    auto* const last = untouched(segment::probation);
    return last != nullptr ? last : untouched(segment::protection);
}

/// Whether what is pushed out of the window was met often enough to take the place of another. Where that alone counts, a lead of
/// one may be a matter of who was met since the counts faded; and now and then chance helps one that was met often: else
/// keys that share counters could keep each other out for ever.
bool partition_order::deserves(hook const& entry, hook const& place_of) noexcept {
    auto const met = counts_.estimate(entry.place);
    auto const other = counts_.estimate(place_of.place);
    if (shares_.enough > 0) return met >= shares_.enough || met > other;
    if (met > other + 1) return true;
    if (met < 6) return false;
    chance_ ^= chance_ << 13;
    chance_ ^= chance_ >> 7;
    chance_ ^= chance_ << 17;
    return chance_ >> 57 == 0;
}

void partition_order::begin(std::uint32_t generation) noexcept {
    admitted_ = 0;
    most_read_.set(read_at(generation, most_touches));
    for (auto& list : lists_) list.begin(generation);
}

void partition_order::count(hook& entry) noexcept {
    auto const touches = entry.touches();
    auto const met = touches + (entry.counted ? 0 : 1);
    if (met == 0 || (!counts_.ready() && !counts_nobody_)) return;
    counts_.add(entry.place, met);
    entry.counted = true;
    if (touches > 0) entry.use(entry.generation());
}

void partition_order::refile(hook& entry, segment where) noexcept {
    list_of(entry.stands).erase(entry);
    entry.stands = where;
    list_of(where).file(entry, entry.generation());
}

/// As if it had been touched now.
void partition_order::refresh(hook& entry, segment where) noexcept {
    entry.use(now());
    refile(entry, where);
}

}  // namespace memo::detail
