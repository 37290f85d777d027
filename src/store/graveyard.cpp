#include <memo/store/graveyard.hpp>

#include <memory>
#include <utility>

namespace memo::detail {

namespace {

/// Somebody asked for it to go, and may look whether it has.
bool was_asked_for(evict_cause cause) noexcept {
    return cause != evict_cause::capacity && cause != evict_cause::expired && cause != evict_cause::replaced;
}

}  // namespace

void graveyard::end_all() noexcept {
    if (entries_ != nullptr) {
        if (watcher_ != nullptr && watcher_->listens())
            for (auto const* gone = entries_; gone != nullptr; gone = gone->next_in_grave)
                watcher_->removed(gone->key(), gone->cause);
        readers_->take(std::exchange(entries_, nullptr), haste_);
    } else if (readers_ != nullptr && readers_->owes()) {
        readers_->take(nullptr, limbo::haste::now);
    }
    while (leases_ != nullptr) {
        auto& ended = *std::exchange(leases_, leases_->next_in_bucket);
        auto const last = std::move(ended.in_table_);
    }
}

void graveyard::bury(entry& gone, evict_cause cause) noexcept {
    gone.cause = cause;
    if (was_asked_for(cause))
        haste_ = limbo::haste::now;
    gone.next_in_grave = std::exchange(entries_, &gone);
}

void graveyard::bury(lease& ended) noexcept {
    ended.next_in_bucket = std::exchange(leases_, &ended);
}

}  // namespace memo::detail
