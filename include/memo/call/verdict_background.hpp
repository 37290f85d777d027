#pragma once

#include <memo/call/option.hpp>
#include <memo/call/parameters.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_parts.hpp>
#include <memo/call/verdict_result.hpp>
#include <memo/call/verdict_words.hpp>

#include <concepts>
#include <type_traits>

namespace memo::detail {

enum class background_fault { none, pointer, iterator, view, uncopyable };

template <background_fault Fault>
struct background_sentences {
    using enum background_fault;
    static_assert(Fault != pointer,
                  "memo::cached: a parameter is a pointer or holds one, a run in the background cannot keep what it "
                  "points to; for stale_while_revalidate and refresh_ahead take a value, or refresh in the call with "
                  "memo::early_expiration");
    static_assert(Fault != iterator,
                  "memo::cached: a parameter is an iterator or holds one, a run in the background cannot keep its "
                  "container; for stale_while_revalidate and refresh_ahead take the container itself, or refresh in "
                  "the call with memo::early_expiration");
    static_assert(Fault != view,
                  "memo::cached: a parameter is a view or holds one, a run in the background cannot keep what it "
                  "shows; for stale_while_revalidate and refresh_ahead take an owning type such as std::vector or "
                  "std::string, or refresh in the call with memo::early_expiration");
    static_assert(Fault != uncopyable,
                  "memo::cached: a parameter cannot be copied, a run in the background needs a copy; for "
                  "stale_while_revalidate and refresh_ahead take a type that can, such as std::shared_ptr, or refresh "
                  "in the call with memo::early_expiration");
};

template <class T>
struct is_object_pointer : std::bool_constant<std::is_pointer_v<T> && !is_function_pointer<T>> {};

template <class T>
struct is_class_of_iterators : std::bool_constant<class_of_iterators<T>> {};

/// Why no copy of an argument, kept as it is kept over a call, outlives that call.
template <class P>
constexpr background_fault judge_copy() {
    using given = std::remove_cvref_t<P>;
    if constexpr (!std::same_as<kept_argument<P>, given>) {
        return background_fault::none;
    } else if constexpr (holds<is_object_pointer, given>()) {
        return background_fault::pointer;
    } else if constexpr (holds<is_class_of_iterators, given>()) {
        return background_fault::iterator;
    } else if constexpr (holds<is_view, given>()) {
        return background_fault::view;
    } else {
        return holds<is_uncopyable, given>() ? background_fault::uncopyable : background_fault::none;
    }
}

template <class Params>
inline constexpr background_fault copies_fault = background_fault::none;
template <class... P>
inline constexpr background_fault copies_fault<types<P...>> = first_of({background_fault::none, judge_copy<P>()...});

/// Whether the options make runs that no call waits for.
template <class... Options>
inline constexpr bool runs_in_background = kinds_of<Options...>.has(option_kind::stale_while_revalidate) ||
                                           kinds_of<Options...>.has(option_kind::refresh_ahead);

/// Judges whether the arguments can be copied for a run in the background: all of them, also those that are left out of
/// the key.
template <class Signature, class... Options>
constexpr background_fault judge_background() {
    if constexpr (runs_in_background<Options...>) {
        return copies_fault<params_of<Signature>>;
    } else {
        return background_fault::none;
    }
}

}  // namespace memo::detail
