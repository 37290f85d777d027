#pragma once

#include <memo/base/fixed_string.hpp>
#include <memo/call/option.hpp>
#include <memo/call/verdict_parts.hpp>
#include <memo/call/verdict_result.hpp>
#include <memo/call/verdict_words.hpp>
#include <memo/call/verdict_writable.hpp>
#include <memo/key/template.hpp>
#include <memo/key/traits.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace memo::detail {

enum class key_fault {
    none,
    writable,
    writable_view,
    args_and_ignore,
    key_and_places,
    key_and_builder,
    builder_and_places,
    args_range,
    ignore_range,
    repeated_place,
    pointer,
    smart_pointer,
    callable,
    iterator,
    keyless,
    builder_function,
    builder_result,
};

template <key_fault Fault>
struct key_sentences {
    using enum key_fault;
    static_assert(
        Fault != writable,
        "memo::cached: a parameter is a reference that the function may write through, a hit would write nothing; take "
        "it by value or const reference and return what changes");
    static_assert(
        Fault != writable_view,
        "memo::cached: a parameter is a view that the function may write through, a hit would write nothing; take a "
        "view of constants such as std::span<T const> or char const*, and return what changes");
    static_assert(Fault != args_and_ignore, "memo::args: ignore says the same from the other side; keep one of them");
    static_assert(Fault != key_and_places,
                  "memo::key: the template names what enters the key, args and ignore contradict it; keep one of them");
    static_assert(Fault != key_and_builder, "memo::key: key_builder makes the key as well; keep one of them");
    static_assert(Fault != builder_and_places,
                  "memo::key_builder: it decides what enters the key, args and ignore contradict it; keep one of them");
    static_assert(Fault != args_range,
                  "memo::args: the function has no parameter at one of these places; 0 is the first parameter");
    static_assert(Fault != ignore_range,
                  "memo::ignore: the function has no parameter at one of these places; 0 is the first parameter");
    static_assert(Fault != repeated_place, "memo::args: a place is named twice; name each once");
    static_assert(Fault != pointer,
                  "memo::cached: a parameter is a raw pointer or holds one, an address says nothing about what stands "
                  "there; take "
                  "a value, or leave it out with memo::ignore, memo::args or memo::key_builder");
    static_assert(
        Fault != smart_pointer,
        "memo::cached: a parameter is a smart pointer or holds one, an address says nothing about what stands there; "
        "take the value, or leave it out with memo::ignore, memo::args or memo::key_builder");
    static_assert(
        Fault != callable,
        "memo::cached: a parameter is a callable, two of them cannot be compared; leave it out with memo::ignore, "
        "memo::args or memo::key_builder");
    static_assert(
        Fault != iterator,
        "memo::cached: a parameter is an iterator, it says where something is and not what; take a container or a "
        "span, or leave it out with memo::ignore, memo::args or memo::key_builder");
    static_assert(
        Fault != keyless,
        "memo::cached: a parameter has a type that cannot enter a key; annotate it with BOOST_HANA_DEFINE_STRUCT, "
        "specialize memo::key_traits, or leave it out with memo::ignore, memo::args or memo::key_builder");
    static_assert(
        Fault != builder_function,
        "memo::key_builder: this cannot be called with the arguments; give a function that takes all of them, by value "
        "or const reference");
    static_assert(
        Fault != builder_result,
        "memo::key_builder: what the function returns cannot enter a key; return a string or another keyable value");
};

/// Whether a placeholder of the template stands for this parameter, or for a field of it.
template <fixed_string Text>
constexpr bool names_parameter(std::size_t place) {
    for (auto const& piece : parsed_pieces<Text>.pieces) {
        if (piece.placeholder && piece.parameter == place) {
            return true;
        }
    }
    return false;
}

template <class T>
struct is_raw_pointer : std::bool_constant<std::is_pointer_v<T> && !is_function_pointer<T> && !keyable<T>> {};

template <class T>
    struct is_smart_pointer : std::bool_constant < requires(T const& pointer) {
    pointer.get();
    typename T::element_type;
} || requires(T const& pointer) {
    pointer.lock();
    pointer.expired();
}
> {};

/// Why a type cannot enter a key.
template <class T>
constexpr key_fault judge_keyable() {
    if constexpr (!is_complete<T>) {
        return key_fault::none;
    } else if constexpr (keyable<T>) {
        return holds<is_writable_view, T>() ? key_fault::writable_view : key_fault::none;
    } else if constexpr (holds<is_smart_pointer, T>()) {
        return key_fault::smart_pointer;
    } else if constexpr (is_function_pointer<T> || std::is_member_pointer_v<T>) {
        return key_fault::callable;
    } else if constexpr (!std::is_final_v<T> && function_like<T>) {
        return key_fault::callable;
    } else if constexpr (class_of_iterators<T>) {
        return key_fault::iterator;
    } else {
        return holds<is_raw_pointer, T>() ? key_fault::pointer : key_fault::keyless;
    }
}

template <class Option>
struct places {
    static constexpr bool any(auto) { return false; }
    static constexpr bool repeat() { return false; }
};

template <std::size_t... Place>
struct place_list {
    static constexpr bool any([[maybe_unused]] auto test) { return (test(Place) || ...); }
    static constexpr bool repeat() {
        [[maybe_unused]] constexpr auto count = [](std::size_t place) {
            return (std::size_t{Place == place} + ... + 0);
        };
        return ((count(Place) > 1) || ...);
    }
};

template <std::size_t... Place>
struct places<args_option<Place...>> : place_list<Place...> {};
template <std::size_t... Place>
struct places<ignore_option<Place...>> : place_list<Place...> {};

template <bool Enters, class P>
inline constexpr key_fault parameter_fault = is_writable<P> ? key_fault::writable : key_fault::none;
template <class P>
    requires(!is_writable<P>)
inline constexpr key_fault parameter_fault<true, P> = judge_keyable<std::remove_cvref_t<P>>();

template <bool Enter, class Params>
inline constexpr key_fault parameters_fault = key_fault::none;
template <bool Enter, class... P>
inline constexpr key_fault parameters_fault<Enter, types<P...>> = first_of({key_fault::none,
                                                                            parameter_fault<Enter, P>...});

/// Judges the parameters where `args` or `ignore` says which of them enter the key.
template <class... Options, class... P, std::size_t... Place>
constexpr key_fault judge_places(types<P...>, std::index_sequence<Place...>) {
    constexpr bool kept = kinds_of<Options...>.has(option_kind::args);
    constexpr auto names = []([[maybe_unused]] std::size_t place) {
        return (places<Options>::any([place](std::size_t named) { return named == place; }) || ...);
    };
    if constexpr ((places<Options>::any([](std::size_t named) { return named >= sizeof...(P); }) || ...)) {
        return kept ? key_fault::args_range : key_fault::ignore_range;
    } else if constexpr ((places<Options>::repeat() || ...)) {
        return key_fault::repeated_place;
    } else {
        return first_of({key_fault::none, parameter_fault<names(Place) == kept, P>...});
    }
}

/// Whether a view among the parameters that a template names may be written through.
template <class Option, class Params, class Sequence>
inline constexpr key_fault named_fault = key_fault::none;
template <fixed_string Text, class... P, std::size_t... Place>
inline constexpr key_fault named_fault<key_option<Text>, types<P...>, std::index_sequence<Place...>> =
    first_of({key_fault::none, names_parameter<Text>(Place) && holds<is_writable_view, std::remove_cvref_t<P>>()
                                   ? key_fault::writable_view
                                   : key_fault::none...});

template <class Builder, class Signature>
constexpr key_fault judge_builder() {
    if constexpr (!asks_arguments<Builder, Signature>) {
        return key_fault::builder_function;
    } else {
        return keyable<argument_answer_of<Builder, Signature>> ? key_fault::none : key_fault::builder_result;
    }
}

template <class Option, class Signature>
inline constexpr key_fault builder_fault_of = key_fault::none;
template <class Builder, class Signature>
inline constexpr key_fault builder_fault_of<key_builder_option<Builder>, Signature> =
    judge_builder<Builder, Signature>();

/// Judges what enters the key; the text of templates is judged in verdict_text.hpp.
template <class Signature, class... Options>
constexpr key_fault judge_key() {
    using params = params_of<Signature>;
    constexpr auto kinds = kinds_of<Options...>;
    constexpr bool key = kinds.has(option_kind::key);
    constexpr bool builder = kinds.has(option_kind::key_builder);
    constexpr bool args = kinds.has(option_kind::args);
    constexpr bool ignore = kinds.has(option_kind::ignore);
    if constexpr (args && ignore) {
        return key_fault::args_and_ignore;
    } else if constexpr (key && builder) {
        return key_fault::key_and_builder;
    } else if constexpr ((args || ignore) && (key || builder)) {
        return key ? key_fault::key_and_places : key_fault::builder_and_places;
    } else if constexpr (args || ignore) {
        return judge_places<Options...>(params{}, std::make_index_sequence<params::size>{});
    } else if constexpr (builder) {
        return first_of({parameters_fault<false, params>, builder_fault_of<Options, Signature>...});
    } else {
        return first_of(
            {parameters_fault<!key, params>, named_fault<Options, params, std::make_index_sequence<params::size>>...});
    }
}

}  // namespace memo::detail
