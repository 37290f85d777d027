#include <memo/store/limbo.hpp>

#include <memo/base/epoch.hpp>

#include <mutex>
#include <utility>

namespace memo::detail {

namespace {

constexpr std::size_t most_entries = 64;
constexpr std::size_t most_bytes = 65'536;
constexpr unsigned patience = 128;  // looks at readers that are about to leave

}  // namespace

void limbo::take(entry* gone, haste how) noexcept {
    entry* ending = nullptr;
    {
        std::lock_guard const lock{mutex_};
        while (gone != nullptr) {
            auto& one = *std::exchange(gone, gone->next_in_grave);
            one.next_in_grave = nullptr;
            (last_ == nullptr ? first_ : last_->next_in_grave) = &one;
            last_ = &one;
            if (first_fresh_ == nullptr)
                first_fresh_ = &one;
            ++fresh_entries_;
            fresh_bytes_ += one.bytes;
        }
        if (how == haste::may_wait && fresh_entries_ < most_entries && fresh_bytes_ < most_bytes)
            return;
        ending = ripe();
    }
    end_all(ending);
}

entry* limbo::ripe() noexcept {
    auto const since = grace::begin();
    for (auto* one = std::exchange(first_fresh_, nullptr); one != nullptr; one = one->next_in_grave)
        one->weight = since;  // nobody weighs it any more
    fresh_entries_ = 0;
    fresh_bytes_ = 0;
    for (unsigned looks = 0; looks != patience && !grace::over(since); ++looks) {
    }
    auto* const ripe = first_;
    entry* last_ripe = nullptr;
    while (first_ != nullptr && grace::over(first_->weight))
        last_ripe = std::exchange(first_, first_->next_in_grave);
    if (first_ == nullptr)
        last_ = nullptr;
    if (last_ripe == nullptr)
        return nullptr;
    last_ripe->next_in_grave = nullptr;
    return ripe;
}

void limbo::end_all(entry* gone) const noexcept {
    while (gone != nullptr)
        end_(std::exchange(gone, gone->next_in_grave));
}

}  // namespace memo::detail
