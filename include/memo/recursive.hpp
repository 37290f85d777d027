#pragma once

#include <memo/cached.hpp>
#include <memo/call/face.hpp>
#include <memo/call/signature.hpp>
#include <memo/call/verdict_recursive.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace memo {

namespace detail {

template <class Signature, class Body, class... Options>
class recursive_function;

/// A callable that is handed the wrapper itself, so that its inner calls are memoized too.
template <class Signature, class Body, class... Options>
struct recursive_body {
    using wants_self = void;
    Body body;

    template <class State, class... A>
    decltype(auto) run(std::shared_ptr<State> state, A&&... arguments) {
        recursive_function<Signature, Body, Options...> self{std::move(state)};
        return body(self, std::forward<A>(arguments)...);
    }
};

template <class Verdict, class Signature, class Body, class... Options>
struct recursive_base {
    using type = refused<Signature>;
};
template <class Signature, class Body, class... Options>
struct recursive_base<acquitted, Signature, Body, Options...> {
    using state = memoized_for<recursive_body<Signature, Body, Options...>, Signature, void, Options...>;
    using type = handle<face, state, Signature, types<>, true>;
};

/// What `memo::recursive` makes.
template <class Signature, class Body, class... Options>
class recursive_function
    : public recursive_base<recursive_verdict<Signature, Body, Options...>, Signature, Body, Options...>::type {
    using verdict = recursive_verdict<Signature, Body, Options...>;
    using base = typename recursive_base<verdict, Signature, Body, Options...>::type;

public:
    explicit recursive_function(Body body, Options... options)
        requires is_right<verdict>
        : base{make_state<typename base::state_type>(recursive_body<Signature, Body, Options...>{std::move(body)}, "unnamed",
                                                     std::move(options)...)} {}

    explicit recursive_function(std::shared_ptr<typename base::state_type> state)
        requires is_right<verdict>
        : base{std::move(state)} {}

    template <class... Anything>
        requires(!is_right<verdict>)
    explicit recursive_function(Anything&&...) {}

private:
    [[no_unique_address]] verdict sentence_;
};

}  // namespace detail

/// Memoizes a function that calls itself, the inner calls too:
/// `auto fib = memo::recursive<long(int)>([](auto& self, int n) -> long { return n < 2 ? n : self(n - 1) + self(n - 2); });`
///
/// Returns: a wrapper as `memo::cached` makes it, with the same options and verbs.
/// Threads: any, also within one computation. A call that would wait for itself throws recursion_error.
/// Cost:    each level of a cold computation stands on the stack, as it does without memo.
template <class Signature, class Body, class... Options>
auto recursive(Body body, Options... options) {
    return detail::recursive_function<Signature, Body, Options...>{std::move(body), std::move(options)...};
}

}  // namespace memo
