#include <memo/store/limbo.hpp>

#include <memo/base/epoch.hpp>

#include <mutex>
#include <utility>

namespace memo::detail {

namespace {

constexpr unsigned patience = 128;  // looks at readers that are about to leave

}  // namespace

limbo::~limbo() {
    for (auto const* one : {&fresh_, &graced_, &ripe_})
        end_all(one->first);
}

void limbo::take(entry* gone, haste how) noexcept {
    entry* ending = nullptr;
    {
        std::lock_guard const lock{mutex_};
        auto const before = fresh_.bytes;
        while (gone != nullptr)
            fresh_.append(*std::exchange(gone, gone->next_in_grave));
        if (how == haste::now || fresh_.bytes - before >= size_.bytes)
            ripen(haste::now);
        else if (fresh_.reaches(next_))
            ripen(haste::may_wait);
        ending = leaving(how);
        if (how == haste::now)
            owes_.store(fresh_.first != nullptr || graced_.first != nullptr, std::memory_order_relaxed);
    }
    end_all(ending);
}

void limbo::ripen(haste how) noexcept {
    bool const begins = how == haste::may_wait && graced_.first != nullptr && !grace::begun(since_);
    auto const begun = begins ? grace::begin() : 0;
    if (graced_.first != nullptr && grace::begun(since_)) {
        if (!grace_is_over()) {
            next_ = {fresh_.entries + size_.entries, fresh_.bytes + size_.bytes};
            return;
        }
        ripe_.append(std::exchange(graced_, {}));
    }
    graced_.append(std::exchange(fresh_, {}));
    next_ = size_;
    if (graced_.first == nullptr)
        return;
    if (how == haste::may_wait) {
        since_ = begins ? begun : grace::announce();
        return;
    }
    since_ = grace::begin();
    if (grace_is_over())
        ripe_.append(std::exchange(graced_, {}));
}

bool limbo::grace_is_over() const noexcept {
    for (unsigned looks = 0; looks != patience; ++looks)
        if (grace::over(since_))
            return true;
    return false;
}

entry* limbo::leaving(haste how) noexcept {
    auto* const first = ripe_.first;
    entry* last = nullptr;
    while (ripe_.first != nullptr &&
           (last == nullptr || how == haste::now || ripe_.reaches(size_))) {
        last = std::exchange(ripe_.first, ripe_.first->next_in_grave);
        --ripe_.entries;
        ripe_.bytes -= last->bytes;
    }
    if (last != nullptr)
        last->next_in_grave = nullptr;
    __builtin_prefetch(ripe_.first, 1);
    return first;
}

void limbo::line::append(entry& one) noexcept {
    one.next_in_grave = nullptr;
    (first == nullptr ? first : last->next_in_grave) = &one;
    last = &one;
    ++entries;
    bytes += one.bytes;
}

void limbo::line::append(line&& other) noexcept {
    if (other.first == nullptr)
        return;
    (first == nullptr ? first : last->next_in_grave) = other.first;
    last = other.last;
    entries += other.entries;
    bytes += other.bytes;
}

void limbo::end_all(entry* gone) const noexcept {
    while (gone != nullptr)
        end_(std::exchange(gone, gone->next_in_grave));
}

}  // namespace memo::detail
