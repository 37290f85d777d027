#pragma once

#include <memo/call/signature.hpp>
#include <memo/call/verdict.hpp>
#include <memo/call/verdict_refused.hpp>
#include <memo/call/verdict_result.hpp>

#include <type_traits>

namespace memo::detail {

enum class property_fault { none, no_getter, parameters, nothing, view, one_shot, uncopyable };

template <property_fault Fault>
struct property_sentences {
    using enum property_fault;
    static_assert(Fault != no_getter,
                  "memo::cached_property: this is no getter; give &C::getter, a member function without parameters");
    static_assert(Fault != parameters,
                  "memo::cached_property: the getter takes parameters and a property is one value per object; use "
                  "memo::cached_method");
    static_assert(Fault != nothing,
                  "memo::cached_property: the getter returns void; return the value that the property keeps");
    static_assert(Fault != view,
                  "memo::cached_property: the getter returns a pointer, a view or a reference that can be written "
                  "through; return "
                  "an owning value");
    static_assert(
        Fault != one_shot,
        "memo::cached_property: what the getter returns can be read only once (a future, an awaitable or a generator); "
        "return the value itself");
    static_assert(Fault != uncopyable,
                  "memo::cached_property: what the getter returns cannot be copied; return a std::shared_ptr to it");
};

template <class Getter>
constexpr property_fault judge_getter() {
    using member = member_traits<Getter>;
    if constexpr (!member::is_function || std::is_void_v<typename member::signature>) {
        return property_fault::no_getter;
    } else if constexpr (arity_of<typename member::signature> != 0) {
        return property_fault::parameters;
    } else {
        switch (judge_result<typename member::signature>()) {
            case result_fault::nothing:
                return property_fault::nothing;
            case result_fault::reference:
            case result_fault::view:
                return property_fault::view;
            case result_fault::one_shot:
                return property_fault::one_shot;
            case result_fault::move_only:
            case result_fault::immovable:
                return property_fault::uncopyable;
            case result_fault::none:
                break;
        }
        return property_fault::none;
    }
}

template <class Getter>
constexpr auto judge_property() {
    constexpr auto getter = judge_getter<Getter>();
    if constexpr (getter != property_fault::none) {
        return std::type_identity<property_sentences<getter>>{};
    } else {
        return std::type_identity<acquitted>{};
    }
}

/// What is to be said of `memo::cached_property<&C::getter>`, as `cached_verdict` says it of `memo::cached`.
template <class Getter>
using property_verdict = typename decltype(judge_property<Getter>())::type;

template <class Getter>
struct property_parts {
    using object = anything;
    using value = anything;
};

template <class Getter>
    requires is_right<property_verdict<Getter>>
struct property_parts<Getter> {
    using member = member_traits<Getter>;
    using object = std::conditional_t<member::is_const, typename member::object const, typename member::object>;
    using value = result_of<typename member::signature>;
};

/// The object that the getter is called on, const as the getter is; `anything` where the property was refused.
template <class Getter>
using property_object = typename property_parts<Getter>::object;

/// The value that the property keeps; `anything` where it was refused.
template <class Getter>
using property_value = typename property_parts<Getter>::value;

}  // namespace memo::detail
