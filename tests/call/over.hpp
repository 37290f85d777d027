#pragma once

#include <memo/cached.hpp>
#include <memo/call/face.hpp>
#include <memo/call/holding.hpp>
#include <memo/call/memoized.hpp>
#include <memo/call/option_set.hpp>
#include <memo/call/signature.hpp>
#include <memo/policy/lru.hpp>
#include <memo/store/memory.hpp>

#include <utility>

/// A wrapper as `memo::cached` makes it, over a store that is decorated: `over<memo::testing::faulty, int(int)>(f, options...)`.
template <template <class> class Decorated, class Signature, class F, class... Options>
class wrapper_over
    : public memo::detail::handle<
          memo::detail::face,
          memo::detail::memoized<
              F, Signature, memo::detail::option_set<Options...>, void,
              Decorated<memo::detail::memory_store<
                  typename memo::detail::holding<memo::detail::result_of<Signature>,
                                                 memo::detail::option_set<Options...>::template has<
                                                     memo::detail::option_kind::shared>,
                                                 memo::detail::option_set<Options...>::template has<
                                                     memo::detail::option_kind::cache_errors>>::held,
                  memo::lru_order>>>,
          Signature, memo::detail::types<>, true> {
    using base = typename wrapper_over::handle;

public:
    explicit wrapper_over(F f, Options... options)
        : base{memo::detail::make_state<typename base::state_type>(std::move(f), "unnamed", std::move(options)...)} {}
};

template <template <class> class Decorated, class Signature, class F, class... Options>
auto over(F f, Options... options) {
    return wrapper_over<Decorated, Signature, F, Options...>{std::move(f), std::move(options)...};
}
