// A bound is a whole number, and a policy an order that has every verb.
#include <memo/memo.hpp>

#include <cstddef>
#include <memory>
#include <string>

std::string describe(int id);
std::string take(int id, std::unique_ptr<int> owned);
std::string look_at(int id, std::unique_ptr<int> const& owned);

struct order_without_victim {
    struct hook {};
    void admit(hook&) noexcept {}
    void touch(hook&) noexcept {}
    void forget(hook&) noexcept {}
};

struct last_in_first_out {
    struct hook {
        hook* below = nullptr;
    };
    void admit(hook& entry) noexcept {
        entry.below = top;
        top = &entry;
    }
    void touch(hook&) noexcept {}
    void forget(hook& entry) noexcept {
        hook** link = &top;
        while (*link != &entry) {
            link = &(*link)->below;
        }
        *link = entry.below;
    }
    hook* victim() noexcept { return top; }
    bool validate() const noexcept { return true; }

    hook* top = nullptr;
};

int main() {
#if MEMO_WRONG == 1
    // error: memo::max_size: the bound is no integer
    auto wrong = memo::cached(describe, memo::max_size(1e6));
#elif MEMO_WRONG == 2
    // error: memo::max_bytes: the bound is no integer
    auto wrong = memo::cached(describe, memo::max_bytes("64MiB"));
#elif MEMO_WRONG == 3
    // error: memo::unbounded: max_size contradicts it
    auto wrong = memo::cached(describe, memo::unbounded, memo::max_size(1000));
#elif MEMO_WRONG == 4
    // error: memo::weigher: there is nothing to weigh against
    auto wrong = memo::cached(describe, memo::weigher([](std::string const& text) { return text.size(); }));
#elif MEMO_WRONG == 5
    // error: memo::weigher: the function takes the arguments only
    auto wrong = memo::cached(describe, memo::max_bytes(1000), memo::weigher([](int id) { return id; }));
#elif MEMO_WRONG == 6
    // error: memo::weigher: this cannot be called with (result) nor with (result, args...)
    auto wrong = memo::cached(describe, memo::max_bytes(1000), memo::weigher(5));
#elif MEMO_WRONG == 7
    // error: memo::weigher: the function returns no number
    auto wrong =
        memo::cached(describe, memo::max_bytes(1000), memo::weigher([](std::string const& text) { return text; }));
#elif MEMO_WRONG == 8
    // error: memo::policy: this is no eviction policy
    auto wrong = memo::cached(describe, memo::policy("lru"));
    std::string text = wrong(7);
#elif MEMO_WRONG == 9
    // error: memo::policy: the order has no `victim` that fits
    auto wrong = memo::cached(describe, memo::policy(order_without_victim{}));
    std::string text = wrong(7);
#elif MEMO_WRONG == 10
    // error: memo::weigher: a parameter is taken by value and only moves, the function would see it used up
    auto wrong =
        memo::cached(take, memo::args<0>, memo::max_bytes(1000),
                     memo::weigher([](std::string const&, int, std::unique_ptr<int> const& owned) { return *owned; }));
    std::string text = wrong(7, nullptr);
#else
    auto by_view =
        memo::cached(look_at, memo::args<0>, memo::max_bytes(1000),
                     memo::weigher([](std::string const&, int, std::unique_ptr<int> const& owned) { return *owned; }));
    auto right = memo::cached(describe, memo::max_size(1'000'000), memo::max_bytes(std::size_t{64} << 20));
    auto weighed = memo::cached(describe, memo::unbounded, memo::max_bytes(1000),
                                memo::weigher([](std::string const& text, int) { return text.size(); }));
    auto ordered = memo::cached(describe, memo::policy(memo::lfu));
    auto own = memo::cached(describe, memo::policy(last_in_first_out{}));
    return static_cast<int>((right(7) + weighed(7) + ordered(7) + own(7) + by_view(7, nullptr)).size());
#endif
}
