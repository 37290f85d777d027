#pragma once

#include <memo/base/clock.hpp>
#include <memo/call/option.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace memo::detail {

enum class member_fault { none, option_first, duration, stranger, target, instance };

template <member_fault Fault>
struct member_sentences {
    using enum member_fault;
    static_assert(
        Fault != option_first,
        "memo::cached: an option stands where the function belongs; the function comes first, the options follow");
    static_assert(
        Fault != duration,
        "memo::cached: a duration stands among the options and does not say what it is; write memo::ttl(...) or "
        "memo::idle(...)");
    static_assert(
        Fault != stranger,
        "memo::cached: something stands among the options that is none; write options such as memo::ttl(5min), "
        "memo::max_size(1000), memo::key<...>, in any order");
    static_assert(
        Fault != target,
        "memo::cached: entry, all, pattern and before say what goes and belong to memo::cache_evict; wrap the function "
        "that changes something in memo::cache_evict");
    static_assert(
        Fault != instance,
        "memo::cached: instance_key, any_instance and each_instance speak of an object; write memo::cached_method");
};

constexpr bool is_target(option_kind kind) {
    using enum option_kind;
    return kind == entry || kind == all || kind == pattern || kind == before;
}

/// Judges whether what was given after the function are options, and such as belong to a wrapper that stores.
template <class F, class... Given>
constexpr member_fault judge_membership() {
    if constexpr (any_option<F>) {
        return member_fault::option_first;
    } else if constexpr ((any_option<Given> && ...)) {
        if ((is_target(Given::kind) || ...)) {
            return member_fault::target;
        }
        return ((Given::kind == option_kind::instance) || ...) ? member_fault::instance : member_fault::none;
    } else {
        return (time_span<Given> || ...) ? member_fault::duration : member_fault::stranger;
    }
}

/// Two options of one kind: which one, if there are any.
struct repetition {
    option_kind kind = option_kind::before;
    bool twice = false;

    friend constexpr bool operator==(repetition const&, repetition const&) = default;
};

/// Judges whether each kind of option stands there once, but for those that may be repeated.
template <class... Options>
constexpr repetition judge_repetition(bool (*may_repeat)(option_kind) = [](option_kind) { return false; }) {
    std::array<option_kind, sizeof...(Options)> const kinds{Options::kind...};
    for (auto place = kinds.begin(); place != kinds.end(); ++place) {
        if (!may_repeat(*place) && std::find(kinds.begin(), place, *place) != place) {
            return {*place, true};
        }
    }
    return {};
}

template <repetition Found>
struct repetition_sentences {
    template <option_kind Kind>
    static constexpr bool once = !(Found.twice && Found.kind == Kind);

    using enum option_kind;
    static_assert(once<ttl>, "memo::ttl: it is given twice; keep one");
    static_assert(once<idle>, "memo::idle: it is given twice; keep one");
    static_assert(once<cleanup_interval>, "memo::cleanup_interval: it is given twice; keep one");
    static_assert(once<jitter>, "memo::jitter: it is given twice; keep one");
    static_assert(once<max_size>, "memo::max_size: it is given twice; keep one");
    static_assert(once<max_bytes>, "memo::max_bytes: it is given twice; keep one");
    static_assert(once<weigher>, "memo::weigher: it is given twice; keep one");
    static_assert(once<unbounded>, "memo::unbounded: it is given twice; keep one");
    static_assert(once<policy>, "memo::policy: it is given twice, or memo::cost_aware beside it, which says who leaves as well; keep one");
    static_assert(once<key>, "memo::key: it is given twice; keep one");
    static_assert(once<key_builder>, "memo::key_builder: it is given twice; keep one");
    static_assert(once<args>, "memo::args: it is given twice; name all places in one, memo::args<0, 2>");
    static_assert(once<ignore>, "memo::ignore: it is given twice; name all places in one, memo::ignore<0, 2>");
    static_assert(once<name>, "memo::name: it is given twice; keep one");
    static_assert(once<version>, "memo::version: it is given twice; keep one");
    static_assert(once<unless>, "memo::unless: it is given twice; join the predicates by || in one");
    static_assert(once<only_if>, "memo::only_if: it is given twice; join the predicates by && in one");
    static_assert(once<tags>, "memo::tags: it is given twice; name all tags in one, separated by commas");
    static_assert(once<stale_while_revalidate>, "memo::stale_while_revalidate: it is given twice; keep one");
    static_assert(once<stale_if_error>, "memo::stale_if_error: it is given twice; keep one");
    static_assert(once<refresh_ahead>, "memo::refresh_ahead: it is given twice; keep one");
    static_assert(once<early_expiration>, "memo::early_expiration: it is given twice; keep one");
    static_assert(once<cache_errors>,
                  "memo::cache_errors: it is given twice; name all types in one, memo::cache_errors<A, B>(10s)");
    static_assert(once<wait_timeout>, "memo::wait_timeout: it is given twice; keep one");
    static_assert(once<on_event>, "memo::on_event: it is given twice; call both listeners from one");
    static_assert(once<clock>, "memo::clock: it is given twice; keep one");
    static_assert(once<executor>, "memo::executor: it is given twice; keep one");
    static_assert(once<no_stats>, "memo::no_stats: it is given twice; keep one");
    static_assert(once<shared>, "memo::shared: it is given twice; keep one");
    static_assert(once<signature>, "memo::signature: it is given twice; keep one");
    static_assert(once<trust_lifetime>, "memo::trust_lifetime: it is given twice; keep one");
    static_assert(once<coalescing>, "memo::coalesce: it is given twice, or no_coalesce contradicts it; keep one");
    static_assert(once<in>, "memo::in: it is given twice; a wrapper belongs to one manager, keep one");
    static_assert(
        once<instance>,
        "memo::cached_method: instance_key, any_instance and each_instance exclude each other; keep one, instance_key "
        "takes several members");
    static_assert(once<before>, "memo::before: it is given twice; keep one");
};

}  // namespace memo::detail
