#pragma once

#include <cstdio>
#include <cstdlib>

#ifndef MEMO_VALIDATE
#define MEMO_VALIDATE 0
#endif

namespace memo::detail {

/// What a store does first when it ends: where memo is built for tests (`-Dvalidate=true`) the process ends with one that is broken.
template <class Store>
void check_at_end([[maybe_unused]] Store const& store) noexcept {
    if constexpr (MEMO_VALIDATE != 0) {
        if (!store.validate()) {
            static_cast<void>(std::fputs("memo: a store is broken at its end: validate() is false\n", stderr));
            std::abort();
        }
    }
}

}  // namespace memo::detail
