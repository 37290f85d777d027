#pragma once

#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict.hpp>
#include <memo/call/verdict_callable.hpp>
#include <memo/call/verdict_entry.hpp>
#include <memo/call/verdict_method.hpp>
#include <memo/call/verdict_once.hpp>
#include <memo/call/verdict_parentheses.hpp>
#include <memo/call/verdict_refused.hpp>
#include <memo/call/verdict_surroundings.hpp>
#include <memo/call/verdict_text.hpp>
#include <memo/call/verdict_words.hpp>

#include <concepts>
#include <type_traits>

namespace memo::detail {

enum class evict_fault {
    none,
    target_first,
    stranger,
    cached_option,
    nothing,
    not_callable,
    free_instance,
    any_instance
};

template <evict_fault Fault>
struct evict_sentences {
    using enum evict_fault;
    static_assert(
        Fault != target_first,
        "memo::cache_evict: a target stands where the function belongs; the function comes first, then what to evict");
    static_assert(
        Fault != stranger,
        "memo::cache_evict: something stands among the targets that is none; write memo::entry(g), memo::all(g), "
        "memo::key<...>, memo::pattern<...> or memo::tags<...>");
    static_assert(
        Fault != cached_option,
        "memo::cache_evict: an option of memo::cached stands among the targets; give it to the memo::cached that "
        "stores, and keep here what to evict, memo::before and memo::in");
    static_assert(Fault != nothing,
                  "memo::cache_evict: there is nothing to evict; add memo::entry(g), memo::all(g), memo::key<...>, "
                  "memo::pattern<...> or memo::tags<...>");
    static_assert(
        Fault != not_callable,
        "memo::cache_evict: what is wrapped cannot be called; give a function, a lambda, a functor, a std::function or "
        "a pointer to member function");
    static_assert(
        Fault != free_instance,
        "memo::cache_evict: instance_key speaks of an object and a free function has none; leave it out, or wrap a "
        "member function");
    static_assert(
        Fault != any_instance,
        "memo::cache_evict: only instance_key stands in front of keys, tags and patterns; leave any_instance and "
        "each_instance out");
};

enum class put_fault { none, target_first, stranger, cached_option, before, nothing, not_callable, no_result, result };

template <put_fault Fault>
struct put_sentences {
    using enum put_fault;
    static_assert(
        Fault != target_first,
        "memo::cache_put: a target stands where the function belongs; the function comes first, then the entries");
    static_assert(
        Fault != stranger,
        "memo::cache_put: something stands among the targets that is none; write memo::entry(g) or memo::entry(g, "
        "memo::by<0>)");
    static_assert(
        Fault != cached_option,
        "memo::cache_put: it fills entries of wrappers and takes nothing else; write memo::entry(g), options belong to "
        "memo::cached, other targets to memo::cache_evict");
    static_assert(Fault != before,
                  "memo::cache_put: before the call there is no result to put; leave memo::before out");
    static_assert(Fault != nothing, "memo::cache_put: there is nothing to fill; add memo::entry(g)");
    static_assert(
        Fault != not_callable,
        "memo::cache_put: what is wrapped cannot be called; give a function, a lambda, a functor, a std::function or a "
        "pointer to member function");
    static_assert(Fault != no_result,
                  "memo::cache_put: the function returns void, there is nothing to put; return the new value, or use "
                  "memo::cache_evict");
    static_assert(
        Fault != result,
        "memo::cache_put: the result cannot become the wrapper's result; return what the wrapper returns, as a value "
        "that can be copied");
};

constexpr bool names_targets(option_kind kind) {
    using enum option_kind;
    return kind == entry || kind == all || kind == pattern || kind == key || kind == tags;
}

constexpr bool fits_evict(option_kind kind) {
    using enum option_kind;
    return names_targets(kind) || kind == before || kind == in || kind == signature || kind == instance;
}

constexpr bool fits_put(option_kind kind) {
    using enum option_kind;
    return kind == entry || kind == in || kind == signature;
}

/// The function as its targets see it: without the object.
template <bool Filling, class F, class... Targets>
using subject_of = subject<typename subject_signature<F, Targets...>::type, typename subject_object<F>::type, Filling>;

template <class F, class... Targets>
constexpr evict_fault judge_evict_list() {
    if constexpr (any_option<F>) {
        return evict_fault::target_first;
    } else if constexpr (!(any_option<Targets> && ...)) {
        return evict_fault::stranger;
    } else {
        constexpr bool member = !std::is_void_v<typename subject_object<F>::type>;
        return !(fits_evict(Targets::kind) && ...)                ? evict_fault::cached_option
               : !(names_targets(Targets::kind) || ...)           ? evict_fault::nothing
               : !kinds_of<Targets...>.has(option_kind::instance) ? evict_fault::none
               : !member                                          ? evict_fault::free_instance
               : !(is_instance_key<Targets> || ...)               ? evict_fault::any_instance
                                                                  : evict_fault::none;
    }
}

template <class F, class... Targets>
constexpr put_fault judge_put_list() {
    if constexpr (any_option<F>) {
        return put_fault::target_first;
    } else if constexpr (!(any_option<Targets> && ...)) {
        return put_fault::stranger;
    } else {
        return kinds_of<Targets...>.has(option_kind::before)   ? put_fault::before
               : !(fits_put(Targets::kind) && ...)             ? put_fault::cached_option
               : !kinds_of<Targets...>.has(option_kind::entry) ? put_fault::nothing
                                                               : put_fault::none;
    }
}

/// What `cache_evict` and `cache_put` have in common: the callable, the manager, the entries and the texts.
template <class Subject, class... Targets>
constexpr auto judge_targets() {
    using signature = typename Subject::signature;
    if constexpr (constexpr auto called = judge_parentheses<Targets...>(); called.found) {
        return std::type_identity<parentheses_sentences<called>>{};
    } else if constexpr (constexpr auto repeated = judge_repetition<Targets...>(names_targets); repeated.twice) {
        return std::type_identity<repetition_sentences<repeated>>{};
    } else if constexpr (constexpr auto around = judge_surroundings<Targets...>(); around != surroundings_fault::none) {
        return std::type_identity<surroundings_sentences<around>>{};
    } else if constexpr (constexpr auto entry = judge_entries<Subject, Targets...>(); entry == entry_fault::silenced) {
        return std::type_identity<silenced>{};
    } else if constexpr (entry != entry_fault::none) {
        return std::type_identity<entry_sentences<entry>>{};
    } else if constexpr (constexpr auto key = judge_texts<option_kind::key, signature, Targets...>();
                         key != template_fault::none) {
        return std::type_identity<key_text_sentences<key>>{};
    } else if constexpr (constexpr auto tag = judge_texts<option_kind::tags, signature, Targets...>();
                         tag != template_fault::none) {
        return std::type_identity<tag_text_sentences<tag>>{};
    } else if constexpr (constexpr auto pattern = judge_texts<option_kind::pattern, signature, Targets...>();
                         pattern != template_fault::none) {
        return std::type_identity<pattern_text_sentences<pattern>>{};
    } else if constexpr ((bad_glob<Targets> || ...)) {
        return std::type_identity<glob_sentences<glob_verdict::malformed>>{};
    } else {
        return std::type_identity<acquitted>{};
    }
}

template <class F, class... Targets>
constexpr auto judge_evict() {
    constexpr auto list = judge_evict_list<F, Targets...>();
    if constexpr (refused_wrapper<F>) {
        return std::type_identity<silenced>{};
    } else if constexpr (std::same_as<F, overloaded_name>) {
        return std::type_identity<callable_sentences<callable_fault::overloaded>>{};
    } else if constexpr (list != evict_fault::none) {
        return std::type_identity<evict_sentences<list>>{};
    } else if constexpr (constexpr auto callable = judge_subject<F, Targets...>();
                         callable == callable_fault::not_callable) {
        return std::type_identity<evict_sentences<evict_fault::not_callable>>{};
    } else if constexpr (callable != callable_fault::none) {
        return std::type_identity<callable_sentences<callable>>{};
    } else if constexpr (constexpr auto part = judge_instances<typename subject_object<F>::type, true, Targets...>();
                         part != method_fault::none) {
        return std::type_identity<method_sentences<part>>{};
    } else {
        return judge_targets<subject_of<false, F, Targets...>, Targets...>();
    }
}

/// Whether the result can become the result of every wrapper that it is put into.
template <class R, class Target>
inline constexpr bool fills = true;
template <class R, class Wrapper, class Projection>
inline constexpr bool fills<R, entry_target<Wrapper, Projection>> =
    std::is_convertible_v<std::remove_cvref_t<R> const&, result_of<typename Wrapper::memo_signature>>;

template <class F, class... Targets>
constexpr auto judge_put() {
    constexpr auto list = judge_put_list<F, Targets...>();
    if constexpr (refused_wrapper<F>) {
        return std::type_identity<silenced>{};
    } else if constexpr (std::same_as<F, overloaded_name>) {
        return std::type_identity<callable_sentences<callable_fault::overloaded>>{};
    } else if constexpr (list != put_fault::none) {
        return std::type_identity<put_sentences<list>>{};
    } else if constexpr (constexpr auto callable = judge_subject<F, Targets...>();
                         callable == callable_fault::not_callable) {
        return std::type_identity<put_sentences<put_fault::not_callable>>{};
    } else if constexpr (callable != callable_fault::none) {
        return std::type_identity<callable_sentences<callable>>{};
    } else {
        using about = subject_of<true, F, Targets...>;
        using returned = returned_of<typename about::signature>;
        using targets = decltype(judge_targets<about, Targets...>());
        if constexpr (std::is_void_v<returned>) {
            return std::type_identity<put_sentences<put_fault::no_result>>{};
        } else if constexpr (!is_right<typename targets::type>) {
            return targets{};
        } else if constexpr (!(fills<returned, Targets> && ...)) {
            return std::type_identity<put_sentences<put_fault::result>>{};
        } else {
            return targets{};
        }
    }
}

/// What is to be said of `memo::cache_evict(f, targets...)`, as `cached_verdict` says it of `memo::cached`.
template <class F, class... Targets>
using evict_verdict = typename decltype(judge_evict<F, Targets...>())::type;

/// The same of `memo::cache_put(f, targets...)`.
template <class F, class... Targets>
using put_verdict = typename decltype(judge_put<F, Targets...>())::type;

}  // namespace memo::detail
