#pragma once

#include <memo/base/event.hpp>
#include <memo/base/fork.hpp>
#include <memo/base/sync.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/space.hpp>

#include <atomic>
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

namespace memo::detail {

/// What a value is stored as: text as `std::string`, anything else as what it is.
template <class V>
struct storage_of {
    using type = std::remove_cvref_t<V>;
};
template <class V>
    requires std::same_as<std::decay_t<V>, char const*> || std::same_as<std::decay_t<V>, char*> ||
             std::same_as<std::remove_cvref_t<V>, std::string_view>
struct storage_of<V> {
    using type = std::string;
};
template <class V>
using stored_as = typename storage_of<V>::type;

/// Throws: value_error for a null pointer to text.
void check_text(char const* text);

template <class V>
decltype(auto) to_stored(V&& value) {
    if constexpr (std::same_as<stored_as<V>, std::string> && !std::same_as<std::remove_cvref_t<V>, std::string>) {
        if constexpr (std::is_pointer_v<std::remove_cvref_t<V>>)
            check_text(value);
        return std::string{std::forward<V>(value)};
    } else {
        return std::forward<V>(value);
    }
}

/// What was registered for the values of one type, each in the order of registration. A change takes a `std::optional<T>*`, a
/// judgement a `T const*`.
struct typed_hooks {
    using change = std::function<void(std::string_view key, void* value)>;
    using judgement = std::function<bool(std::string_view key, void const* value)>;

    std::vector<judgement> validators{};
    std::vector<change> before_set{};
    std::vector<change> after_get{};
    std::vector<change> loaders{};
};

/// What users registered with a cache: functions about values, by type, and listeners.
///
/// Threads: any; no lock is held while one of them runs.
class cache_hooks final : fork_aware {
public:
    cache_hooks();
    ~cache_hooks();

    /// Null when there are none.
    std::shared_ptr<typed_hooks const> of(std::type_index type) const;
    void add(std::type_index type, std::function<void(typed_hooks&)> const& addition);

    void listen(event_listener fn);
    bool heard() const noexcept { return heard_.load(std::memory_order_acquire); }
    /// Throws: what the last of those threw that threw, when all have heard.
    void tell(event const& happening) const;

private:
    struct registry {
        std::map<std::type_index, std::shared_ptr<typed_hooks const>> types;
        std::vector<std::shared_ptr<event_listener const>> listeners;
    };

    std::shared_ptr<registry const> registered() const;
    void replace(std::function<void(registry&)> const& change);
    void before_fork() noexcept override { mutex_.lock(); }
    void after_fork(fork_side) noexcept override { mutex_.unlock(); }

    mutable mutex mutex_;
    std::shared_ptr<registry const> registered_;
    atomic<bool> hooked_{false};
    atomic<bool> heard_{false};
    fork_enrolment enrolment_{*this};
};

/// `fn(key)` or `fn(key, value)`, which may want the key as text of its own.
template <class Fn, class... Value>
decltype(auto) call_with_key(Fn& fn, std::string_view key, Value&&... value) {
    if constexpr (std::invocable<Fn&, std::string_view, Value...>)
        return fn(key, std::forward<Value>(value)...);
    else
        return fn(std::string{key}, std::forward<Value>(value)...);
}

template <class Fn, class... Value>
concept called_with_key = std::invocable<Fn&, std::string_view, Value...> || std::invocable<Fn&, std::string, Value...>;

template <class Fn, class... Value>
using answer_with_key = decltype(call_with_key(std::declval<Fn&>(), std::string_view{}, std::declval<Value>()...));

template <class Params>
struct hooked_value {
    using type = void;
};
template <class Key, class Value>
struct hooked_value<types<Key, Value>> {
    using type = stored_as<Value>;
};

template <class Result>
struct loaded_value {
    using type = stored_as<Result>;
};
template <class T>
struct loaded_value<std::optional<T>> {
    using type = stored_as<T>;
};

/// What a function `fn(key, value)` is about: `Said`, else what its signature says; void where nothing does.
template <class Said, class Fn>
using value_of_hook = std::conditional_t<std::is_void_v<Said>, typename hooked_value<params_of<signature_of<Fn>>>::type, Said>;

/// What a loader makes.
template <class Said, class Fn>
struct value_of_loader {
    using type = Said;
};
template <class Fn>
    requires called_with_key<Fn>
struct value_of_loader<void, Fn> {
    using type = typename loaded_value<std::remove_cvref_t<answer_with_key<Fn>>>::type;
};

template <class T, class Fn>
concept validates = !std::is_void_v<T> && called_with_key<Fn, T const&> && requires {
    requires std::convertible_to<answer_with_key<Fn, T const&>, bool>;
};

template <class T, class Fn>
concept changes = !std::is_void_v<T> && called_with_key<Fn, T> && requires {
    requires std::constructible_from<T, answer_with_key<Fn, T>>;
};

template <class T, class Fn>
concept loads = !std::is_void_v<T> && called_with_key<Fn> && requires {
    requires std::constructible_from<std::optional<T>, answer_with_key<Fn>>;
};

template <class T, class Fn>
void add_validator(cache_hooks& hooks, Fn fn) {
    typed_hooks::judgement one = [shared = std::make_shared<Fn>(std::move(fn))](std::string_view key, void const* value) {
        return static_cast<bool>(call_with_key(*shared, key, *static_cast<T const*>(value)));
    };
    hooks.add(typeid(T), [&](typed_hooks& all) { all.validators.push_back(std::move(one)); });
}

/// `Into` says which of the lists of changes.
template <class T, std::vector<typed_hooks::change> typed_hooks::*Into, class Fn>
void add_change(cache_hooks& hooks, Fn fn) {
    typed_hooks::change one = [shared = std::make_shared<Fn>(std::move(fn))](std::string_view key, void* given) {
        auto& value = *static_cast<std::optional<T>*>(given);
        T fresh(call_with_key(*shared, key, std::move(*value)));
        value.emplace(std::move(fresh));
    };
    hooks.add(typeid(T), [&](typed_hooks& all) { (all.*Into).push_back(std::move(one)); });
}

template <class T, class Fn>
void add_loader(cache_hooks& hooks, Fn fn) {
    typed_hooks::change one = [shared = std::make_shared<Fn>(std::move(fn))](std::string_view key, void* into) {
        std::optional<T> fresh(call_with_key(*shared, key));
        if (fresh)
            static_cast<std::optional<T>*>(into)->emplace(std::move(*fresh));
    };
    hooks.add(typeid(T), [&](typed_hooks& all) { all.loaders.push_back(std::move(one)); });
}

}  // namespace memo::detail
