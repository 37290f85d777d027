#pragma once

// RapidJSON adds to null pointers while its stacks are empty: harmless, but UndefinedBehaviorSanitizer says so each time.
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <cereal/archives/json.hpp>
#ifdef __clang__
#pragma clang attribute pop
#endif
