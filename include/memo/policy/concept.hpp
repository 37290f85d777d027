#pragma once

#include <memo/policy/read_mark.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <utility>

namespace memo {

/// Who leaves: an order over the hooks that a store embeds in its entries. It owns no hook, knows neither keys nor
/// values, and looks nothing up. `memo::policy(my_order{})` takes any type that keeps this contract;
/// `memo::testing::policy_laws<my_order>()` checks it.
///
/// `hook`       the place of one entry; default constructible, stays where it is while resident
/// `admit(h)`   `h` becomes resident; it was not
/// `touch(h)`   the entry of the resident `h` was read
/// `forget(h)`  `h` is resident no more, whether chosen as the victim or not; it may be admitted again
/// `victim()`   the resident hook that leaves next, null when there is none; it stays resident until `forget`
/// `validate()` whether every structural invariant holds; tests call it, so it may walk the whole order
///
/// A store makes room before it admits, so that when `victim` is asked the entries held are all that fit. A victim may be
/// what came last: so an order declines to keep it.
///
/// Where a hook has a member of one of these names, of any arithmetic type, the store writes it before `admit`:
/// `place`      a hash of the key, the same whenever the key comes back
/// `cost`       nanoseconds of the run that made the result
/// `weight`     bytes of the entry
///
/// Six more things an order may have:
/// `void replace(hook& old, hook& fresh) noexcept`
///              `fresh`, which was not resident, becomes so in the place of the resident `old`: a new result of the same key.
///              Without it `old` is forgotten and `fresh` admitted.
/// `void clear() noexcept`
///              no hook is resident any more, and none is looked at. Without it, or where it is inherited, a store that lets all go
///              forgets one after the other.
/// `static constexpr bool touches_unlocked = true`
///              `touch` may be called by any number of threads at once, also beside the other verbs; it writes nothing
///              but relaxed atomics of that hook, and only when their value changes. Then a hit takes no lock.
/// `bool settled(hook const& entry) const noexcept`, beside `touches_unlocked`
///              whether `touch` would change nothing, so that the store need not call it. Asked by any thread without a lock, even
///              before `admit`.
/// `bool watches(std::uint64_t place) const noexcept` with `void watch(std::uint64_t place) noexcept`
///              a read at a place that is watched is told to `watch`, beside a `touch` that would change something. `watches` is asked by any thread
///              without a lock, and not before every read that `touch` would not change: what is watched changes in the other verbs. `watch` is
///              called under the store's lock.
/// `static constexpr std::size_t bytes_beside = n`
///              what it keeps of a resident entry beside the hook, on the mean: counted with the bytes of the entry.
///
/// Throws:   nothing; every verb is noexcept.
/// Threads:  the store locks; an order does not.
/// Cost:     constant but for `validate`; `touch` allocates nothing.
// clang-format off
template <class P>
concept eviction_policy = std::default_initializable<P> && std::default_initializable<typename P::hook> &&
                          requires(P& order, P const& still, typename P::hook& entry) {
                              { order.admit(entry) } noexcept;
                              { order.touch(entry) } noexcept;
                              { order.forget(entry) } noexcept;
                              { order.victim() } noexcept -> std::same_as<typename P::hook*>;
                              { still.validate() } noexcept -> std::same_as<bool>;
                          };
// clang-format on

}  // namespace memo

namespace memo::detail {

/// The order that the argument of `memo::policy` stands for: `P::order` of memo's own names, `P` itself of a user's.
template <class P>
struct named_order {
    using type = P;
};

template <class P>
    requires requires { typename P::order; }
struct named_order<P> {
    using type = typename P::order;
};

template <class P>
using order_of = typename named_order<P>::type;

/// Whether hits may touch without a lock.
template <class Order>
inline constexpr bool touches_unlocked = [] {
    if constexpr (requires { Order::touches_unlocked; })
        return bool{Order::touches_unlocked};
    else
        return false;
}();

template <class Order>
concept settling = touches_unlocked<Order> && requires(Order const& still, typename Order::hook const& entry) {
    { still.settled(entry) } noexcept -> std::same_as<bool>;
};

/// Orders whose touch reads and writes but one number, the `read_mark` in its hook: `touched` says what it makes of it. One that is
/// inherited may know less than the order does.
template <class Order>
concept noting = settling<Order> && requires(typename Order::hook& entry) {
    requires std::same_as<decltype(&Order::touched), std::uint16_t (Order::*)(std::uint16_t) const noexcept>;
    requires std::same_as<decltype(entry.reads), read_mark> || std::same_as<decltype(entry.reads), no_reads>;
};

template <class Order>
concept watchful = requires(Order& order, Order const& still, std::uint64_t place) {
    { still.watches(place) } noexcept -> std::same_as<bool>;
    { order.watch(place) } noexcept;
};

/// Puts a number into a member of a hook; what does not fit becomes the most that does.
template <class Member>
constexpr void saturate_into(Member& member, std::uint64_t number) noexcept {
    if constexpr (std::integral<Member>)
        member = std::in_range<Member>(number) ? static_cast<Member>(number) : std::numeric_limits<Member>::max();
    else
        member = static_cast<Member>(number);
}

/// One that is inherited may know less than the order does.
template <class Order>
concept clearing = requires { requires std::same_as<decltype(&Order::clear), void (Order::*)() noexcept>; };

template <class Order>
inline constexpr std::size_t bytes_beside = [] {
    if constexpr (requires { Order::bytes_beside; })
        return std::size_t{Order::bytes_beside};
    else
        return std::size_t{};
}();

template <class Order>
concept replacing = requires(Order& order, typename Order::hook& one) {
    { order.replace(one, one) } noexcept;
};

/// Tells a hook what it has room for, before it is admitted.
template <class Hook>
constexpr void introduce(Hook& hook, std::uint64_t place, std::uint64_t cost, std::uint64_t weight) noexcept {
    if constexpr (requires { hook.place; })
        hook.place = static_cast<decltype(hook.place)>(place);
    if constexpr (requires { hook.cost; })
        saturate_into(hook.cost, cost);
    if constexpr (requires { hook.weight; })
        saturate_into(hook.weight, weight);
}

// clang-format off
template <class P>
concept has_hook = requires { typename P::hook; } && std::default_initializable<typename P::hook>;

template <class P>
concept has_admit = requires(P& order, typename P::hook& entry) {
    { order.admit(entry) } noexcept;
};

template <class P>
concept has_touch = requires(P& order, typename P::hook& entry) {
    { order.touch(entry) } noexcept;
};

template <class P>
concept has_forget = requires(P& order, typename P::hook& entry) {
    { order.forget(entry) } noexcept;
};

template <class P>
concept has_victim = requires(P& order) {
    { order.victim() } noexcept -> std::same_as<typename P::hook*>;
};

template <class P>
concept has_validate = requires(P const& order) {
    { order.validate() } noexcept -> std::same_as<bool>;
};
// clang-format on

/// The first clause of `eviction_policy` that a type breaks.
enum class policy_verdict { right, default_order, hook, admit, touch, forget, victim, validate };

template <class P>
constexpr policy_verdict judge_policy() noexcept {
    if constexpr (!std::default_initializable<P>) {
        return policy_verdict::default_order;
    } else if constexpr (!has_hook<P>) {
        return policy_verdict::hook;
    } else if constexpr (!has_admit<P>) {
        return policy_verdict::admit;
    } else if constexpr (!has_touch<P>) {
        return policy_verdict::touch;
    } else if constexpr (!has_forget<P>) {
        return policy_verdict::forget;
    } else if constexpr (!has_victim<P>) {
        return policy_verdict::victim;
    } else if constexpr (!has_validate<P>) {
        return policy_verdict::validate;
    } else {
        return policy_verdict::right;
    }
}

/// The voice of `eviction_policy`: says one sentence about the first broken clause.
template <policy_verdict Verdict>
struct policy_voice {
    using enum policy_verdict;
    static_assert(Verdict != default_order,
                  "memo::policy: the order is not default constructible; give it a default constructor, or write "
                  "policy(memo::lru)");
    static_assert(Verdict != hook,
                  "memo::policy: the order has no default constructible type `hook`; add `struct hook { ... };`, the "
                  "place of one entry in the order");
    static_assert(Verdict != admit,
                  "memo::policy: the order has no `admit` that fits; write `void admit(hook&) noexcept`");
    static_assert(Verdict != touch,
                  "memo::policy: the order has no `touch` that fits; write `void touch(hook&) noexcept`");
    static_assert(Verdict != forget,
                  "memo::policy: the order has no `forget` that fits; write `void forget(hook&) noexcept`");
    static_assert(Verdict != victim,
                  "memo::policy: the order has no `victim` that fits; write `hook* victim() noexcept`");
    static_assert(Verdict != validate,
                  "memo::policy: the order has no `validate` that fits; write `bool validate() const noexcept`");
};

}  // namespace memo::detail
