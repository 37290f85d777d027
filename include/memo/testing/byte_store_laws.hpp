#pragma once

#include <memo/base/clock.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/testing/byte_crowd_laws.hpp>
#include <memo/testing/byte_entry_laws.hpp>
#include <memo/testing/byte_eviction_laws.hpp>
#include <memo/testing/byte_lifetime_laws.hpp>
#include <memo/testing/byte_scan_laws.hpp>
#include <memo/testing/byte_ticket_laws.hpp>
#include <memo/testing/byte_transaction_laws.hpp>
#include <memo/testing/byte_trial.hpp>

#include <functional>
#include <utility>

namespace memo::testing {

/// Holds the stores that `make` returns to the contract of `byte_store`, as far as their abilities go.
///
///     memo::manual_clock clock;
///     memo::testing::byte_store_laws([&] { return my_store{clock}; }, [&](memo::duration span) { clock.advance(span); });
///
/// Requires: `make()` gives a `shared_store` that is empty, with room for 1,000 entries and 8 MiB; `pass(span)` lets that much of
/// the
///           time go by in which its lifetimes are told. `again(store)`, where a store can have them, gives another handle on the
///           same store: a connection, a process's view.
/// Throws:   law_broken.
/// Threads:  starts some of its own.
/// Cost:     some 20,000 operations.
template <class Make, class Pass>
void byte_store_laws(Make make, Pass pass, std::function<shared_store(shared_store const&)> again = {}) {
    detail::byte_workshop const workshop{std::move(make), std::move(pass), std::move(again)};
    detail::byte_entry_laws{workshop}.run();
    detail::byte_eviction_laws{workshop}.run();
    detail::byte_lifetime_laws{workshop}.run();
    detail::byte_scan_laws{workshop}.run();
    detail::byte_ticket_laws{workshop}.run();
    detail::byte_transaction_laws{workshop}.run();
    detail::byte_crowd_laws{workshop}.run();
}

}  // namespace memo::testing
