#include <memo/store/entry.hpp>

#include <memo/base/error.hpp>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace memo::detail {

entry::entry(key_view const& key, terms&& stored, char* room)
    : created{stored.created}, cost{stored.cost}, weight{stored.weight}, ttl_{stored.ttl},
      key_offset_{static_cast<std::uint32_t>(room - reinterpret_cast<char const*>(this))},
      sizes_{key.identity.size() | key.text.size() << 32}, place{key.place} {
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    if (key.identity.size() > most || key.text.size() > most)
        throw key_error{"memo: a key of 4 GiB or more cannot be stored; key the call by less with memo::args or memo::key_builder"};
    key.identity.copy(room, key.identity.size());
    key.text.copy(room + key.identity.size(), key.text.size());
    auto const filled = key.identity.size() + key.text.size();
    std::fill(room + filled, room + room_for(key), char{});
    if (stored.are_rare()) {
        auto const links = stored.tags.size();
        extras_ = std::make_unique<entry_extras>(entry_extras{.idle = stored.idle,
                                                              .grace = stored.grace,
                                                              .notice = stored.notice,
                                                              .error = stored.error,
                                                              .tags = std::move(stored.tags),
                                                              .tag_links = std::vector<tag_link>(links)});
    }
    live(created, ttl_);
}

bool entry::has_long(key_view const& asked) const noexcept { return key() == asked; }

void entry::live(duration now, duration ttl) noexcept {
    auto const until = later(now, ttl);
    if (extras_ != nullptr) {
        extras_->fresh_until = until;
        extras_->idle_at = later(now, extras_->idle);
        if (extras_->notice != duration::zero() && ttl != ttl_)
            extras_->notice = duration::max();
    }
    ttl_ = ttl;
    fresh_until_.store(surely_fresh_until(until).count(), std::memory_order_relaxed);
}

duration entry::surely_fresh_until(duration until) const noexcept {
    if (extras_ == nullptr)
        return until;
    if (extras_->idle != duration::max() || extras_->notice == duration::max())
        return duration::min();
    return between(extras_->notice, until);
}

void entry::fail(duration until) noexcept {
    try {
        if (extras_ == nullptr)
            extras_ = std::make_unique<entry_extras>(entry_extras{.fresh_until = fresh_until()});
        ++extras_->failures;
        extras_->retry_at = until;
    } catch (std::bad_alloc const&) {
    }
}

vintage entry::stands() const noexcept {
    vintage told{created, ttl_, fresh_until(), std::min(later(fresh_until(), grace()), idle_at()), cost};
    if (extras_ != nullptr) {
        told.failures = extras_->failures;
        told.retry_at = extras_->retry_at;
    }
    return told;
}

std::vector<std::string> const& entry::tags() const noexcept {
    static std::vector<std::string> const none;
    return extras_ == nullptr ? none : extras_->tags;
}

std::span<tag_link> entry::tag_links() noexcept {
    return extras_ == nullptr ? std::span<tag_link>{} : std::span{extras_->tag_links};
}

}  // namespace memo::detail
