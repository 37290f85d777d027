#include <memo/policy/concept.hpp>
#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

using memo::eviction_policy;
using memo::detail::judge_policy;
using memo::detail::order_of;
using memo::detail::policy_verdict;

namespace {

struct right {
    struct hook {};
    void admit(hook&) noexcept {}
    void touch(hook&) noexcept {}
    void forget(hook&) noexcept {}
    hook* victim() noexcept { return nullptr; }
    bool validate() const noexcept { return true; }
};

struct keeps_something_beside : right {
    static constexpr std::size_t bytes_beside = 1'000;
};
struct needs_an_argument : right {
    explicit needs_an_argument(int) {}
};
struct without_hook {};
struct admits_by_value : right {
    void admit(int) noexcept {}
};
struct may_throw_on_touch : right {
    void touch(hook&) {}
};
struct cannot_forget : right {
    void forget(hook&) = delete;
};
struct offers_a_reference : right {
    hook& victim() noexcept { return only; }
    hook only;
};
struct validates_by_count : right {
    int validate() const noexcept { return 0; }
};

template <class P, policy_verdict Verdict>
constexpr bool is_judged = judge_policy<P>() == Verdict&& eviction_policy<P> == (Verdict == policy_verdict::right);

}  // namespace

TEST_CASE("eviction_policy: the first broken clause is the verdict, and the concept agrees with it") {
    static_assert(is_judged<right, policy_verdict::right>);
    static_assert(is_judged<needs_an_argument, policy_verdict::default_order>);
    static_assert(is_judged<without_hook, policy_verdict::hook>);
    static_assert(is_judged<int, policy_verdict::hook>);
    static_assert(is_judged<admits_by_value, policy_verdict::admit>);
    static_assert(is_judged<may_throw_on_touch, policy_verdict::touch>);
    static_assert(is_judged<cannot_forget, policy_verdict::forget>);
    static_assert(is_judged<offers_a_reference, policy_verdict::victim>);
    static_assert(is_judged<validates_by_count, policy_verdict::validate>);
}

TEST_CASE("eviction_policy: memo's own names stand for their orders, a user's order for itself") {
    static_assert(std::is_same_v<order_of<memo::lru_policy>, memo::lru_order>);
    static_assert(std::is_same_v<order_of<memo::fifo_policy>, memo::fifo_order>);
    static_assert(std::is_same_v<order_of<memo::lfu_policy>, memo::lfu_order>);
    static_assert(std::is_same_v<order_of<right>, right>);
}

TEST_CASE("eviction_policy: a hook is told what it has room for, and at most what fits") {
    struct roomy {
        std::uint64_t place = 0;
        float cost = 0;
        std::uint32_t weight = 0;
    } told;
    memo::detail::introduce(told, 0xfedc'ba98'7654'3210, 1'500, std::uint64_t{1} << 40);
    CHECK(told.place == 0xfedc'ba98'7654'3210);
    CHECK(told.cost == 1'500.0F);
    CHECK(told.weight == std::numeric_limits<std::uint32_t>::max());

    struct narrow {
        std::uint16_t place = 0;
    } brief;
    memo::detail::introduce(brief, 0x1'0002, 1, 1);
    CHECK(brief.place == 2);
}

TEST_CASE("policy: what an order keeps beside its hooks counts with the bytes of an entry") {
    auto const bytes_by = []<class Order>(Order const&) {
        return memo::detail::memory_store<std::int64_t, Order>::footprint({}, {}, 0);
    };
    CHECK(bytes_by(keeps_something_beside{}) == bytes_by(right{}) + 1'000);
}
