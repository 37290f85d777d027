#pragma once

#include <memo/call/option.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_parts.hpp>

#include <concepts>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <type_traits>

namespace memo::detail {

enum class result_fault { none, nothing, reference, view, one_shot, move_only, immovable };

/// Judges what a function returns: may it be stored and handed out again?
template <class Signature, class... Options>
constexpr result_fault judge_result();

template <result_fault Fault>
struct result_sentences {
    using enum result_fault;
    static_assert(Fault != nothing,
                  "memo::cached: the function returns void, there is nothing to store; call it as it is, or wrap it in "
                  "memo::cache_evict if it changes what others read");
    static_assert(
        Fault != reference,
        "memo::cached: the function returns a reference that can be written through; return a value or R const&, "
        "or add memo::trust_lifetime to store a copy");
    static_assert(
        Fault != view,
        "memo::cached: the result is a pointer or a view, or holds one, and what it refers to may be gone on a hit; "
        "return an owning type such as std::string, or vouch for it with memo::trust_lifetime");
    static_assert(
        Fault != one_shot,
        "memo::cached: the result can be read only once (a future, an awaitable or a generator); return the value "
        "itself, or a std::shared_future");
    static_assert(Fault != move_only,
                  "memo::cached: the result can be moved but not copied; add memo::shared, calls then return "
                  "std::shared_ptr<R const>");
    static_assert(Fault != immovable,
                  "memo::cached: the result can be neither copied nor moved; return a std::shared_ptr to it");
};

template <class T>
concept class_of_iterators = std::is_class_v<T> && requires {
    typename std::iterator_traits<T>::iterator_category;
};

template <class T>
struct is_reference_wrapper : std::false_type {};
template <class T>
struct is_reference_wrapper<std::reference_wrapper<T>> : std::true_type {};

template <class T>
struct is_initializer_list : std::false_type {};
template <class T>
struct is_initializer_list<std::initializer_list<T>> : std::true_type {};

template <class T>
inline constexpr bool is_range_view = false;
template <class T>
    requires std::is_class_v<T>
inline constexpr bool is_range_view<T> = std::ranges::enable_view<T>;

template <class T>
inline constexpr bool is_function_pointer = std::is_pointer_v<T>&& std::is_function_v<std::remove_pointer_t<T>>;

template <class T>
struct is_view : std::bool_constant<std::is_reference_v<T> || (std::is_pointer_v<T> && !is_function_pointer<T>) ||
                                    is_reference_wrapper<T>::value || is_initializer_list<T>::value ||
                                    is_range_view<T> || class_of_iterators<T>> {};

// Known by what they can do, because their headers are dear: futures, promises, coroutines.

template <class T>
concept future = requires(T& result) {
    result.valid();
    result.wait();
    result.share();
};

template <class T>
concept promise = requires(T& result) {
    result.get_future();
};

template <class T>
concept awaitable = requires(T& result) {
    result.await_ready();
}
|| requires(T&& result) { static_cast<T&&>(result).operator co_await(); }
|| requires(T&& result) { operator co_await(static_cast<T&&>(result)); };

template <class T>
concept coroutine = requires {
    typename T::promise_type;
};

template <class T>
struct is_one_shot
    : std::bool_constant<std::is_class_v<T> && (future<T> || promise<T> || awaitable<T> || coroutine<T>)> {};

template <class Signature, class... Options>
constexpr result_fault judge_result() {
    using returned = returned_of<Signature>;
    using result = result_of<Signature>;
    constexpr bool trusted = ((Options::kind == option_kind::trust_lifetime) || ...);
    constexpr bool shared = ((Options::kind == option_kind::shared) || ...);
    if constexpr (std::is_void_v<returned>) {
        return result_fault::nothing;
    } else if constexpr (holds<is_one_shot, result>()) {
        return result_fault::one_shot;
    } else if constexpr (std::is_lvalue_reference_v<returned> && !std::is_const_v<std::remove_reference_t<returned>> &&
                         !trusted) {
        return result_fault::reference;
    } else if constexpr (!trusted && holds<is_view, result>()) {
        return result_fault::view;
    } else if constexpr (!is_complete<result> || !std::is_class_v<result> || !holds<is_uncopyable, result>()) {
        return result_fault::none;
    } else if constexpr (!std::is_move_constructible_v<result>) {
        return result_fault::immovable;
    } else {
        return shared ? result_fault::none : result_fault::move_only;
    }
}

}  // namespace memo::detail
