#pragma once

#include <memo/base/clock.hpp>
#include <memo/base/event.hpp>
#include <memo/base/executor.hpp>
#include <memo/call/option.hpp>
#include <memo/call/verdict_words.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace memo {
class manager;
}

namespace memo::detail {

enum class surroundings_fault {
    none,
    name,
    version,
    listener,
    clock,
    clock_gone,
    executor,
    executor_gone,
    manager,
    manager_gone,
};

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
    static_assert(
        Fault != clock_gone,
        "memo::clock: a temporary is kept by value and this one cannot be copied; give a variable, which is kept by "
        "reference and must outlive the wrapper");
    static_assert(Fault != executor,
                  "memo::executor: this takes no work; give an object with execute(std::function<void()>)");
    static_assert(
        Fault != executor_gone,
        "memo::executor: a temporary is kept by value and this one cannot be copied; give a variable, which is kept by "
        "reference and must outlive the wrapper");
    static_assert(Fault != manager, "memo::in: this is no memo::manager; give one, it must outlive the wrapper");
    static_assert(Fault != manager_gone,
                  "memo::in: a temporary manager is gone before the first call; give a variable");
};

template <class T>
concept text_like = std::is_convertible_v<T const&, std::string_view> && !std::is_same_v<T, std::nullptr_t>;

template <class Option>
inline constexpr surroundings_fault surroundings_fault_of = surroundings_fault::none;

template <class Text>
inline constexpr surroundings_fault surroundings_fault_of<name_option<Text>> =
    text_like<Text> ? surroundings_fault::none : surroundings_fault::name;

template <class Number>
inline constexpr surroundings_fault surroundings_fault_of<version_option<Number>> =
    whole_number<Number> ? surroundings_fault::none : surroundings_fault::version;

template <class Fn>
inline constexpr surroundings_fault surroundings_fault_of<on_event_option<Fn>> =
    std::is_invocable_v<Fn&, event const&> ? surroundings_fault::none : surroundings_fault::listener;

template <class Clock>
inline constexpr surroundings_fault surroundings_fault_of<clock_option<Clock>> =
    !time_teller<Clock>                 ? surroundings_fault::clock
    : std::is_rvalue_reference_v<Clock> ? surroundings_fault::clock_gone
                                        : surroundings_fault::none;

template <class Executor>
inline constexpr surroundings_fault surroundings_fault_of<executor_option<Executor>> =
    !work_taker<Executor>                  ? surroundings_fault::executor
    : std::is_rvalue_reference_v<Executor> ? surroundings_fault::executor_gone
                                           : surroundings_fault::none;

template <class Space>
inline constexpr surroundings_fault surroundings_fault_of<in_option<Space>> =
    !std::is_convertible_v<std::remove_reference_t<Space>*, memo::manager*> ? surroundings_fault::manager
    : std::is_rvalue_reference_v<Space>                                     ? surroundings_fault::manager_gone
                                                                            : surroundings_fault::none;

/// Judges what a wrapper is known by and what it speaks to.
template <class... Options>
constexpr surroundings_fault judge_surroundings() {
    return first_of({surroundings_fault::none, surroundings_fault_of<Options>...});
}

}  // namespace memo::detail
