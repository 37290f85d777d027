#pragma once

namespace memo::detail {

/// Whether `memo::testing::disable()` is in force somewhere: calls just run.
bool disabled() noexcept;

/// Scopes in force, counted up and down.
void disable(int more) noexcept;

}  // namespace memo::detail
