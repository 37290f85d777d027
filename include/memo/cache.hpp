#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/stats.hpp>
#include <memo/cache_entries.hpp>
#include <memo/cache_hooks.hpp>
#include <memo/cache_transaction.hpp>
#include <memo/cache_values.hpp>
#include <memo/call/anchor.hpp>
#include <memo/call/option.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/settings.hpp>
#include <memo/call/verdict_words.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/store/byte_store.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace memo {

namespace detail {

/// Keys as they are handed in: `{"a", "b"}`, or any range of texts.
class key_list {
public:
    key_list(std::initializer_list<std::string_view> keys) : keys_{keys} {}
    template <std::ranges::input_range Keys>
        requires std::convertible_to<std::ranges::range_reference_t<Keys>, std::string_view>
    key_list(Keys&& keys) {
        using one = std::ranges::range_reference_t<Keys>;
        if constexpr (std::is_lvalue_reference_v<one> || std::is_pointer_v<one> || std::same_as<one, std::string_view>) {
            for (auto&& key : keys)
                keys_.emplace_back(key);
        } else {
            for (auto&& key : keys)
                kept_.emplace_back(std::string_view{key});
            keys_.assign(kept_.begin(), kept_.end());
        }
    }

    std::span<std::string_view const> all() const noexcept { return keys_; }

private:
    std::vector<std::string> kept_;
    std::vector<std::string_view> keys_;
};

template <class T>
struct optional_or_itself {
    using type = T;
};
template <class T>
struct optional_or_itself<std::optional<T>> {
    using type = T;
};

template <any_option... Options>
std::shared_ptr<cache_entries> make_entries(std::optional<shared_store> const& store, Options... options);

}  // namespace detail

/// Keys and values without a function, in any store of bytes: `memo::cache c{memo::open("redis://localhost")};`, or
/// `memo::cache c;` for memory. Keys are any bytes up to 64 KiB; values of any type that has bytes may stand side by side.
///
/// It stands among the options what else it should be: `in(m)`, `clock(c)`, `ttl(d)` and `jitter(fraction)` of entries that say
/// nothing, `name("sessions")`, `on_event(fn)`, `wait_timeout(d)`, `store("name")` of the manager's, `no_stats`.
///
/// A copy is the same cache. It sees what any cache, in any process, put into its store, and nothing that wrappers put there.
///
/// Throws:  key_error for a key above 64 KiB, a malformed pattern, and tags that begin with the byte 1. When the store is at fault,
///          reads find nothing, evictions say that they failed, and `set`, `set_many`, `add`, `commit`, `ping` and `info` throw
///          connection_error.
/// Threads: any; no lock is held while functions of the user's run.
/// Cost:    one round trip to the store for each verb, and one decoding or encoding.
class cache {
public:
    /// In the manager's own store, else in memory of its own.
    cache() : cache{detail::make_entries(std::nullopt)} {}
    template <detail::any_option First, detail::any_option... Options>
    explicit cache(First first, Options... options)
        : cache{detail::make_entries(std::nullopt, std::move(first), std::move(options)...)} {}
    template <detail::any_option... Options>
    explicit cache(shared_store store, Options... options) : cache{detail::make_entries(std::move(store), std::move(options)...)} {}

    /// Nothing for an entry of another type. A miss asks the loader, if there is one for `T`.
    template <class T>
    std::optional<T> get(std::string_view key) const {
        if constexpr (detail::is_kept<T>())
            return values<T>().get(key);
        else
            return std::nullopt;
    }

    template <class T>
    T get_or(std::string_view key, std::type_identity_t<T> fallback) const {
        auto found = get<T>(key);
        return found ? std::move(*found) : std::move(fallback);
    }

    /// What is stored, or the result of `fn()`, which is stored. Equal calls in flight share one run, which is stored unless the entry was
    /// evicted or set meanwhile.
    ///
    /// Throws: what `fn` throws; value_error; recursion_error. A result that the store cannot take is returned all the same.
    template <class Fn>
    auto get_or_compute(std::string_view key, Fn&& fn, entry_options const& options = {}) const {
        using kept = detail::stored_as<std::invoke_result_t<Fn&>>;
        static_assert(!std::is_void_v<kept>, "memo::cache: this has no result to be stored; let fn return the value");
        if constexpr (std::is_void_v<kept>)
            return fn();
        else if constexpr (detail::is_kept<kept>())
            return std::move(*values<kept>().compute(key, options, [&] { return std::optional<kept>{detail::to_stored(fn())}; }));
        else
            return fn();
    }

    /// Replaces the whole entry: value, lifetime, tags, metadata.
    template <class V>
    void set(std::string_view key, V&& value, entry_options const& options = {}) const {
        prepared(key, std::forward<V>(value), [&](detail::encoded_value const& made) { entries().set(key, made, options); });
    }

    /// Returns: whether it was stored, because there was no such entry.
    template <class V>
    bool add(std::string_view key, V&& value, entry_options const& options = {}) const {
        bool stored = false;
        prepared(key, std::forward<V>(value), [&](detail::encoded_value const& made) { stored = entries().add(key, made, options); });
        return stored;
    }

    evicted erase(std::string_view key) const { return entries().erase({&key, 1}); }
    evicted erase_many(detail::key_list const& keys) const { return entries().erase(keys.all()); }
    /// Whose keys match this glob (`* ? [a-z] [^a] \`).
    evicted erase_pattern(std::string_view glob) const { return entries().erase_pattern(glob); }
    evicted erase_tag(std::string_view tag) const { return entries().erase_tag(tag); }
    /// Forgets what caches stored, in any process, and nothing that wrappers did.
    evicted clear() const { return entries().clear(); }

    bool exists(std::string_view key) const { return entries().exists(key); }
    /// The entry lives so long from now on; 0 or less removes it. Returns: whether there was one.
    template <detail::time_span Span>
    bool expire(std::string_view key, Span lifetime) const {
        return entries().touch(key, detail::saturate(lifetime));
    }
    /// Its own lifetime begins anew. Returns: whether there is such an entry.
    bool touch(std::string_view key) const { return entries().touch(key, std::nullopt); }
    /// What remains; `duration::max()` for an immortal one.
    std::optional<duration> ttl(std::string_view key) const { return entries().ttl(key); }
    std::optional<std::map<std::string, std::string>> metadata(std::string_view key) const { return entries().metadata(key); }
    /// Those that match this glob, sorted.
    std::vector<std::string> keys(std::string_view glob = "*") const { return entries().keys(glob); }

    /// In one round trip, in the order of `keys`.
    template <class T>
    std::vector<std::optional<T>> get_many(detail::key_list const& keys) const {
        if constexpr (detail::is_kept<T>())
            return values<T>().get_many(keys.all());
        else
            return {};
    }

    /// In one round trip. `pairs` is any range of key and value, such as a map; a value that is refused leaves all of them out.
    template <std::ranges::input_range Pairs>
    void set_many(Pairs&& pairs, entry_options const& options = {}) const {
        std::vector<detail::staged_entry> all;
        for (auto&& [key, value] : pairs) {
            auto& fresh = all.emplace_back(detail::staged_entry{std::string{key}});
            prepared(key, value, [&fresh](detail::encoded_value& made) { fresh.value = std::move(made); });
        }
        entries().set_many(all, options);
    }
    /// `c.set_many<int>({{"a", 1}, {"b", 2}})`
    template <class V>
    void set_many(std::initializer_list<std::pair<std::string_view, V>> pairs, entry_options const& options = {}) const {
        set_many(std::span{pairs.begin(), pairs.size()}, options);
    }

    memo::transaction transaction() const {
        entries().check_transactions();
        return memo::transaction{state_.state()};
    }

    // Functions about the values of one type, which is the type in their signature, or `T` where it says none. Several are asked in the
    // order in which they were registered; they run in any thread, and on several at once.

    /// `fn(key, value)` says whether a value may be stored. One that may not be throws value_error for who stores it.
    template <class T = void, class Fn>
    void validator(Fn fn) const {
        using about = detail::value_of_hook<T, Fn>;
        static_assert(detail::validates<about, Fn>,
                      "memo::cache: a validator takes the key and a value of a type that its signature names, and returns bool; write "
                      "[](std::string_view key, user const& value) { ... }");
        if constexpr (detail::is_about_kept<about, detail::validates<about, Fn>>())
            detail::add_validator<about>(entries().hooks, std::move(fn));
    }

    /// `fn(key, value)` returns what is stored instead.
    template <class T = void, class Fn>
    void before_set(Fn fn) const {
        change<detail::value_of_hook<T, Fn>, &detail::typed_hooks::before_set>(std::move(fn));
    }

    /// `fn(key, value)` returns what is shown instead to who asks for it.
    template <class T = void, class Fn>
    void after_get(Fn fn) const {
        change<detail::value_of_hook<T, Fn>, &detail::typed_hooks::after_get>(std::move(fn));
    }

    /// `fn(key)` returns a `T` or a `std::optional<T>`, which fills a miss of `get<T>`; one at a time for equal keys.
    template <class T = void, class Fn>
    void loader(Fn fn) const {
        using about = typename detail::value_of_loader<T, Fn>::type;
        static_assert(detail::loads<about, Fn>,
                      "memo::cache: a loader takes the key and returns a value or a std::optional of one; write "
                      "[](std::string_view key) -> std::optional<user> { ... }");
        if constexpr (detail::is_about_kept<about, detail::loads<about, Fn>>())
            detail::add_loader<about>(entries().hooks, std::move(fn));
    }

    memo::stats stats() const { return entries().statistics(); }
    /// `engine`, `version`, `address` without secrets, `entries`, `bytes`, and what the store tells of itself.
    std::map<std::string, std::string> info() const { return entries().info(); }
    /// The time of a round trip to the store.
    duration ping() const { return entries().ping(); }
    /// `listener` hears of this cache's events, beside those who hear them already; what it throws is counted and dropped.
    void on_event(std::function<void(event const&)> listener) const { entries().hooks.listen(std::move(listener)); }

    /// Writes all entries to one file, for its owner alone; what was there before is replaced when all is written.
    ///
    /// Returns: how many. Throws: error when the file cannot be written; connection_error; what `progress(done, total)` throws.
    std::size_t export_to(std::string const& path, detail::progress_listener const& progress = {}) const {
        return entries().export_to(path, progress);
    }
    /// Stores what `export_to` wrote, over what is there; what remained of their lifetimes begins now.
    ///
    /// Returns: how many. Throws: error for a file that is damaged or none of memo's, when all whole entries have been stored.
    std::size_t import_from(std::string const& path, detail::progress_listener const& progress = {}) const {
        return entries().import_from(path, progress);
    }

private:
    explicit cache(std::shared_ptr<detail::cache_entries> entries) : state_{std::move(entries)} { state_.settle(); }

    detail::cache_entries& entries() const noexcept { return *state_.state(); }
    template <class T>
    detail::cache_values<T> values() const {
        return detail::cache_values<T>{entries()};
    }

    template <class V, class Store>
    void prepared(std::string_view key, V&& value, Store const& store) const {
        using kept = detail::stored_as<V>;
        if constexpr (detail::is_kept<kept>()) {
            entries().check_key(key);
            std::optional<kept> given{detail::to_stored(std::forward<V>(value))};
            auto made = values<kept>().prepare(key, given);
            store(made);
        }
    }

    template <class T, std::vector<detail::typed_hooks::change> detail::typed_hooks::*Into, class Fn>
    void change(Fn fn) const {
        static_assert(detail::changes<T, Fn>,
                      "memo::cache: a hook takes the key and a value of a type that its signature names, and returns the value to use "
                      "instead; write [](std::string_view key, user value) { ...; return value; }");
        if constexpr (detail::is_about_kept<T, detail::changes<T, Fn>>())
            detail::add_change<T, Into>(entries().hooks, std::move(fn));
    }

    detail::anchor<detail::cache_entries> state_;
};

namespace detail {

/// Whether an option means something to a cache.
template <any_option Option>
inline constexpr bool suits_cache = [] {
    using enum option_kind;
    for (auto const kind : {in, clock, jitter, name, no_stats, on_event, store, wait_timeout})
        if (Option::kind == kind)
            return true;
    return false;
}();
template <class Lifetime>
inline constexpr bool suits_cache<ttl_option<Lifetime>> = time_span<Lifetime>;

template <any_option... Options>
constexpr bool suit_cache() {
    constexpr bool right = (suits_cache<Options> && ...);
    constexpr bool once = kind_set{(kind_bit<Options> + ... + 0U)}.bits == kinds_of<Options...>.bits;
    static_assert(right, "memo::cache: one of these options means nothing to a cache; it takes in, clock, ttl (a duration), jitter, name, "
                         "on_event, wait_timeout, store and no_stats");
    static_assert(!right || once, "memo::cache: an option is given twice; give each once");
    return right && once;
}

template <any_option... Options>
std::shared_ptr<cache_entries> make_entries(std::optional<shared_store> const& store, Options... options) {
    if constexpr (suit_cache<Options...>()) {
        using kind = option_kind;
        option_set<Options...> const all{std::move(options)...};
        auto in = space_of(all);
        auto said = read_settings(all, *in, "cache");
        said.plan.injected_clock = all.template has<kind::clock> || in->defaults().clock.has_value();
        if (store)
            said.plan.bytes = in->enter_store(*store).inside();
        auto made = std::make_shared<cache_entries>(std::move(said), in, !all.template has<kind::no_stats>);
        if constexpr (all.template has<kind::on_event>)
            made->hooks.listen(all.template get<kind::on_event>().value);
        in->enter(made);
        return made;
    } else {
        return nullptr;
    }
}

}  // namespace detail
}  // namespace memo
