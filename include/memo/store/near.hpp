#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/base/sync.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/entry.hpp>
#include <memo/store/lease.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memo::detail {

/// A typed tier in front of a store that others share: what was found far is kept near, with the terms that it has there.
///
/// `Far` is the truth: leases, evictions and terms are its own. `Near` keeps copies, each under a near lease that was taken before
/// the far store was asked; evictions go far first and near then, so that no copy from before an eviction comes after it.
template <class Near, class Far>
class near_store {
public:
    static constexpr bool is_shared = true;
    using value_type = typename Far::value_type;
    using held = value_type;

    near_store(store_plan const& plan, store_watcher* watcher) : near_{plan.limits}, far_{plan, watcher}, clock_{plan.clock}, longest_{plan.near_ttl},
          on_{plan.near} {}

    template <class Key>
    auto look(Key const& key, duration now) noexcept
        requires requires(Near& near) { near.look(key, now); }
    {
        return near_.look(key, now);
    }

    std::optional<held> get(key_view const& key, duration now) {
        if (auto hit = near_.get(key, now))
            return hit;
        auto found = promoted(key, now);
        return found && found->made.fresh(time(now)) ? std::optional{std::move(found->result)} : std::nullopt;
    }
    std::optional<held> peek(key_view const& key, duration now) {
        auto hit = near_.peek(key, now);
        return hit ? hit : far_.peek(key, now);
    }

    std::optional<recalled<held>> recall(key_view const& key, duration now) {
        auto known = near_.recall(key, now);
        if (known && known->made.fresh(time(now)))
            return known;
        auto found = promoted(key, now);
        return found ? std::move(found) : std::move(known);
    }

    std::optional<entry_facts> facts(key_view const& key, duration now) {
        auto copy = near_.facts(key, time(now));
        auto known = far_.facts(key, now);
        if (known && copy)
            known->tier = copy->tier;
        return known ? std::move(known) : std::move(copy);
    }

    void open(std::shared_ptr<lease> const& mine, bool shares) {
        take_near(*mine);
        far_.open(mine, shares);
    }
    bool renew(std::shared_ptr<lease> const& mine, bool shares) {
        take_near(*mine);
        if (far_.renew(mine, shares))
            return true;
        leave_near(*mine);
        return false;
    }
    started<held> begin(std::shared_ptr<lease> const& mine, duration now, bool shares) {
        take_near(*mine);
        auto start = far_.begin(mine, now, shares);
        if (start.hit || start.joined != nullptr)
            leave_near(*mine);
        return start;
    }

    /// A copy that was promoted while the run was on is older than what it stored.
    store_outcome commit(lease& mine, held const& result, terms const& kept, std::size_t owned) {
        auto const outcome = far_.commit(mine, result, kept, owned);
        bool const kept_near = outcome == store_outcome::stored && mine.nearer != nullptr &&
                               keep_near(*mine.nearer, result, kept, owned) == store_outcome::stored;
        leave_near(mine);
        if ((outcome == store_outcome::stored && !kept_near) || mine.stopped_at != 0)
            near_.erase(mine.key());
        return outcome;
    }
    void abandon(lease& mine) noexcept {
        far_.abandon(mine);
        leave_near(mine);
    }
    void relieve(lease& slow) noexcept { far_.relieve(slow); }
    /// A copy that was promoted while the run was on would not know of it.
    void postpone(lease const& mine, duration until) noexcept {
        far_.postpone(mine, until);
        if (mine.nearer != nullptr && !near_.postpone(*mine.nearer, until))
            near_.erase(mine.key());
    }

    /// What is set is read back from afar: of two that are set at once, only the far store knows which came last.
    store_outcome set(key_view const& key, held const& result, terms const& kept, std::size_t owned) {
        if (kept.ttl != duration::max() || kept.idle != duration::max())
            timed_.store(true, std::memory_order_relaxed);
        auto const outcome = far_.set(key, result, kept, owned);
        near_.erase(key);
        return outcome;
    }

    evicted erase(key_view const& key) {
        auto const gone = far_.erase(key);
        near_.erase(key);
        return gone;
    }
    evicted erase_text(std::uint64_t place, std::string_view text, reach far = reach::everywhere) {
        auto const gone = far_.erase_text(place, text, far);
        near_.erase_text(place, text);
        return gone;
    }
    evicted erase_tag(std::string_view tag, reach far = reach::everywhere) {
        auto const gone = far_.erase_tag(tag, far);
        near_.erase_group(on_its_way);  // first: once it has come, it has its tags
        near_.erase_tag(tag);
        return gone;
    }
    evicted erase_pattern(std::string_view glob, reach far = reach::everywhere) {
        auto const gone = far_.erase_pattern(glob, far);
        near_.erase_pattern(glob);
        return gone;
    }
    evicted erase_all(reach far = reach::everywhere) {
        auto const gone = far_.erase_all(far);
        near_.erase_all();
        return gone;
    }
    evicted erase_group(std::string_view group) {
        auto const gone = far_.erase_group(group);
        near_.erase_group(on_its_way);
        near_.erase_group(group);
        return gone;
    }

    bool touch(key_view const& key, duration ttl, duration now) {
        bool const touched = far_.touch(key, ttl, now);
        near_.erase(key);
        return touched;
    }
    void sweep(duration now) {
        near_.sweep(now);
        far_.sweep(now);
    }
    /// A near hit that cannot expire reads no clock; whoever asks farther reads it there.
    bool timed() const noexcept { return near_.timed() || timed_.load(std::memory_order_relaxed); }
    /// Of the far store, of any process.
    std::size_t size() const { return far_.size(); }
    /// Hits in either; the memory held is that of the copies.
    void count_into(stats& sum) const {
        stats copies;
        near_.count_into(copies);
        far_.count_into(sum);
        sum.hits += copies.hits;
        sum.bytes += copies.bytes;
    }
    bool validate() const { return near_.validate() && far_.validate(); }
    static std::size_t footprint(key_view const& key, terms const& kept, std::size_t owned) noexcept {
        return Near::footprint(key, kept, owned);
    }

private:
    /// The group of copies on their way, whose tags are not known yet; no tag of a user's begins with this byte.
    static constexpr std::string_view on_its_way{"\x01near"};

    duration time(duration asked) const { return asked == duration{} ? clock_.now() : asked; }

    void take_near(lease& mine) {
        if (!on_)
            return;
        auto copy = std::make_shared<lease>(mine.key(), mine.tags());
        near_.open(copy, false);
        mine.nearer = std::move(copy);
    }
    void leave_near(lease& mine) noexcept {
        if (mine.nearer != nullptr)
            near_.abandon(*mine.nearer);
    }

    /// A copy of what could not be renewed would not know who else fails at it: that is read far.
    std::optional<recalled<held>> promoted(key_view const& key, duration asked) {
        auto const now = time(asked);
        lease mine{key, {std::string{on_its_way}}};
        take_near(mine);
        auto found = far_.fetch(key, now);
        if (!found) {
            leave_near(mine);
            return std::nullopt;
        }
        if (mine.nearer != nullptr && found->made.failures != 0) {
            leave_near(mine);
        } else if (mine.nearer != nullptr) {
            auto const owned = Far::owned(found->result);
            found->kept.weight = Near::footprint(key, found->kept, owned);
            keep_near(*mine.nearer, found->result, found->kept, owned);
        }
        return recalled<held>{std::move(found->result), found->made};
    }

    /// A copy ends with what it is a copy of, or sooner. One that is gone when nobody reads it is read from afar now and then.
    store_outcome keep_near(lease& copy, held const& result, terms kept, std::size_t owned) {
        auto const most = kept.idle == duration::max() ? longest_ : std::min(longest_, kept.idle / 2);
        auto const end = later(clock_.now(), most);
        if (later(kept.created, kept.ttl) > end) {
            kept.ttl = between(kept.created, end);
            kept.grace = {};
        } else {
            kept.grace = std::min(kept.grace, between(later(kept.created, kept.ttl), end));
        }
        kept.idle = duration::max();
        return near_.commit(copy, result, std::move(kept), owned);
    }

    Near near_;
    Far far_;
    time_source clock_;
    duration longest_;
    bool on_;
    atomic<bool> timed_{false};  // something was set that can expire
};

}  // namespace memo::detail
