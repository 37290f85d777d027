#pragma once

#include <memo/base/clock.hpp>
#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_bounds.hpp>
#include <memo/call/verdict_once.hpp>
#include <memo/call/verdict_surroundings.hpp>
#include <memo/call/verdict_words.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/concept.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace memo {

template <class T>
struct codec_traits;

}  // namespace memo

namespace memo::detail {

enum class store_fault {
    none,
    no_store,
    nameless,
    header,
    no_bytes,
    bound,
    errors,
    object,
    near_alone,
    near_stranger,
    near_bound,
    answer_alone,
    answer,
};

template <store_fault Fault>
struct store_sentences {
    using enum store_fault;
    static_assert(Fault != no_store,
                  "memo::store: this is no store of bytes; give one such as memo::open(url) or memo::sqlite_store(path), or the "
                  "name of one that the manager knows");
    static_assert(Fault != nameless,
                  "memo::store: the results would have no name in a store that others share; add memo::name, such as users.get, or "
                  "wrap memo::function<&f> of a function with external linkage");
    static_assert(Fault != header,
                  "memo::store: no store of bytes is known here; include <memo/open.hpp>, or the header of the store");
    static_assert(Fault != no_bytes,
                  "memo::store: the result has no bytes to be stored as; include <memo/codec/cereal.hpp>, annotate its members with "
                  "Boost.Hana, or specialize memo::codec_traits for it");
    static_assert(Fault != bound,
                  "memo::store: max_size, max_bytes, unbounded, weigher, policy and cleanup_interval bound typed memory; give them "
                  "to memo::near(...), and a bound of the store to the store");
    static_assert(Fault != errors,
                  "memo::cache_errors: exceptions have no bytes, a store cannot remember them; drop it, or the store");
    static_assert(Fault != object,
                  "memo::each_instance: the identity of an object ends with the process, what is stored does not; use "
                  "memo::instance_key(&C::member), or no memo::store");
    static_assert(Fault != near_alone,
                  "memo::near: there is nothing to stand in front of; add memo::store(...), or write the bounds without near");
    static_assert(Fault != near_stranger,
                  "memo::near: something here does not bound copies in memory; it takes max_size, max_bytes, unbounded, policy, "
                  "cleanup_interval and ttl, each once");
    static_assert(Fault != near_bound,
                  "memo::near: a value has the wrong type; give numbers of entries or bytes, a std::chrono duration, a policy");
    static_assert(Fault != answer_alone,
                  "memo::on_store_error: typed memory does not fail; add memo::store(...), or drop it");
    static_assert(Fault != answer, "memo::on_store_error: this is no answer to a fault; give memo::fail_open or memo::rethrow");
};

template <class T>
concept byte_store_like = std::is_convertible_v<T const&, shared_store>;

/// `Where` makes it depend on where it is asked.
template <class T, class... Where>
concept is_defined = requires { sizeof(T); };

/// Whether a codec is known for it: `storable`, as far as a room may see that knows no codecs.
template <class T>
concept has_bytes = is_defined<codec_traits<T>> && requires(std::string& out, T const& value) {
    codec_traits<T>::encode(out, value);
    { codec_traits<T>::schema() } -> std::convertible_to<std::string>;
};

template <class Option>
inline constexpr bool is_bound_of_memory =
    Option::kind == option_kind::max_size || Option::kind == option_kind::max_bytes || Option::kind == option_kind::unbounded ||
    Option::kind == option_kind::weigher || Option::kind == option_kind::policy || Option::kind == option_kind::cleanup_interval;

template <class Option>
inline constexpr bool is_near_stranger = true;
template <any_option Option>
inline constexpr bool is_near_stranger<Option> =
    !(is_bound_of_memory<Option> || Option::kind == option_kind::ttl) || Option::kind == option_kind::weigher;

template <class Option>
inline constexpr bool is_near_misfit = bound_fault_of<Option, int()> != bound_fault::none || order_fault_of<Option> != policy_verdict::right;
template <class Lifetime>
inline constexpr bool is_near_misfit<ttl_option<Lifetime>> = !time_span<Lifetime>;
template <class Interval>
inline constexpr bool is_near_misfit<cleanup_interval_option<Interval>> = !time_span<Interval>;

template <class Option>
inline constexpr store_fault near_fault_of = store_fault::none;
template <class... Inner>
inline constexpr store_fault near_fault_of<near_option<Inner...>> = [] {
    if constexpr ((is_near_stranger<Inner> || ...))
        return store_fault::near_stranger;
    else if constexpr (judge_repetition<Inner...>().twice)
        return store_fault::near_stranger;
    else
        return (is_near_misfit<Inner> || ...) ? store_fault::near_bound : store_fault::none;
}();

template <class Option>
inline constexpr store_fault store_fault_of = store_fault::none;
template <class Store>
inline constexpr store_fault store_fault_of<store_option<Store>> =
    text_like<Store> || byte_store_like<Store> ? store_fault::none : store_fault::no_store;
template <class Answer>
inline constexpr store_fault store_fault_of<on_store_error_option<Answer>> =
    std::same_as<Answer, store_error_policy> ? store_fault::none : store_fault::answer;
template <>
inline constexpr store_fault store_fault_of<instance_option<each_instance_t>> = store_fault::object;

template <class F>
inline constexpr bool is_named_function = false;
template <carries_function F>
inline constexpr bool is_named_function<F> = F::has_name();

/// Judges where results live, of the callable `F`.
template <class F, class Signature, class... Options>
constexpr store_fault judge_store() {
    constexpr auto kinds = kinds_of<Options...>;
    constexpr bool stores = kinds.has(option_kind::store);
    if constexpr (!stores) {
        return kinds.has(option_kind::near)             ? store_fault::near_alone
               : kinds.has(option_kind::on_store_error) ? store_fault::answer_alone
                                                        : store_fault::none;
    } else if constexpr (constexpr auto fault = first_of({store_fault_of<Options>..., near_fault_of<Options>...});
                         fault != store_fault::none) {
        return fault;
    } else if constexpr (!kinds.has(option_kind::name) && !is_named_function<F>) {
        return store_fault::nameless;
    } else if constexpr ((is_bound_of_memory<Options> || ...)) {
        return store_fault::bound;
    } else if constexpr (kinds.has(option_kind::cache_errors)) {
        return store_fault::errors;
    } else if constexpr (!is_defined<stores_of_bytes, F>) {
        return store_fault::header;
    } else {
        return has_bytes<result_of<Signature>> ? store_fault::none : store_fault::no_bytes;
    }
}

}  // namespace memo::detail
