#pragma once

namespace memo::detail {

/// Whether `address` lies in what the program or one of its loaded libraries brought along: its globals, static members and
/// statics of functions. Heap, stacks and `thread_local` objects do not.
///
/// Threads: any.
/// Cost:    a look at the segments of each loaded library, under the loader's lock.
bool in_static_storage(void const* address) noexcept;

}  // namespace memo::detail
