#include <memo/memo.hpp>

#include <iostream>

namespace {

/// The entry that came last leaves first: for data that is read again and again from its beginning.
class lifo_order {
public:
    struct hook {
        hook* older = nullptr;
        hook* newer = nullptr;
    };

    void admit(hook& entry) noexcept {
        entry = {newest_, nullptr};
        if (newest_) newest_->newer = &entry;
        newest_ = &entry;
    }
    void touch(hook&) noexcept {}
    void forget(hook& entry) noexcept {
        if (entry.older) entry.older->newer = entry.newer;
        (entry.newer ? entry.newer->older : newest_) = entry.older;
    }
    hook* victim() noexcept { return newest_; }
    bool validate() const noexcept { return !newest_ || !newest_->newer; }

private:
    hook* newest_ = nullptr;
};
static_assert(memo::eviction_policy<lifo_order>);

int frame(int number) { return number * number; }

}  // namespace

int main() {
    auto lifo = memo::cached(frame, memo::max_size(10), memo::policy(lifo_order{}));
    auto lru = memo::cached(frame, memo::max_size(10), memo::policy(memo::lru));

    for (int round = 0; round < 5; ++round) {
        for (int number = 0; number < 12; ++number) {
            lifo(number);
            lru(number);
        }
    }

    std::cout << "a loop over 12 frames with room for 10: lifo hits " << 100 * lifo.stats().hit_ratio() << " %, lru "
              << 100 * lru.stats().hit_ratio() << " %\n";
    return lru.stats().hits == 0 && lifo.stats().hits > 30 ? 0 : 1;
}
