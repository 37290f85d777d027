#pragma once

#include <memo/base/epoch.hpp>
#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>
#include <memo/base/stats.hpp>
#include <memo/cached.hpp>
#include <memo/call/holding.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/settings.hpp>
#include <memo/key/scalar.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/memory.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

/// All that the benchmarks know of the inside of memo.
namespace contenders {

/// A key as the store is asked for it, and as it stores it: a number, or a text as it stands.
inline memo::detail::short_key sought(std::int64_t number) noexcept { return memo::detail::short_key_of(number); }
inline memo::detail::key_view sought(std::string_view text) noexcept { return {memo::detail::place_of(text), text, {}}; }
inline memo::detail::key_view stored(memo::detail::short_key const& key) noexcept {
    return key.view();
}
inline memo::detail::key_view stored(memo::detail::key_view const& key) noexcept { return key; }

/// The typed memory store alone, as `memo::cached` makes it: a key is hashed, and its place is asked. No clock is read, nothing
/// is counted but what the store counts itself.
template <class Key, class Value>
class engine {
public:
    explicit engine(std::size_t bound) : store_{limits(bound)} {}

    [[gnu::always_inline]] Value find(Key const& key) {
        auto const asked = sought(key);
        if constexpr (requires { store_.look(asked, {}); })
            if (auto const seen = store_.look(asked, {})) return value_of(*seen);
        return find_farther(key);
    }

    void put(Key const& key, Value const& value) {
        auto held = results::hold(value);
        auto const owned = results::owned(held);
        store_.set(stored(sought(key)), std::move(held), {}, owned);
    }

    std::size_t bytes() const {
        memo::stats sum;
        store_.count_into(sum);
        return sum.bytes;
    }

private:
    using given = std::conditional_t<std::is_arithmetic_v<Key>, Key, Key const&>;
    /// Under the lock, where a miss of `memo::cached` asks, too.
    [[gnu::noinline]] Value find_farther(given key) {
        auto const found = store_.recall(stored(sought(key)), {});
        return found ? value_of(found->result) : Value{};
    }

    using results = memo::detail::holding<Value, false, false>;
    using held_type = typename results::held;
    using order = typename memo::detail::chosen_order<memo::detail::option_set<>>::type;
    static constexpr auto copies = std::is_arithmetic_v<Key> ? memo::detail::copies::beside_keys : memo::detail::copies::none;
    using store = memo::detail::memory_store<held_type, order, copies>;

    static memo::detail::memory_limits limits(std::size_t bound) {
        memo::detail::memory_limits chosen;
        chosen.entries = bound;
        chosen.exact_order = memo::detail::wants_exact_order(chosen, false);
        return chosen;
    }

    static Value value_of(held_type const& held) {
        return results::inside(held);
    }

    store store_;
};

/// `memo::cached` as a user writes it.
template <class Wrapper>
class called {
public:
    explicit called(Wrapper made) : wrapper_{std::move(made)} {}

    template <class Key>
    auto find(Key const& key) {
        return wrapper_(key);
    }
    /// Makes its results itself.
    template <class Key, class Value>
    void put(Key const& key, Value const&) {
        static_cast<void>(wrapper_(key));
    }

    std::size_t bytes() const { return wrapper_.stats().bytes; }

private:
    Wrapper wrapper_;
};

}  // namespace contenders
