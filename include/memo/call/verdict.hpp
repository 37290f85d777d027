#pragma once

#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_background.hpp>
#include <memo/call/verdict_bounds.hpp>
#include <memo/call/verdict_callable.hpp>
#include <memo/call/verdict_conditions.hpp>
#include <memo/call/verdict_freshness.hpp>
#include <memo/call/verdict_key.hpp>
#include <memo/call/verdict_lifetime.hpp>
#include <memo/call/verdict_once.hpp>
#include <memo/call/verdict_parentheses.hpp>
#include <memo/call/verdict_refused.hpp>
#include <memo/call/verdict_result.hpp>
#include <memo/call/verdict_store.hpp>
#include <memo/call/verdict_surroundings.hpp>
#include <memo/call/verdict_text.hpp>

#include <type_traits>

namespace memo::detail {

/// Nothing is wrong.
struct acquitted {};

/// Something is wrong with what this one is made of, and was said there.
struct silenced {};

/// Judges a function that is known to be callable, and options that each stand there once.
/// Returns: the sentences about the first fault as a type identity, or `acquitted`.
template <class F, class Signature, class... Options>
constexpr auto judge_storing() {
    constexpr auto result = judge_result<Signature, Options...>();
    if constexpr (result != result_fault::none) {
        return std::type_identity<result_sentences<result>>{};
    } else if constexpr (constexpr auto lifetime = judge_lifetime<Signature, Options...>();
                         lifetime != lifetime_fault::none) {
        return std::type_identity<lifetime_sentences<lifetime>>{};
    } else if constexpr (constexpr auto fresh = judge_freshness<Options...>(); fresh != freshness_fault::none) {
        return std::type_identity<freshness_sentences<fresh>>{};
    } else if constexpr (constexpr auto where = judge_store<F, Signature, Options...>(); where != store_fault::none) {
        return std::type_identity<store_sentences<where>>{};
    } else if constexpr (constexpr auto bound = judge_bounds<Signature, Options...>(); bound != bound_fault::none) {
        return std::type_identity<bound_sentences<bound>>{};
    } else if constexpr (constexpr auto order = judge_order<Options...>(); order != policy_verdict::right) {
        return std::type_identity<policy_voice<order>>{};
    } else if constexpr (constexpr auto asked = judge_conditions<Signature, Options...>();
                         asked != condition_fault::none) {
        return std::type_identity<condition_sentences<asked>>{};
    } else if constexpr (constexpr auto around = judge_surroundings<Options...>(); around != surroundings_fault::none) {
        return std::type_identity<surroundings_sentences<around>>{};
    } else if constexpr (constexpr auto key = judge_key<Signature, Options...>(); key != key_fault::none) {
        return std::type_identity<key_sentences<key>>{};
    } else if constexpr (constexpr auto behind = judge_background<Signature, Options...>();
                         behind != background_fault::none) {
        return std::type_identity<background_sentences<behind>>{};
    } else if constexpr (constexpr auto text = judge_texts<option_kind::key, Signature, Options...>();
                         text != template_fault::none) {
        return std::type_identity<key_text_sentences<text>>{};
    } else if constexpr (constexpr auto tag = judge_texts<option_kind::tags, Signature, Options...>();
                         tag != template_fault::none) {
        return std::type_identity<tag_text_sentences<tag>>{};
    } else {
        return std::type_identity<acquitted>{};
    }
}

template <class F, class... Options>
constexpr auto judge_cached() {
    constexpr auto member = judge_membership<F, Options...>();
    if constexpr (refused_wrapper<F>) {
        return std::type_identity<silenced>{};
    } else if constexpr (member != member_fault::none) {
        return std::type_identity<member_sentences<member>>{};
    } else if constexpr (constexpr auto called = judge_parentheses<Options...>(); called.found) {
        return std::type_identity<parentheses_sentences<called>>{};
    } else if constexpr (constexpr auto repeated = judge_repetition<Options...>(); repeated.twice) {
        return std::type_identity<repetition_sentences<repeated>>{};
    } else if constexpr (constexpr auto callable = judge_callable<F, Options...>(); callable != callable_fault::none) {
        return std::type_identity<callable_sentences<callable>>{};
    } else {
        return judge_storing<F, signature_of<F, Options...>, Options...>();
    }
}

/// What is to be said of `memo::cached(f, options...)`: `acquitted`, or sentences of which one fails where the type is
/// completed. A wrapper keeps it as a member and derives from `refused_cached` unless it is `acquitted`.
template <class F, class... Options>
using cached_verdict = typename decltype(judge_cached<F, Options...>())::type;

template <class Verdict>
inline constexpr bool is_right = std::is_same_v<Verdict, acquitted>;

}  // namespace memo::detail
