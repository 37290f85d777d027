#pragma once

#include <memo/store/byte_store.hpp>
#include <memo/store/encoded.hpp>

#include <string>

namespace memo {

/// A part of a store: everything in it stands behind `prefix`, families and tags, and what is evicted by scope, text, pattern or
/// tag goes no further. Prefixes nest: the outer one stands behind the inner one.
///
///     auto const mine = memo::prefixed(memo::memory_bytes_store{}, "shop:");
///
/// A prefix that begins another one, `shop` and `shop2:`, reaches into it; a colon at the end keeps them apart.
///
/// Requires: `prefix` has 1 to 128 bytes, and does not begin with `#`.
/// Throws:   config_error for another prefix; else what `store` throws.
/// Threads:  as `store`.
/// Cost:     one copy of each family and tag.
shared_store prefixed(shared_store store, std::string prefix);

}  // namespace memo
