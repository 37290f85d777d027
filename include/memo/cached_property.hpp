#pragma once

#include <memo/base/clock.hpp>
#include <memo/cached.hpp>
#include <memo/call/binding.hpp>
#include <memo/call/once.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_method.hpp>
#include <memo/call/verdict_property.hpp>
#include <memo/options.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace memo {

namespace detail {

template <class Member>
using method_object = std::conditional_t<member_traits<Member>::is_const, typename member_traits<Member>::object const,
                                         typename member_traits<Member>::object>;

template <class Verdict, class Member, class... Options>
struct method_base {
    using type = refused<method_signature_of<Member, Options...>, typename member_traits<Member>::object>;
};
template <class Member, class... Options>
struct method_base<acquitted, Member, Options...> {
    using signature = method_signature_of<Member, Options...>;
    using object = method_object<Member>;
    using type = handle<face, memoized_for<Member, signature, object, Options...>, signature, types<object>, true>;
};

}  // namespace detail

/// Memoizes a member function for all objects of its class:
/// `inline static auto load_ = memo::cached_method(&service::load, memo::instance_key(&service::tenant), memo::ttl(5min));`
///
/// One option says what of the object enters the key: `instance_key(&C::member...)`, `any_instance` or `each_instance`. In a
/// readable key the object's part stands in front: `acme:user:42`. The wrapper takes the object first, `load_(s, 42)`;
/// `MEMO_METHOD` binds it to the object.
///
/// Returns, Throws, Threads, Cost: as `memo::cached`. With `each_instance` an object that has no `MEMO_METHOD` of this wrapper
/// has no identity, and its calls just run.
template <class Member, class... Options>
class cached_method
    : public detail::method_base<detail::method_verdict<Member, Options...>, Member, Options...>::type {
    using verdict = detail::method_verdict<Member, Options...>;
    using base = typename detail::method_base<verdict, Member, Options...>::type;

public:
    explicit cached_method(Member member, Options... options)
        requires detail::is_right<verdict>
        : base{detail::make_state<typename base::state_type>(std::move(member), detail::callable_name<Member>(),
                                                             std::move(options)...)} {}

    template <class... Anything>
        requires(!detail::is_right<verdict>)
    explicit cached_method(Anything&&...) {}

private:
    [[no_unique_address]] verdict sentence_;
};

template <class Member, class... Options>
cached_method(Member, Options...) -> cached_method<Member, Options...>;
cached_method(...) -> cached_method<detail::overloaded_name>;

/// How long a property keeps its value.
struct property_options {
    detail::lifetime ttl{};
    detail::lifetime idle{};           ///< not read for so long: gone
    detail::time_source clock{};       ///< default: the steady clock
};

/// One value per object, computed by a getter at first use:
/// `memo::cached_property<&shape::area> area_{this, {.ttl = 60s}};`
///
/// A copy of the object carries the value along, a move leaves the source empty, and the property stays bound to the object
/// that it stands in.
///
/// Throws:  what the getter throws, which is tried again next time; recursion_error from a getter that asks for itself.
/// Threads: any; concurrent first accesses share one run.
template <auto Getter>
class cached_property {
    using getter = decltype(Getter);
    using object = detail::property_object<getter>;
    using value = detail::property_value<getter>;

public:
    explicit cached_property(object* self, property_options options = {})
        : offset_{reinterpret_cast<std::byte const*>(this) - reinterpret_cast<std::byte const*>(self)},
          once_{options.ttl.value, options.idle.value, std::move(options.clock)} {}

    cached_property(cached_property const&) = default;
    cached_property(cached_property&&) = default;
    /// The value comes over; the object that it is of stays.
    cached_property& operator=(cached_property const& other) {
        once_ = other.once_;
        return *this;
    }
    cached_property& operator=(cached_property&& other) {
        once_ = std::move(other.once_);
        return *this;
    }
    ~cached_property() = default;

    value operator()() const {
        return once_.get([this]() -> value { return std::invoke(Getter, owner()); });
    }

    /// The value while it is fresh, never a run.
    std::optional<value> peek() const { return once_.peek(); }
    void set(value given) { once_.set(std::move(given)); }
    /// Forgets the value; a run in flight will not be kept.
    void reset() { once_.reset(); }

private:
    object& owner() const noexcept {
        auto const* const at = reinterpret_cast<std::byte const*>(this) - offset_;
        return *const_cast<object*>(reinterpret_cast<object const*>(at));
    }

    std::ptrdiff_t offset_;
    mutable detail::once<value> once_;
    [[no_unique_address]] detail::property_verdict<getter> sentence_;
};

}  // namespace memo

/// Declares a member object `name` that is called like the method that `wrapper` memoizes, or whose calls evict, and carries
/// the wrapper's verbs without the object: `s.name(42)`, `s.name.evict(42)`. It takes no bytes, except with `each_instance`.
///
/// Requires: `wrapper` is a static member, declared before, of this very class.
#define MEMO_METHOD(name, wrapper_)                                                                                  \
    struct memo_place_of_##name {                                                                                    \
        static decltype(wrapper_) const& wrapper() noexcept { return wrapper_; }                                     \
        template <class Object>                                                                                      \
        static std::ptrdiff_t offset() noexcept {                                                                    \
            return ::memo::detail::offset_of(&Object::name);                                                         \
        }                                                                                                            \
    };                                                                                                               \
    [[no_unique_address]] typename ::memo::detail::binding<std::remove_const_t<decltype(wrapper_)>,                  \
                                                           memo_place_of_##name>::type name;
