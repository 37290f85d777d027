#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/fixed_string.hpp>
#include <memo/call/option.hpp>
#include <memo/policy/cost_aware.hpp>

#include <cstddef>
#include <tuple>
#include <utility>

/// The options of `memo::cached` and its family: each is a value with a name, given in any order, at most once.
/// A factory judges nothing and takes anything, also nothing; what a set of options means together is judged in `call/verdict.hpp`.
namespace memo {

/// How long a result is fresh: a `std::chrono` duration, `memo::forever`, or `fn(result)` / `fn(result, args...)` that decides
/// per value. Zero or less means: do not store. Overflow saturates to forever.
template <class Lifetime = detail::nothing>
constexpr auto ttl(Lifetime lifetime = {}) {
    return detail::ttl_option<Lifetime>{{}, std::move(lifetime)};
}

/// A result expires when it was not read for this long (`std::chrono` duration, above 0).
template <class Duration = detail::nothing>
constexpr auto idle(Duration unread = {}) {
    return detail::idle_option<Duration>{{}, unread};
}

/// Expired results that nobody asks for are removed at least this often, in small steps (default 60 s).
template <class Duration = detail::nothing>
constexpr auto cleanup_interval(Duration interval = {}) {
    return detail::cleanup_interval_option<Duration>{{}, interval};
}

/// Spreads lifetimes evenly by up to +-fraction of themselves, 0 to 1, so that entries made together do not expire together.
template <class Fraction = detail::nothing>
constexpr auto jitter(Fraction fraction = {}) {
    return detail::jitter_option<Fraction>{{}, fraction};
}

/// Bound in entries, 1 or more (default 65,536).
template <class Count>
constexpr auto max_size(Count entries) {
    return detail::max_size_option<Count>{{}, entries};
}

/// Bound in bytes; 1 or more. They are those of keys, values and the overhead of entries, each block by a formula for what the allocator
/// takes, with their share of the index and of what the policy keeps of each; not of shadow caches and names of tags. A `weigher`
/// gives the bound another unit.
template <class Count>
constexpr auto max_bytes(Count bytes) {
    return detail::max_bytes_option<Count>{{}, bytes};
}

/// `fn(result)` or `fn(result, args...)` is what an entry weighs against `max_bytes`, in a unit of your own.
template <class Fn>
constexpr auto weigher(Fn fn) {
    return detail::weigher_option<Fn>{{}, std::move(fn)};
}

/// No bound in entries, said aloud.
inline constexpr detail::unbounded_option unbounded{};

/// Who leaves when the bound is reached: `memo::adaptive` (default), `memo::lru`, `memo::lfu`, `memo::fifo`, `memo::sieve`,
/// `memo::s3_fifo`, `memo::w_tinylfu`, `memo::random`, or any `memo::eviction_policy` of your own, of which the store default
/// constructs as many as it needs.
template <class Policy>
constexpr auto policy(Policy const&) {
    return detail::policy_option<Policy>{};
}

/// Measured run time weighs in who leaves: what took long, is often wanted and is small stays. In the place of `policy`.
inline constexpr detail::cost_aware_option cost_aware{};

/// Readable key, checked when compiled: `{0}` is a parameter, `{1.id}` a field of a Hana-annotated one, `{{` a brace.
template <fixed_string Text>
inline constexpr detail::key_option<Text> key{};

/// `fn(args...)` returns what enters the key: text (which is then the readable key) or any keyable value.
template <class Fn>
constexpr auto key_builder(Fn fn) {
    return detail::key_builder_option<Fn>{{}, std::move(fn)};
}

/// Only these parameters enter the key.
template <std::size_t... Places>
inline constexpr detail::args_option<Places...> args{};

/// All parameters but these enter the key.
template <std::size_t... Places>
inline constexpr detail::ignore_option<Places...> ignore{};

/// Identity in messages, events and shared stores; 1 to 128 bytes.
template <class Text>
constexpr auto name(Text text) {
    return detail::name_option<Text>{{}, std::move(text)};
}

/// Raising the version makes older stored results misses; 0 or more.
template <class Number>
constexpr auto version(Number number) {
    return detail::version_option<Number>{{}, number};
}

/// A result for which `pred(result)` (or `pred(result, args...)`) holds is returned but not stored.
template <class Pred>
constexpr auto unless(Pred pred) {
    return detail::unless_option<Pred>{{}, std::move(pred)};
}

/// The cache is used only for calls for which `pred(args...)` holds; others just run.
template <class Pred>
constexpr auto only_if(Pred pred) {
    return detail::only_if_option<Pred>{{}, std::move(pred)};
}

/// After `ttl`, for this long (above 0): a call is answered at once with the old result, and a refresh begins in the background,
/// on the executor, with copies of the arguments. One at a time for a key; while it fails, attempts grow rarer.
template <class Duration = detail::nothing>
constexpr auto stale_while_revalidate(Duration after_ttl = {}) {
    return detail::stale_while_revalidate_option<Duration>{{}, after_ttl};
}

/// After `ttl`, for this long (above 0): a call whose run throws is answered with the old result. While runs fail, attempts
/// grow rarer, and calls between them get the old result without a run.
template <class Duration = detail::nothing>
constexpr auto stale_if_error(Duration after_ttl = {}) {
    return detail::stale_if_error_option<Duration>{{}, after_ttl};
}

/// A read after this fraction of the lifetime, 0 to 1, starts a refresh in the background, on the executor, with copies of the
/// arguments.
template <class Fraction = detail::nothing>
constexpr auto refresh_ahead(Fraction fraction_of_ttl = {}) {
    return detail::refresh_ahead_option<Fraction>{{}, fraction_of_ttl};
}

/// A call may run before the result is old, the likelier the nearer its end and the longer runs take, so that equal calls do not
/// all find it expired at once. `beta` above 1 runs earlier, below 1 later; above 0.
///
/// Source: A. Vattani, F. Chierichetti, K. Lowenstein, Optimal Probabilistic Cache Stampede Prevention (XFetch), VLDB 2015.
template <class Number = double>
constexpr auto early_expiration(Number beta = 1.0) {
    return detail::early_expiration_option<Number>{{}, beta};
}

/// Remembers exceptions of these types, and of types derived from them, for this long: an equal call throws the same exception
/// without a run. They take up to a tenth of the entries. Zero or less means: do not.
template <class... Errors, class Lifetime = detail::nothing>
constexpr auto cache_errors(Lifetime lifetime = {}) {
    return detail::cache_errors_option<Lifetime, Errors...>{{}, lifetime};
}

/// How long a call waits for another's run, in real time, before it runs itself (default 30 s; `memo::forever` waits as long as it
/// takes). A run that comes back late does not store over a newer result.
template <class Duration = detail::nothing>
constexpr auto wait_timeout(Duration longest = {}) {
    return detail::wait_timeout_option<Duration>{{}, longest};
}

/// Where results live: a byte store such as `memo::sqlite_store`, or the name of one that the manager knows (`memo::store("main")`).
/// Entries are known by the name and version of the function, the type of the result and the key: `memo::name` or `memo::function`
/// is needed, and a type that has bytes (<memo/codec/cereal.hpp>).
template <class Store = detail::nothing>
constexpr auto store(Store where = {}) {
    return detail::store_option<Store>{{}, std::move(where)};
}

/// With `memo::store`: copies of what was found there are kept in typed memory in front of it, so that a hit costs what it costs in
/// memory. Takes max_size, max_bytes, unbounded, policy, and `ttl`: how long a copy answers at most, which bounds how late this
/// process hears of evictions by others. Evictions by this process reach both.
template <class... Options>
constexpr auto near(Options... of_the_copies) {
    return detail::near_option<Options...>{{}, {std::move(of_the_copies)...}};
}

/// With `memo::store`: what becomes of a call when the store is at fault. `memo::fail_open` (default): the fault is a miss, counted and
/// told as an error event. `memo::rethrow`: a look-up that fails throws `connection_error`; a result that cannot be stored is still
/// returned.
template <class Answer = detail::nothing>
constexpr auto on_store_error(Answer answer = {}) {
    return detail::on_store_error_option<Answer>{{}, answer};
}

inline constexpr store_error_policy fail_open = store_error_policy::fail_open;
inline constexpr store_error_policy rethrow = store_error_policy::rethrow;

/// Groups that an entry belongs to, as key templates: `memo::tags<"users", "org:{1}">`. In `cache_evict`: groups that go.
template <fixed_string... Texts>
inline constexpr detail::tags_option<Texts...> tags{};

/// `fn(memo::event const&)` hears what happens. It runs with no lock held; what it throws is counted and dropped.
/// It may call the wrapper; one that makes the same call again on every `skip` or `error` recurses without end.
template <class Fn>
constexpr auto on_event(Fn fn) {
    return detail::on_event_option<Fn>{{}, std::move(fn)};
}

/// Where time comes from: anything with `now()` that returns a `std::chrono::time_point`.
/// A temporary is kept by value; an lvalue is kept by reference and must outlive the wrapper.
template <class Clock>
constexpr auto clock(Clock&& source) {
    return detail::clock_option<detail::injected_t<Clock>>{{}, std::forward<Clock>(source)};
}

/// Where background work runs: anything with `execute(std::function<void()>)`, which may throw to refuse (default: the manager's,
/// else a small pool that starts at first use). A temporary is kept by value; an lvalue by reference, and must outlive the wrapper.
template <class Executor>
constexpr auto executor(Executor&& worker) {
    return detail::executor_option<detail::injected_t<Executor>>{{}, std::forward<Executor>(worker)};
}

/// Counters off.
inline constexpr detail::no_stats_option no_stats{};

/// The call returns `std::shared_ptr<R const>`: no copy on a hit, and results that only move work.
inline constexpr detail::shared_option shared{};

/// The signature of a generic or overloaded callable: `memo::signature<int(int)>`.
template <class Signature>
inline constexpr detail::signature_option<Signature> signature{};

/// Results that refer to something (pointers, views) are stored all the same: you vouch for what they refer to.
inline constexpr detail::trust_lifetime_option trust_lifetime{};

/// Equal calls in flight share one run (the default, said aloud).
inline constexpr detail::coalescing_option<true> coalesce{};

/// Equal calls in flight run each for itself.
inline constexpr detail::coalescing_option<false> no_coalesce{};

/// `cached_method`: these members or getters of the object enter the key.
template <class... Members>
constexpr auto instance_key(Members... members) {
    return detail::instance_option<std::tuple<Members...>>{{}, std::tuple<Members...>{std::move(members)...}};
}

/// `cached_method`: all objects of the class share their results.
inline constexpr detail::instance_option<detail::any_instance_t> any_instance{};

/// `cached_method`: each object has results of its own, which go when it dies.
inline constexpr detail::instance_option<detail::each_instance_t> each_instance{};

/// The call's arguments at these places are the other function's arguments, in this order.
template <std::size_t... Places>
inline constexpr detail::by_places<Places...> by{};

/// What `cache_evict` forgets and `cache_put` fills: `wrapper`'s entry for the same arguments.
template <class Wrapper>
constexpr auto entry(Wrapper wrapper) {
    return detail::entry_target<Wrapper, detail::same_arguments>{{}, std::move(wrapper), {}};
}

/// The same with a projection: `memo::by<I...>`, or `fn(args...)` that returns the wrapper's arguments as a tuple, or the one argument.
template <class Wrapper, class Projection>
constexpr auto entry(Wrapper wrapper, Projection projection) {
    return detail::entry_target<Wrapper, Projection>{{}, std::move(wrapper), std::move(projection)};
}

/// What `cache_evict` forgets: everything that `wrapper` stored.
template <class Wrapper>
constexpr auto all(Wrapper wrapper) {
    return detail::all_target<Wrapper>{{}, std::move(wrapper)};
}

/// What `cache_evict` forgets: entries whose readable key matches this glob (`* ? [a-z] [^a] \`); substituted text is escaped.
template <fixed_string Text>
inline constexpr detail::pattern_target<Text> pattern{};

/// `cache_evict` evicts before the call instead of after it.
inline constexpr detail::before_option before{};

}  // namespace memo
