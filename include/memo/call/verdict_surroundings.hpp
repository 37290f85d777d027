#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/call/option.hpp>
#include <memo/call/verdict_words.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace memo {
class manager;
}

namespace memo::detail {

enum class surroundings_fault { none, name, version, listener, clock, manager };

template <surroundings_fault Fault>
struct surroundings_sentences {
    using enum surroundings_fault;
    static_assert(Fault != name, "memo::name: the name is no text; give a string such as memo::name of users.get");
    static_assert(Fault != version, "memo::version: the version is no integer; count upwards, memo::version(2)");
    static_assert(
        Fault != listener,
        "memo::on_event: the listener cannot be called with an event; give a function that takes memo::event const&");
    static_assert(Fault != clock,
                  "memo::clock: this tells no time; give an object whose now() returns a std::chrono::time_point");
    static_assert(Fault != manager, "memo::in: this is no memo::manager; give one, it must outlive the wrapper");
};

template <class T>
concept text_like = std::is_convertible_v<T const&, std::string_view> && !std::is_same_v<T, std::nullptr_t>;

/// Judges what a wrapper is known by and what it speaks to.
template <class... Options>
constexpr surroundings_fault judge_surroundings() {
    using name = value_of<option_kind::name, Options...>;
    using version = value_of<option_kind::version, Options...>;
    using listener = value_of<option_kind::on_event, Options...>;
    using clock = value_of<option_kind::clock, Options...>;
    using home = value_of<option_kind::in, Options...>;
    if constexpr (given<name> && !text_like<name>) {
        return surroundings_fault::name;
    } else if constexpr (given<version> && !whole_number<version>) {
        return surroundings_fault::version;
    } else if constexpr (given<listener> && !std::is_invocable_v<listener&, event const&>) {
        return surroundings_fault::listener;
    } else if constexpr (given<clock> && !time_teller<clock>) {
        return surroundings_fault::clock;
    } else if constexpr (given<home> && !std::is_convertible_v<home, memo::manager*>) {
        return surroundings_fault::manager;
    } else {
        return surroundings_fault::none;
    }
}

}  // namespace memo::detail
