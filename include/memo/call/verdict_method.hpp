#pragma once

#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict.hpp>
#include <memo/call/verdict_background.hpp>
#include <memo/call/verdict_callable.hpp>
#include <memo/call/verdict_once.hpp>
#include <memo/call/verdict_parentheses.hpp>
#include <memo/call/verdict_parts.hpp>
#include <memo/call/verdict_refused.hpp>
#include <memo/call/verdict_words.hpp>
#include <memo/key/text.hpp>
#include <memo/key/traits.hpp>

#include <concepts>
#include <tuple>
#include <type_traits>

namespace memo::detail {

enum class method_fault {
    none,
    free_function,
    member_object,
    unusable,
    stranger,
    target,
    background,
    no_instance,
    no_parts,
    no_member,
    other_class,
    getter_parameters,
    getter_not_const,
    getter_void,
    keyless_part,
    textless_part,
};

template <method_fault Fault>
struct method_sentences {
    using enum method_fault;
    static_assert(
        Fault != free_function,
        "memo::cached_method: this is no member function; give &C::function, or use memo::cached for a free function");
    static_assert(Fault != member_object,
                  "memo::cached_method: this is a member object and no function; give &C::function");
    static_assert(
        Fault != unusable,
        "memo::cached_method: a member function with C variadic arguments or with && or volatile after its parameters "
        "cannot be wrapped; wrap one without them");
    static_assert(
        Fault != stranger,
        "memo::cached_method: something stands among the options that is none; write options such as memo::ttl(5min), "
        "memo::instance_key(&C::member), memo::key<...>, in any order");
    static_assert(
        Fault != target,
        "memo::cached_method: entry, all, pattern and before say what goes and belong to memo::cache_evict; wrap the "
        "member that changes something in memo::cache_evict");
    static_assert(Fault != background,
                  "memo::cached_method: stale_while_revalidate and refresh_ahead run when the object may be gone; use "
                  "memo::early_expiration or memo::stale_if_error, which run in the call");
    static_assert(
        Fault != no_instance,
        "memo::cached_method: it is not said what of the object enters the key; add memo::instance_key(&C::member), "
        "memo::any_instance or memo::each_instance");
    static_assert(Fault != no_parts,
                  "memo::instance_key: it names no member; name those that enter the key, or write memo::any_instance");
    static_assert(Fault != no_member,
                  "memo::instance_key: this is no pointer to a member; give &C::member or &C::getter");
    static_assert(Fault != other_class,
                  "memo::instance_key: this is a member of another class; give one of the function's own class");
    static_assert(Fault != getter_parameters,
                  "memo::instance_key: the getter takes parameters; give a member, or a getter without parameters");
    static_assert(Fault != getter_not_const,
                  "memo::instance_key: the getter may change the object; give a member, or a getter that is const");
    static_assert(Fault != getter_void,
                  "memo::instance_key: the getter returns void; give one that returns what enters the key");
    static_assert(Fault != keyless_part,
                  "memo::instance_key: the member has a type that cannot enter a key; give a member that is a value, "
                  "annotate its "
                  "type with BOOST_HANA_DEFINE_STRUCT, or specialize memo::key_traits");
    static_assert(Fault != textless_part,
                  "memo::instance_key: the member has no text to stand in front of a readable key; give text, a "
                  "number, a bool or "
                  "an enum, or leave memo::key out");
};

template <class Member>
using part_type = std::remove_cvref_t<returned_of<typename member_traits<Member>::signature>>;

/// Whether an object of class `C` can hand out this part of its key.
template <class C, bool Readable, class Member>
constexpr method_fault judge_part() {
    using traits = member_traits<Member>;
    using owner = typename traits::object;
    if constexpr (std::is_void_v<owner>) {
        return method_fault::no_member;
    } else if constexpr (std::is_void_v<typename traits::signature> || arity_of<typename traits::signature> != 0) {
        return method_fault::getter_parameters;
    } else if constexpr (!traits::is_const) {
        return method_fault::getter_not_const;
    } else if constexpr (std::is_void_v<part_type<Member>>) {
        return method_fault::getter_void;
    } else if constexpr (!may_be_a<C, owner>) {
        return method_fault::other_class;
    } else if constexpr (!is_complete<part_type<Member>>) {
        return method_fault::none;
    } else if constexpr (!keyable<part_type<Member>>) {
        return method_fault::keyless_part;
    } else {
        return Readable && !has_text<part_type<Member>> ? method_fault::textless_part : method_fault::none;
    }
}

template <class C, bool Readable, class Option>
inline constexpr method_fault judge_instance = method_fault::none;

template <class C, bool Readable>
inline constexpr method_fault judge_instance<C, Readable, instance_option<std::tuple<>>> = method_fault::no_parts;

template <class C, bool Readable, class First, class... Rest>
inline constexpr method_fault judge_instance<C, Readable, instance_option<std::tuple<First, Rest...>>> = [] {
    method_fault fault = method_fault::none;
    static_cast<void>(((fault = judge_part<C, Readable, First>()) != method_fault::none) ||
                      (((fault = judge_part<C, Readable, Rest>()) != method_fault::none) || ...));
    return fault;
}();

template <class C, bool Readable, class... Options>
constexpr method_fault judge_instances() {
    method_fault fault = method_fault::none;
    static_cast<void>((((fault = judge_instance<C, Readable, Options>) != method_fault::none) || ...));
    return fault;
}

template <class Member, class... Options>
struct method_signature {
    using type = typename member_traits<Member>::signature;
};

template <class Member, class... Options>
    requires(states_signature<Options> || ...)
struct method_signature<Member, Options...> {
    using type = signature_of<Member, Options...>;
};

/// The signature of a member function without its object: the one that is said, else its own.
template <class Member, class... Options>
using method_signature_of = typename method_signature<Member, Options...>::type;

template <class Option>
inline constexpr bool is_instance_key = false;
template <class... Members>
inline constexpr bool is_instance_key<instance_option<std::tuple<Members...>>> = true;

/// The class whose object the function is called on; void for a free function.
template <class F>
struct subject_object {
    using type = typename member_traits<F>::object;
};
template <memo_wrapper F>
struct subject_object<F> {
    using type = typename F::memo_object;
};

template <class F, class... Targets>
struct subject_signature {
    using type = signature_of<F, Targets...>;
};
template <class F, class... Targets>
    requires(member_traits<F>::is_function)
struct subject_signature<F, Targets...> {
    using type = method_signature_of<F, Targets...>;
};

/// `callable_fault::none` for a member function, which was asked for its signature without the object.
template <class F, class... Targets>
constexpr callable_fault judge_subject() {
    if constexpr (member_traits<F>::is_function) {
        return std::is_void_v<typename subject_signature<F, Targets...>::type> ? callable_fault::variadic
                                                                               : callable_fault::none;
    } else {
        return judge_callable<F, Targets...>();
    }
}

template <class Member, class... Options>
constexpr method_fault judge_member() {
    using member = member_traits<Member>;
    if constexpr (std::is_void_v<typename member::object>) {
        return method_fault::free_function;
    } else if constexpr (!member::is_function) {
        return method_fault::member_object;
    } else if constexpr (std::is_void_v<typename member::signature>) {
        return method_fault::unusable;
    } else if constexpr (!(any_option<Options> && ...)) {
        return method_fault::stranger;
    } else if constexpr ((is_target(Options::kind) || ...)) {
        return method_fault::target;
    } else if constexpr (runs_in_background<Options...>) {
        return method_fault::background;
    } else if constexpr (!kinds_of<Options...>.has(option_kind::instance)) {
        return method_fault::no_instance;
    } else {
        return judge_instances<typename member::object, kinds_of<Options...>.has(option_kind::key), Options...>();
    }
}

template <class Member, class... Options>
constexpr auto judge_method() {
    constexpr auto method = judge_member<Member, Options...>();
    if constexpr (refused_wrapper<Member>) {
        return std::type_identity<silenced>{};
    } else if constexpr (any_option<Member>) {
        return std::type_identity<member_sentences<member_fault::option_first>>{};
    } else if constexpr (std::same_as<Member, overloaded_name>) {
        return std::type_identity<callable_sentences<callable_fault::overloaded>>{};
    } else if constexpr (method != method_fault::none) {
        return std::type_identity<method_sentences<method>>{};
    } else if constexpr (constexpr auto called = judge_parentheses<Options...>(); called.found) {
        return std::type_identity<parentheses_sentences<called>>{};
    } else if constexpr (constexpr auto repeated = judge_repetition<Options...>(); repeated.twice) {
        return std::type_identity<repetition_sentences<repeated>>{};
    } else if constexpr (std::is_void_v<method_signature_of<Member, Options...>>) {
        return std::type_identity<callable_sentences<callable_fault::no_signature>>{};
    } else {
        return judge_storing<Member, method_signature_of<Member, Options...>, Options...>();
    }
}

/// What is to be said of `memo::cached_method(&C::f, options...)`, as `cached_verdict` says it of `memo::cached`.
/// Requires nothing of `C` but that it is declared: the call may stand in the middle of the class.
template <class Member, class... Options>
using method_verdict = typename decltype(judge_method<Member, Options...>())::type;

}  // namespace memo::detail
