#pragma once

/// The everyday umbrella: decorators, keys, class members, the in-memory store, policies and the manager. Never a disk, a
/// network or a serialization library.

#include <memo/base/cache_key.hpp>
#include <memo/base/error.hpp>
#include <memo/base/event.hpp>
#include <memo/base/evicted.hpp>
#include <memo/base/size_explanation.hpp>
#include <memo/base/stats.hpp>
#include <memo/cache_evict.hpp>
#include <memo/cached.hpp>
#include <memo/cached_property.hpp>
#include <memo/key/function.hpp>
#include <memo/key/traits.hpp>
#include <memo/key/writer.hpp>
#include <memo/manager.hpp>
#include <memo/options.hpp>
#include <memo/policy/adaptive.hpp>
#include <memo/policy/concept.hpp>
#include <memo/policy/cost_aware.hpp>
#include <memo/policy/fifo.hpp>
#include <memo/policy/lfu.hpp>
#include <memo/policy/lru.hpp>
#include <memo/policy/random.hpp>
#include <memo/policy/s3_fifo.hpp>
#include <memo/policy/sieve.hpp>
#include <memo/policy/w_tinylfu.hpp>
#include <memo/recursive.hpp>
