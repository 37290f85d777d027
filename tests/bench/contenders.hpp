#pragma once

#include <memo/base/hash.hpp>
#include <memo/base/key_view.hpp>
#include <memo/cached.hpp>
#include <memo/options.hpp>
#include <memo/store/concept.hpp>
#include <memo/store/memory.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// All that the benchmarks know of the inside of memo.
namespace contenders {

template <class Value>
using results_of = memo::detail::holding<Value, false, false>;

/// The typed memory store alone, as `memo::cached` makes it: a key is hashed, and its place is asked. No arguments are written,
/// no clock is read, nothing is counted but what the store counts itself.
template <class Key, class Value>
class engine {
public:
    explicit engine(std::size_t bound) : store_{limits(bound)} {}

    Value find(Key const& key) {
        auto held = store_.get(view(key), {});
        if (!held) return Value{};
        if constexpr (std::is_same_v<held_type, Value>)
            return *held;
        else
            return **held;
    }

    void put(Key const& key, Value const& value) {
        if constexpr (std::is_same_v<held_type, Value>)
            store_.set(view(key), value, {}, 0);
        else
            store_.set(view(key), std::make_shared<Value const>(value), {}, value.capacity());
    }

    std::size_t bytes() const {
        memo::stats sum;
        store_.count_into(sum);
        return sum.bytes;
    }

private:
    using held_type = typename results_of<Value>::held;
    using order = typename memo::detail::chosen_order<memo::detail::option_set<>>::type;
    using store = memo::detail::memory_store<held_type, order>;

    static memo::detail::memory_limits limits(std::size_t bound) {
        memo::detail::memory_limits chosen;
        chosen.entries = bound;
        chosen.exact_order = memo::detail::wants_exact_order(chosen, false);
        return chosen;
    }

    static memo::detail::key_view view(std::int64_t const& number) {
        return view(std::string_view{reinterpret_cast<char const*>(&number), sizeof number});
    }
    static memo::detail::key_view view(std::string_view bytes) { return {memo::detail::place_of(bytes), bytes, {}}; }

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
