#pragma once

#include <memo/call/face.hpp>
#include <memo/call/instances.hpp>
#include <memo/call/mutation.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_refused.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// How far into an object its member stands.
template <class Object, class Member>
std::ptrdiff_t offset_of(Member Object::*member) noexcept {
    static_assert(sizeof member == sizeof(std::ptrdiff_t), "memo: pointers to data members are offsets in the Itanium C++ ABI");
    return std::bit_cast<std::ptrdiff_t>(member);
}

/// What a method's wrapper knows of its object's class: const as the method is.
template <class Wrapper>
using bound_object = std::remove_reference_t<decltype(std::declval<typename Wrapper::state_type::owner&>().object)>;

/// The object of a member that stands at `Place` in it.
template <class Place, class Wrapper, class Self>
bound_object<Wrapper>& object_around(Self const& self) noexcept {
    using object = bound_object<Wrapper>;
    auto const* const at = reinterpret_cast<std::byte const*>(&self) - Place::template offset<std::remove_const_t<object>>();
    return *const_cast<object*>(reinterpret_cast<object const*>(at));
}

/// The number of an object that has results of its own, from its birth to its end. A copy or a move is a new object;
/// assignment forgets what was known of the one that is assigned to.
template <class State>
class object_identity {
public:
    object_identity(std::shared_ptr<State> state, void const* object)
        : state_{std::move(state)}, object_{object}, number_{state_->objects().enter(object, this)} {}
    object_identity(object_identity const&) = delete;
    object_identity& operator=(object_identity const&) = delete;
    ~object_identity() {
        state_->objects().leave(object_, number_);
        static_cast<void>(state_->evict_object(number_));
    }

    std::uint64_t number() const noexcept { return number_; }
    void forget() const noexcept {
        static_cast<void>(state_->fence.own.raised_for([this] { return state_->evict_object(number_); }));
    }

private:
    std::shared_ptr<State> state_;
    void const* object_;
    std::uint64_t number_;
};

template <class Wrapper>
inline constexpr bool numbers_objects = false;
template <class Wrapper>
    requires(Wrapper::state_type::numbers_objects)
inline constexpr bool numbers_objects<Wrapper> = true;

/// The member object that `MEMO_METHOD` declares: called like the method, with the wrapper's verbs, without the object.
/// It takes no bytes; where it stands in the object tells the object.
template <template <class, class, class, class, bool> class Face, class Wrapper, class Place, bool Const, bool Numbered>
class bound : public Face<bound<Face, Wrapper, Place, Const, Numbered>, typename Wrapper::state_type,
                          typename Wrapper::memo_signature, types<>, Const> {
    using state = typename Wrapper::state_type;

public:
    state& state_of_cache() const noexcept { return *Place::wrapper().inside(); }
    auto owner_of_call() const noexcept { return typename state::owner{object_around<Place, Wrapper>(*this)}; }
};

/// The same for an object that has results of its own: it carries the number.
template <template <class, class, class, class, bool> class Face, class Wrapper, class Place, bool Const>
class bound<Face, Wrapper, Place, Const, true>
    : public Face<bound<Face, Wrapper, Place, Const, true>, typename Wrapper::state_type, typename Wrapper::memo_signature,
                  types<>, Const> {
    using state = typename Wrapper::state_type;

public:
    bound() : identity_{Place::wrapper().inside(), &object_around<Place, Wrapper>(*this)} {}
    bound(bound const&) : bound{} {}
    bound& operator=(bound const&) noexcept {
        identity_.forget();
        return *this;
    }

    state& state_of_cache() const noexcept { return *Place::wrapper().inside(); }
    auto owner_of_call() const noexcept {
        return typename state::owner{object_around<Place, Wrapper>(*this), identity_.number()};
    }

private:
    object_identity<state> identity_;
};

template <class Wrapper, class Place>
struct binding {
    static constexpr bool is_const = std::is_const_v<bound_object<Wrapper>>;
    using type = bound<mutating_face, Wrapper, Place, is_const, false>;
};
template <class Wrapper, class Place>
    requires requires { requires Wrapper::stores_results; }
struct binding<Wrapper, Place> {
    static constexpr bool is_const = std::is_const_v<bound_object<Wrapper>>;
    using type = bound<face, Wrapper, Place, is_const, numbers_objects<Wrapper>>;
};

/// A refused wrapper was said to be wrong already; what is bound to it makes no second error.
template <class Wrapper, class Place>
    requires requires { requires Wrapper::is_refused; }
struct binding<Wrapper, Place> {
    using type = refused<typename Wrapper::memo_signature, typename Wrapper::memo_object>;
};

}  // namespace memo::detail
