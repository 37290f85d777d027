#pragma once

#include <memo/store/concept.hpp>
#include <memo/testing/age_laws.hpp>
#include <memo/testing/entry_laws.hpp>
#include <memo/testing/lease_laws.hpp>
#include <memo/testing/renewal_laws.hpp>
#include <memo/testing/store_trial.hpp>

namespace memo::testing {

/// Holds the stores that `make` returns to the contract of `result_store`: what is stored is found under its key until
/// it is replaced, evicted or gone, fresh or stale by its age; a run stores only while its lease stands; and what stands is
/// decided by evictions and by order.
///
/// Requires: `make()` gives a fresh store, with room for 100 entries of weight 1, that sweeps at least once an hour;
///           `result(number)` makes results that compare equal for equal numbers only.
/// Throws:   law_broken.
/// Threads:  starts some of its own.
template <memo::detail::result_store Store, class Make, class Result = numbered_result<typename Store::value_type>>
void store_laws(Make make, Result result = {}) {
    memo::detail::entry_laws<Store, Make, Result>{make, result}.run();
    memo::detail::age_laws<Store, Make, Result>{make, result}.run();
    memo::detail::lease_laws<Store, Make, Result>{make, result}.run();
    memo::detail::renewal_laws<Store, Make, Result>{make, result}.run();
}

}  // namespace memo::testing
