#include <memo/store/graveyard.hpp>

#include <memory>
#include <utility>

namespace memo::detail {

void graveyard::end_all() noexcept {
    while (entries_ != nullptr) {
        auto& gone = *std::exchange(entries_, entries_->next_in_bucket);
        if (watcher_ != nullptr)
            watcher_->removed(gone.key(), gone.cause);
        gone.destroy();
    }
    while (leases_ != nullptr) {
        auto& ended = *std::exchange(leases_, leases_->next_in_bucket);
        auto const last = std::move(ended.in_table_);
    }
}

void graveyard::bury(entry& gone) noexcept {
    gone.next_in_bucket = std::exchange(entries_, &gone);
}

void graveyard::bury(lease& ended) noexcept {
    ended.next_in_bucket = std::exchange(leases_, &ended);
}

}  // namespace memo::detail
