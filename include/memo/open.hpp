#pragma once

#include <memo/manager.hpp>
#include <memo/store/byte_store.hpp>
#include <memo/store/encoded.hpp>

#include <string_view>

namespace memo {

/// A store by its address.
///
/// - `memory:?max_size=1000&max_bytes=64MiB`: in this process; every one is a store of its own.
/// - `sqlite:cache.db?max_bytes=1GiB&max_size=100000&mode=fast&timeout=100ms&bulk_timeout=10s`, `sqlite:/var/cache/app.db?mode=durable`: a
///   file; equal files share entries.
/// - `redis://user:password@host:6379/0?pool=8&timeout=100ms&connect_timeout=250ms&bulk_timeout=10s&max_reply=64MiB`, and
///   `redis+unix://user:password@/run/redis.sock?db=0`: a server; equal servers share entries. It need not be there yet.
///
/// Each takes `prefix=p:`, which stands in front of all it stores. Parts of the URL that are text take `%40` for an `@`, and so on.
/// Programs that must not hold a password use a configuration with `password_env` or `password_file`: `memo::manager::from_config`.
///
/// Throws:  config_error for a URL that is not just so, or a store that this memo was built without. No message shows a password.
/// Threads: any.
shared_store open(std::string_view url);

}  // namespace memo
