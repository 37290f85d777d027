#pragma once

#include <memo/call/option.hpp>
#include <memo/call/verdict_parts.hpp>
#include <memo/call/verdict_result.hpp>
#include <memo/call/verdict_words.hpp>
#include <memo/key/traits.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace memo::detail {

enum class key_fault {
    none,
    writable,
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
        return key_fault::none;
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

/// What `args` and `ignore` say of the parameters.
template <class... Options>
struct place_choice {
    static constexpr bool names([[maybe_unused]] std::size_t place) {
        return (places<Options>::any([place](std::size_t named) { return named == place; }) || ...);
    }
    static constexpr bool exceeds([[maybe_unused]] std::size_t arity) {
        return (places<Options>::any([arity](std::size_t named) { return named >= arity; }) || ...);
    }
    static constexpr bool repeat() { return (places<Options>::repeat() || ...); }

    static constexpr bool enters(std::size_t place) {
        return !has_option<option_kind::key, Options...> && !has_option<option_kind::key_builder, Options...> &&
               (!has_option<option_kind::args, Options...> || names(place)) &&
               (!has_option<option_kind::ignore, Options...> || !names(place));
    }
};

template <class P>
inline constexpr bool is_writable = std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;

template <class Choice, class P, std::size_t Place>
constexpr key_fault judge_parameter() {
    if constexpr (is_writable<P>) {
        return key_fault::writable;
    } else if constexpr (Choice::enters(Place)) {
        return judge_keyable<std::remove_cvref_t<P>>();
    } else {
        return key_fault::none;
    }
}

template <class Choice, class... P, std::size_t... Place>
constexpr key_fault judge_parameters(types<P...>, std::index_sequence<Place...>) {
    key_fault fault = key_fault::none;
    static_cast<void>((((fault = judge_parameter<Choice, P, Place>()) != key_fault::none) || ...));
    return fault;
}

template <class Builder, class Signature>
constexpr key_fault judge_builder() {
    if constexpr (!given<Builder>) {
        return key_fault::none;
    } else if constexpr (!asks_arguments<Builder, Signature>) {
        return key_fault::builder_function;
    } else {
        return keyable<argument_answer_of<Builder, Signature>> ? key_fault::none : key_fault::builder_result;
    }
}

/// Judges what enters the key; the text of templates is judged in verdict_text.hpp.
template <class Signature, class... Options>
constexpr key_fault judge_key() {
    using choice = place_choice<Options...>;
    constexpr bool key = has_option<option_kind::key, Options...>;
    constexpr bool builder = has_option<option_kind::key_builder, Options...>;
    constexpr bool args = has_option<option_kind::args, Options...>;
    constexpr bool ignore = has_option<option_kind::ignore, Options...>;
    if constexpr (args && ignore) {
        return key_fault::args_and_ignore;
    } else if constexpr (key && builder) {
        return key_fault::key_and_builder;
    } else if constexpr (args || ignore) {
        if constexpr (key || builder) {
            return key ? key_fault::key_and_places : key_fault::builder_and_places;
        } else if constexpr (choice::exceeds(arity_of<Signature>)) {
            return args ? key_fault::args_range : key_fault::ignore_range;
        } else if constexpr (choice::repeat()) {
            return key_fault::repeated_place;
        }
    }
    constexpr auto fault =
        judge_parameters<choice>(params_of<Signature>{}, std::make_index_sequence<arity_of<Signature>>{});
    return fault != key_fault::none ? fault
                                    : judge_builder<value_of<option_kind::key_builder, Options...>, Signature>();
}

}  // namespace memo::detail
