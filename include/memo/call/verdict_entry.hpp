#pragma once

#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_parts.hpp>
#include <memo/call/verdict_refused.hpp>
#include <memo/call/verdict_words.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace memo::detail {

enum class entry_fault {
    none,
    silenced,
    stranger,
    all_stranger,
    empty_handed,
    no_object,
    other_object,
    same_count,
    same_types,
    place_range,
    place_count,
    place_types,
    projection,
    projection_copies,
    projection_count,
    projection_types,
};

template <entry_fault Fault>
struct entry_sentences {
    using enum entry_fault;
    static_assert(Fault != stranger,
                  "memo::entry: this is no wrapper of memo's; give what memo::cached or memo::cached_method returned");
    static_assert(Fault != all_stranger,
                  "memo::all: this is no wrapper of memo's; give what memo::cached or memo::cached_method returned");
    static_assert(Fault != empty_handed,
                  "memo::entry: this wrapper stores nothing, it only evicts or fills others; give the wrapper that "
                  "memo::cached or memo::cached_method returned");
    static_assert(
        Fault != no_object,
        "memo::entry: a free function has no object from which a cached_method could take its key; wrap a member "
        "function of that class, or use memo::all, memo::key or memo::tags");
    static_assert(
        Fault != other_object,
        "memo::entry: the cached_method belongs to another class than the member function; use memo::all, memo::key "
        "or memo::tags across classes");
    static_assert(Fault != same_count,
                  "memo::entry: the wrapper takes another number of arguments than this function; say which of them, "
                  "memo::entry(g, memo::by<0>), or give a function of the arguments");
    static_assert(Fault != same_types,
                  "memo::entry: the arguments of this function do not fit those of the wrapper; say which of them, "
                  "memo::entry(g, memo::by<0>), or give a function of the arguments");
    static_assert(Fault != place_range,
                  "memo::by: the function has no parameter at one of these places; 0 is the first parameter");
    static_assert(
        Fault != place_count,
        "memo::by: the wrapper takes another number of arguments than there are places; name one place for each "
        "argument of the wrapper, in order");
    static_assert(
        Fault != place_types,
        "memo::by: the argument at one of these places does not fit the wrapper's; name the places in the order of the "
        "wrapper's arguments, or give a function that converts them");
    static_assert(Fault != projection,
                  "memo::entry: the function cannot be called with the arguments; take all of them, by value or const "
                  "reference, and return the wrapper's arguments");
    static_assert(
        Fault != projection_copies,
        "memo::entry: the function takes the result, and an argument cannot be copied to be kept until then; take the "
        "arguments alone, or parameters that can be copied");
    static_assert(
        Fault != projection_count,
        "memo::entry: the function returns another number of arguments than the wrapper takes; return a std::tuple of "
        "all of them");
    static_assert(
        Fault != projection_types,
        "memo::entry: what the function returns does not fit the wrapper's arguments; return a std::tuple of them, or "
        "the one argument");
};

/// The function that evicts or puts, as its targets see it: its signature without the object, and the class of that.
/// `Filling` is true for `cache_put`, whose projections may take the result first.
template <class Signature, class Object, bool Filling>
struct subject {
    using signature = Signature;
    using object = Object;
    static constexpr bool filling = Filling;
};

template <class From, class To>
inline constexpr bool fits = std::is_convertible_v<constant<From>, std::remove_cvref_t<To>>;
template <class From, class To>
    requires std::same_as<std::remove_cvref_t<To>, std::string>
inline constexpr bool fits<From, To> =
    std::is_convertible_v<constant<From>, std::string> || std::is_convertible_v<constant<From>, std::string_view>;

template <class From, class To>
inline constexpr bool all_fit = false;
template <class... From, class... To>
    requires(sizeof...(From) == sizeof...(To))
inline constexpr bool all_fit<types<From...>, types<To...>> = (fits<From, To> && ...);

template <class Tuple>
inline constexpr bool is_tuple = false;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;
template <class First, class Second>
inline constexpr bool is_tuple<std::pair<First, Second>> = true;

template <class Tuple>
struct tuple_types;
template <template <class...> class Tuple, class... T>
struct tuple_types<Tuple<T...>> {
    using type = types<T...>;
};

template <class Answer, class... Wanted>
constexpr entry_fault judge_answer(types<Wanted...>) {
    if constexpr (sizeof...(Wanted) == 1 && (fits<Answer, Wanted> && ...)) {
        return entry_fault::none;
    } else if constexpr (is_tuple<Answer>) {
        using found = typename tuple_types<Answer>::type;
        if constexpr (found::size != sizeof...(Wanted)) {
            return entry_fault::projection_count;
        } else {
            return all_fit<found, types<Wanted...>> ? entry_fault::none : entry_fault::projection_types;
        }
    } else {
        return sizeof...(Wanted) == 1 ? entry_fault::projection_types : entry_fault::projection_count;
    }
}

template <class Subject, class Projection>
struct projected {
    template <class R, class... P, class Wanted>
    static constexpr entry_fault judge(std::type_identity<R(P...)>, Wanted wanted) {
        if constexpr (std::is_invocable_v<Projection&, constant<P>...>) {
            using answer = std::invoke_result_t<Projection&, constant<P>...>;
            return judge_answer<std::remove_cvref_t<answer>>(wanted);
        } else if constexpr (!Subject::filling) {
            return entry_fault::projection;
        } else if constexpr (std::is_invocable_v<Projection&, constant<R>, constant<P>...>) {
            using answer = std::invoke_result_t<Projection&, constant<R>, constant<P>...>;
            constexpr bool kept = !(holds<is_uncopyable, std::remove_cvref_t<P>>() || ...);
            return kept ? judge_answer<std::remove_cvref_t<answer>>(wanted) : entry_fault::projection_copies;
        } else {
            return entry_fault::projection;
        }
    }
};

template <class Subject>
struct projected<Subject, same_arguments> {
    template <class R, class... P, class Wanted>
    static constexpr entry_fault judge(std::type_identity<R(P...)>, Wanted) {
        if constexpr (sizeof...(P) != Wanted::size) {
            return entry_fault::same_count;
        } else {
            return all_fit<types<P...>, Wanted> ? entry_fault::none : entry_fault::same_types;
        }
    }
};

template <class Subject, std::size_t... Places>
struct projected<Subject, by_places<Places...>> {
    template <class R, class... P, class Wanted>
    static constexpr entry_fault judge(std::type_identity<R(P...)>, Wanted) {
        if constexpr (((Places >= sizeof...(P)) || ...)) {
            return entry_fault::place_range;
        } else if constexpr (sizeof...(Places) != Wanted::size) {
            return entry_fault::place_count;
        } else {
            using found = types<std::tuple_element_t<Places, std::tuple<P...>>...>;
            return all_fit<found, Wanted> ? entry_fault::none : entry_fault::place_types;
        }
    }
};

template <class F>
concept storing_wrapper = memo_wrapper<F> && requires {
    requires F::stores_results;
};

/// Whether the wrapper can take its part of the key from the object of the function that evicts.
template <class Object, class Wanted>
constexpr entry_fault judge_object() {
    if constexpr (std::is_void_v<Wanted>) {
        return entry_fault::none;
    } else if constexpr (std::is_void_v<Object>) {
        return entry_fault::no_object;
    } else {
        return may_be_a<Object, Wanted> ? entry_fault::none : entry_fault::other_object;
    }
}

/// Judges one target; those that are neither `entry` nor `all` have no fault here.
template <class Subject, class Target>
inline constexpr entry_fault judge_entry = entry_fault::none;

template <class Subject, class Wrapper, class Projection>
constexpr entry_fault judge_entry_target() {
    if constexpr (refused_wrapper<Wrapper>) {
        return entry_fault::silenced;
    } else if constexpr (!memo_wrapper<Wrapper>) {
        return entry_fault::stranger;
    } else if constexpr (!storing_wrapper<Wrapper>) {
        return entry_fault::empty_handed;
    } else {
        constexpr auto object = judge_object<typename Subject::object, typename Wrapper::memo_object>();
        if constexpr (object != entry_fault::none) {
            return object;
        } else {
            return projected<Subject, Projection>::judge(std::type_identity<typename Subject::signature>{},
                                                         params_of<typename Wrapper::memo_signature>{});
        }
    }
}

template <class Subject, class Wrapper, class Projection>
inline constexpr entry_fault judge_entry<Subject, entry_target<Wrapper, Projection>> =
    judge_entry_target<Subject, Wrapper, Projection>();

template <class Subject, class Wrapper>
inline constexpr entry_fault judge_entry<Subject, all_target<Wrapper>> =
    refused_wrapper<Wrapper>    ? entry_fault::silenced
    : !memo_wrapper<Wrapper>    ? entry_fault::all_stranger
    : !storing_wrapper<Wrapper> ? entry_fault::empty_handed
                                : entry_fault::none;

/// The first fault among all targets.
template <class Subject, class... Targets>
constexpr entry_fault judge_entries() {
    entry_fault fault = entry_fault::none;
    static_cast<void>((((fault = judge_entry<Subject, Targets>) != entry_fault::none) || ...));
    return fault;
}

}  // namespace memo::detail
